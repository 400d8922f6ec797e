"""The table of directions among the parameters that the data say little or nothing about."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmark.harness.row import Row
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.classes import REFERENCE_NOISE_RAD_PER_S2
from benchmark.identifiability.directions import (
    Direction,
    along,
    exchange_direction,
    in_words,
    null_directions,
    scale_direction,
    weakest_directions,
)
from benchmark.identifiability.information import Information
from benchmark.report.formats import MISSING, figure
from benchmark.report.report_table import ReportTable, shown_table

Array = NDArray[np.float64]

WEAKEST = 3  # that are shown of a problem
WEAK, NULL, SCALE, EXCHANGE = "weakest", "no effect", "scale", "c1 against c2"
HEADINGS = ("Problem", "Kind", "Direction", "Strength (1)", "Standard deviation (%)")
NOTE = (
    "In units of the parameters' magnitudes, length one; entries below a tenth of the largest are not named. Strength: "
    "effect of a step along it, relative to that of the same step along the strongest direction. Standard deviation: "
    f"its bound along the direction at noise of {REFERENCE_NOISE_RAD_PER_S2:g} rad/s2. *{NULL.capitalize()}*: the data "
    "are the same wherever one goes along it, whatever the motion; turned so that each names few parameters. "
    f"*{SCALE.capitalize()}*: all maximum isometric forces, masses and inertias grow together, centres of mass fixed. "
    f"*{EXCHANGE}*: one grows by as much as the other falls; where the two are equal it has no effect. Both as if "
    "nothing else were unknown."
)


class WeakDirection(NamedTuple):
    """A direction of a problem.

    Attributes
    ----------
    problem
        The problem's name.
    names
        Of its parameters, p.
    entries
        (p,).
    standard_deviation_percent
        Along it.
    """

    problem: str
    names: tuple[str, ...]
    entries: Array
    standard_deviation_percent: float


def weakest(found: Analysis) -> list[WeakDirection]:
    """The directions of a problem with the least information that there is any about, the weakest first."""
    known = found.information
    return [
        WeakDirection(found.problem, known.names, direction.entries, _percent(direction))
        for direction in weakest_directions(known, WEAKEST)
    ]


def directions(analyses: Mapping[str, Analysis]) -> pd.DataFrame:
    """A line a problem and direction: the weakest that are seen, those without any effect, and two known ones."""
    return pd.DataFrame([line for found in analyses.values() for line in _of_problem(found)])


def directions_table(table: pd.DataFrame) -> ReportTable:
    """The table of `directions`; what problems have in common stands in one line."""
    problems = table["problem"].nunique()
    common = ["kind", "direction", "strength_1", "standard_deviation_percent"]
    exact = table["kind"] == NULL
    groups = table.assign(own=table["problem"].where(~exact, "")).groupby(["own", *common], sort=False, dropna=False)
    lines = [
        {
            "Problem": "all" if len(own) == problems > 1 else ", ".join(own["problem"]),
            "Kind": own["kind"].iloc[0],
            "Direction": own["direction"].iloc[0],
            "Strength (1)": figure(own["strength_1"].iloc[0]),
            "Standard deviation (%)": _finite(own["standard_deviation_percent"].iloc[0]),
        }
        for _, own in groups
    ]
    return ReportTable(
        "identifiability-directions",
        "What the data say least about",
        table,
        shown_table(sorted(lines, key=lambda line: line["Kind"] != NULL), HEADINGS),
        NOTE,
    )


def _of_problem(found: Analysis) -> Iterator[Row]:
    known = found.information
    for number, direction in enumerate(weakest_directions(known, WEAKEST), start=1):
        yield _line(found.problem, f"{WEAK} {number}" if number > 1 else WEAK, known, direction)
    for direction in null_directions(known):
        yield _line(found.problem, NULL, known, direction)
    yield _line(found.problem, SCALE, known, along(known, scale_direction(known)))
    yield _line(found.problem, EXCHANGE, known, along(known, exchange_direction(known)))


def _line(problem: str, kind: str, known: Information, direction: Direction) -> Row:
    return {
        "problem": problem,
        "kind": kind,
        "strength_1": direction.strength,
        "standard_deviation_percent": _percent(direction),
        "direction": in_words(known.names, direction.entries),
    }


def _percent(direction: Direction) -> float:
    return 100.0 * REFERENCE_NOISE_RAD_PER_S2 * direction.standard_deviation


def _finite(value: float) -> str:
    return MISSING if math.isinf(value) else figure(value)
