"""The table of base parameters: what of the bones the motion determines, as expressions, with bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from benchmark.harness.row import Row
from benchmark.report.formats import figure
from benchmark.report.report_table import ReportTable, shown_table

NAME = "identifiability-base-parameters"
PARAMETER, EXPRESSION, UNIT, VALUE = "Base parameter", "Expression", "Unit", "True value (unit)"
FIXED = (PARAMETER, EXPRESSION, UNIT, VALUE)
INFINITE = "∞"
NOTE = (
    "Bones act on the motion through these combinations of their masses m, first moments m c and inertias I about the "
    "joint's axes alone. A body nearer to the trunk leads: what a hinge cannot tell apart is handed over to the body "
    "that carries it; the dynamic coefficients of Cr2 are another basis of the same, led by what the motions determine "
    "best. Factors without a unit are pure numbers. For each problem stands the least standard deviation "
    "that an unbiased estimate can have at noise of {noise:g} rad/s2 in the accelerations, in % of the largest "
    "parameter of the leading one's kind and body."
)


def base_table(studies: Mapping[str, Mapping[str, Any]]) -> ReportTable:
    """The table of base parameters, problems beside each other.

    Parameters
    ----------
    studies
        Studies ``base`` by the problem's name, at least one, see
        :func:`benchmark.identifiability.base_expressions.base_study`.
    """
    one = next(iter(studies.values()))
    bounds = tuple(_heading(problem) for problem in studies)
    lines: dict[tuple[str, str], Row] = {}
    for problem, study in studies.items():
        for entry in study["coefficients"]:
            key = entry["name"], entry["expression"]
            line = lines.setdefault(key, _fixed(entry) | dict.fromkeys(bounds, "-"))
            line[_heading(problem)] = INFINITE if entry["deviation"] is None else figure(_percent(entry))
    return ReportTable(
        name=NAME,
        title="Base parameters of the bones",
        raw=pd.DataFrame([line for problem, study in studies.items() for line in _raw(problem, study)]),
        shown=shown_table(lines.values(), [*FIXED, *bounds]),
        note=NOTE.format(noise=one["noise_rad_per_s2"]),
        remarks=tuple(_remarks(studies)),
        formats=("csv", "md"),  # expressions are too long for a line of a paper
    )


def _heading(problem: str) -> str:
    return f"{problem} (%)"


def _fixed(entry: Mapping[str, Any]) -> Row:
    return {
        PARAMETER: entry["name"],
        EXPRESSION: entry["expression"],
        UNIT: entry["unit"],
        VALUE: figure(entry["value"]),
    }


def _raw(problem: str, study: Mapping[str, Any]) -> Iterator[Row]:
    for entry in study["coefficients"]:
        yield {
            "problem": problem,
            "base_parameter": entry["name"],
            "expression": entry["expression"],
            "unit": entry["unit"],
            "true_value_unit": entry["value"],
            "bound_unit": entry["deviation"],
            "bound_percent": None if entry["deviation"] is None else _percent(entry),
            "factors": "; ".join(entry["figures"]),
        }


def _percent(entry: Mapping[str, Any]) -> float:
    return float(100.0 * entry["deviation"] / entry["magnitude"])


def _remarks(studies: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    one = next(iter(studies.values()))
    numbers = sorted({len(study["coefficients"]) for study in studies.values()})
    ranks = ", ".join(f"{entry['count']} for {entry['assumption']}" for entry in one["counts"])
    yield (
        f"Of {one['standard_parameters']} inertial parameters the recordings determine "
        f"{' or '.join(map(str, numbers))} combinations. The rank at random states is {ranks}. "
        "In a chain, a fixed hinge gives 3 for its body and each further hinge 7."
    )
    figures = dict.fromkeys(text for entry in one["coefficients"] for text in entry["figures"])
    yield f"Factors that are figures of the arm: {'; '.join(figures)}."
