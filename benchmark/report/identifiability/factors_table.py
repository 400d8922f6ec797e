"""The table of what bounds depend on: formulation, variant of the arm, and movements."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from benchmark.identifiability.classes import CLASSES, IDENTIFIABLE
from benchmark.report.formats import MISSING, figure
from benchmark.report.identifiability.quantities_table import INFINITE, PARAMETER
from benchmark.report.identifiability.rows import families_of, fullest, parsed, side_by_side
from benchmark.report.report_table import ReportTable

NONE = "none"
SAME = 1e-6  # of a magnitude: coefficients of one name whose values are further apart combine other bones' shares
NOTE = (
    "Bound of the standard deviation in the first problem over that in the second, at the same noise: above 1 the "
    f"second one tells more. {MISSING}: seen in neither, or not the same quantity (coefficients combine different "
    "bones' shares where data differ). Movements needed: which recordings make the parameter identifiable at the "
    f"reference noise; `a or b`: either alone; `a and b`: only both together; {NONE}: not even these."
)


def factors(bounds: pd.DataFrame) -> pd.DataFrame:
    """Ratios of bounds and the movements needed, a line a parameter that any problem sees.

    A ratio is infinite where the second problem alone sees the parameter, zero where the first alone does.

    Parameters
    ----------
    bounds
        As `bounds_table` gives them.
    """
    percent, values, magnitudes, classes = (
        side_by_side(bounds, column) for column in ("crb_percent", "true_value", "relative_to", "class")
    )
    problems = [str(problem) for problem in percent]
    columns = {}
    for first, second in compared(problems):
        differ = (values[first] - values[second]).abs() > SAME * magnitudes[first]
        columns[_ratio(first, second)] = (percent[first] / percent[second]).mask(differ)
    for own in families_of(problems):
        columns[_needed(own[-1])] = pd.Series(list(_movements_needed(classes[own])), percent.index)
    return pd.DataFrame(columns)[np.isfinite(percent).any(axis=1)].reset_index()


def factors_table(bounds: pd.DataFrame) -> ReportTable:
    """The table of `factors`."""
    raw = factors(bounds)
    problems = list(dict.fromkeys(bounds["problem"]))
    ratios = {f"{first} / {second} (1)": _ratio(first, second) for first, second in compared(problems)}
    needed = {f"Movements needed, {_without_movements(name)}": _needed(name) for name in fullest(problems)}
    cells = {heading: raw[column].map(_factor) for heading, column in ratios.items()}
    cells |= {heading: raw[column] for heading, column in needed.items()}
    between = [
        heading for heading, pair in zip(ratios, compared(problems), strict=True) if {*pair} <= {*fullest(problems)}
    ]
    return ReportTable(
        "identifiability-factors",
        "What the bounds depend on",
        raw,
        pd.DataFrame({PARAMETER: raw["parameter"]} | cells),
        NOTE,
        essential=(PARAMETER, *between, *needed),
        sort_by=ratios,
    )


def compared(problems: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of problems whose bounds are compared: those that differ in one thing.

    Fibres, formulations and variants on all movements, then single movements against all of them.
    """
    whole = fullest(problems)
    for first, second in combinations(whole, 2):
        one, other = parsed(first), parsed(second)
        names = ("fibres", "formulation", "variant", "movements", "noise_rad_per_s2")
        differ = [name for name in names if getattr(one, name) != getattr(other, name)]
        if len(differ) == 1 and differ[0] in names[:3]:
            yield first, second
    for own in families_of(problems):
        yield from ((part, own[-1]) for part in own[:-1])


def _movements_needed(classes: pd.DataFrame) -> Iterator[str]:
    """Movements that make each parameter identifiable, of problems that differ in movements, the fullest last."""
    movements = [parsed(str(problem)).movements for problem in classes]
    for line in classes.to_numpy().tolist():
        enough = [own for own, found in zip(movements, line, strict=True) if found == IDENTIFIABLE]
        fewest = [own for own in enough if len(own) == len(enough[0])]
        is_free = any(found in CLASSES for found in line)
        yield " or ".join(" and ".join(own) for own in fewest) or (NONE if is_free else MISSING)


def _factor(value: float) -> str:
    return INFINITE if math.isinf(value) else figure(value)


def _ratio(first: str, second: str) -> str:
    """The column of a ratio."""
    return f"{first}_over_{second}_1"


def _needed(problem: str) -> str:
    """The column of the movements needed, of problems like this one."""
    return f"movements_needed_{_without_movements(problem)}"


def _without_movements(problem: str) -> str:
    formulation, _, rest = problem.split("-", 2)
    return f"{formulation}-{rest}"
