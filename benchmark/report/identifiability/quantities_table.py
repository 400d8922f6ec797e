"""The table of what can be known of each parameter."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from benchmark.identifiability.classes import (
    CLASSES,
    IDENTIFIABLE,
    IDENTIFIABLE_PERCENT,
    LEVEL,
    REFERENCE_NOISE_RAD_PER_S2,
    WEAK,
    WEAK_PERCENT,
)
from benchmark.report.formats import MISSING, figure
from benchmark.report.identifiability.rows import fullest, side_by_side
from benchmark.report.report_table import ReportTable

NAME = "identifiability"
PARAMETER, UNIT = "Parameter", "Unit"
INFINITE = "∞"
INTERNAL = ("family", "has_influence")  # columns of the bounds that are no news to readers of the table
THRESHOLDS = (
    f"At noise of {REFERENCE_NOISE_RAD_PER_S2:g} rad/s2 in each direction of the accelerations that the couplings "
    f"allow, a quantity is *identifiable* if half of its {100.0 * LEVEL:g} % interval, 1.96 standard deviations, is at "
    f"most {IDENTIFIABLE_PERCENT:g} % of its magnitude, *weak* up to {WEAK_PERCENT:g} %, and *not* identifiable beyond."
)
NOTE = (
    f"Least standard deviation (Cramer-Rao bound) in percent that any unbiased estimate can have. {THRESHOLDS} "
    f"Plain: identifiable; in brackets: (weak), [not]; {INFINITE}: the data do not depend on it, or only on its "
    f"combinations with others; {MISSING}: not free in this problem. Bounds grow in proportion to the noise. The "
    "magnitude is the true value; for entries of a centre of mass or an inertia the largest one of the bone. Other "
    "noise levels, tolerated noise and causes are in the CSV file."
)


def heading(problem: str) -> str:
    """The heading of a problem's column of bounds."""
    return f"{problem} (%)"


def identifiability_table(bounds: pd.DataFrame) -> ReportTable:
    """The table of all quantities: for programs a line a problem and quantity, for people problems side by side.

    Parameters
    ----------
    bounds
        As `bounds_table` gives them.
    """
    seen = _seen_somewhere(bounds)
    percent, marks = side_by_side(seen, "crb_percent"), side_by_side(seen, "class")
    units = seen.drop_duplicates("parameter").set_index("parameter")["unit"]
    cells = [
        [marked(*cell) for cell in zip(*line, strict=True)]
        for line in zip(percent.to_numpy().tolist(), marks.to_numpy().tolist(), strict=True)
    ]
    shown = pd.DataFrame(cells, columns=[heading(problem) for problem in percent.columns])
    shown.insert(0, PARAMETER, percent.index)
    shown.insert(1, UNIT, units.loc[percent.index].to_list())
    return ReportTable(
        name=NAME,
        title="What can be known: bounds of the standard deviations",
        raw=bounds.drop(columns=[*INTERNAL]),
        shown=shown,
        note=NOTE,
        remarks=tuple(_causes(bounds)),
        essential=(PARAMETER, UNIT, *map(heading, fullest(list(bounds["problem"].unique())))),
    )


def sortable(table: ReportTable, bounds: pd.DataFrame) -> ReportTable:
    """The table of `bounds` with numbers to sort each problem's column by, as the page has it."""
    percent = side_by_side(_seen_somewhere(bounds), "crb_percent")
    return replace(table, raw=percent.reset_index(), sort_by={heading(problem): problem for problem in percent.columns})


def _seen_somewhere(bounds: pd.DataFrame) -> pd.DataFrame:
    """The lines of parameters that the data of any problem depend on."""
    least = bounds.groupby("parameter")["crb_percent"].transform("min")
    return bounds[least < math.inf]


def marked(percent: float, found: object) -> str:
    """A bound with what its class adds."""
    if found not in CLASSES:
        return MISSING
    if math.isinf(percent):
        return INFINITE
    return (
        figure(percent)
        if found == IDENTIFIABLE
        else f"({figure(percent)})"
        if found == WEAK
        else f"[{figure(percent)}]"
    )


def _causes(bounds: pd.DataFrame) -> Iterator[str]:
    """A paragraph for each cause: which parameters it is of, and in which problems."""
    count = bounds["problem"].nunique()
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (parameter, cause), own in bounds[bounds["cause"] != ""].groupby(["parameter", "cause"], sort=False):
        owner = str(parameter).partition(".")[0]
        named = owner if str(cause).startswith(owner) else str(parameter)
        where = "all problems" if len(own) == count else ", ".join(f"`{name}`" for name in own["problem"])
        owners[str(cause).removeprefix(f"{owner} "), where].append(named)
    for (cause, where), names in owners.items():
        yield f"{', '.join(dict.fromkeys(names))}: {cause} ({where})."
