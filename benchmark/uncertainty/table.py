"""The table of how sure a result is, for people and for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from tabulate import tabulate

from benchmark.identifiability.quantities import quantity_values
from benchmark.problem.problem import Problem
from benchmark.report.formats import figure
from benchmark.uncertainty.bootstrap import Bootstrap
from benchmark.uncertainty.digits import digits_of, interval_text, with_digits
from benchmark.uncertainty.estimates import Uncertainty

INTERVAL = ("lower_95", "upper_95")
BOOTSTRAP = ("bootstrap_standard_deviation", "bootstrap_lower_95", "bootstrap_upper_95")
OPEN = "open"  # what the recordings leave without a bound


class Findings(NamedTuple):
    """What is known of how sure a result is.

    Attributes
    ----------
    run
        Which run it is of.
    table
        A line a quantity, with its unit, in which its figures are.
    faults
        What keeps the bones from being made of mass.
    remarks
        What holds for the result as a whole.
    """

    run: str
    table: pd.DataFrame
    faults: Sequence[str]
    remarks: Sequence[str]

    def text(self) -> str:
        """For people."""
        bones = self.faults or ("physically consistent",)
        parts = [_printed(self.table), *(f"bones: {line}" for line in bones), *(f"note: {r}" for r in self.remarks)]
        return "\n".join([self.run, "", parts[0], "", *parts[1:]])

    def files(self) -> dict[str, bytes]:
        """For programs, by the ending of the file's name; JSON has null for what is not finite."""
        lines = json.loads(self.table.to_json(orient="records", double_precision=15))
        content = {"run": self.run, "quantities": lines, "bones": list(self.faults), "remarks": list(self.remarks)}
        return {".csv": self.table.to_csv(index=False).encode(), ".json": (json.dumps(content) + "\n").encode()}


def uncertainty_table(problem: Problem, found: Uncertainty, again: Bootstrap | None = None) -> pd.DataFrame:
    """Quantities with their unit, intervals, true values, classes and causes, a line each.

    What the recordings leave open has no interval of the bootstrap, as that stays where it started.

    Parameters
    ----------
    problem
        The problem.
    found
        How sure its result is.
    again
        The bootstrap of the same result; None for none.
    """
    table = pd.DataFrame(found.estimates).rename(
        columns={"name": "parameter", "value": "identified", **dict(zip(("lower", "upper"), INTERVAL, strict=True))}
    )
    if again is not None:
        figures = np.column_stack([again.standard_deviations, *again.intervals])
        by_name = pd.DataFrame(figures, index=pd.Index(again.names), columns=list(BOOTSTRAP))
        known = np.isfinite(table["standard_deviation"])
        table[list(BOOTSTRAP)] = by_name.reindex(table["parameter"].where(known)).to_numpy()
    table["true"] = table["parameter"].map(quantity_values(problem, problem.truth))
    last = {"determined": "class", "cause": "cause"}
    return table[[*(name for name in table if name not in last), *last]].rename(columns=last)


def bootstrap_remark(again: Bootstrap) -> str:
    """What came of a bootstrap as a whole."""
    often = sorted(again.shares_at_bounds.items(), key=lambda entry: -entry[1])[:3]
    worst = ", ".join(f"{name} in {100.0 * share:.0f} %" for name, share in often if share > 0.0)
    told = f", most often {worst}" if worst else ""
    return (
        f"{len(again.values)} replicates with noise of {again.noise_rad_per_s2:.3g} rad/s2: "
        f"{100.0 * again.share_at_bounds:.0f} % of them ended with a parameter at a bound{told}"
    )


def _printed(table: pd.DataFrame) -> str:
    """The table with intervals in a column each."""
    lines = [_line(record) for record in table.to_dict("records")]
    return tabulate(lines, headers="keys", disable_numparse=True)


def _line(record: Mapping[Any, Any]) -> dict[str, str]:
    value, deviation = record["identified"], record["standard_deviation"]
    digits = digits_of(value, deviation)
    line = {
        "parameter": record["parameter"],
        "unit": record["unit"],
        "identified": with_digits(value, digits),
        "standard deviation": OPEN if math.isinf(deviation) else figure(deviation),
        "95 % interval": interval_text([record[name] for name in INTERVAL], digits),
    }
    if BOOTSTRAP[0] in record:
        line |= {
            "bootstrap deviation": figure(record[BOOTSTRAP[0]]),
            "bootstrap interval": interval_text([record[name] for name in BOOTSTRAP[1:]], digits),
        }
    return line | {"true": with_digits(record["true"], digits), "class": record["class"], "cause": record["cause"]}
