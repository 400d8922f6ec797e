"""The table of collinear parameters: which of them the data cannot tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from benchmark.harness.row import Row
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.collinearity import (
    COLLINEAR,
    collinearity_index,
    parameter_groups,
    worst_pairs,
)
from benchmark.identifiability.directions import plain_name
from benchmark.report.formats import MISSING, figure, records
from benchmark.report.identifiability.rows import fullest
from benchmark.report.report_table import ReportTable, shown_table

PAIR = "pair"
PAIRS = 10  # of a problem, in the CSV file
NOTE = (
    "Collinearity index (Brun, Reichert and Kuensch 2001) of parameters that belong together, by problem: 1/sqrt of "
    "the smallest eigenvalue of S'S, with the columns of the sensitivities S scaled to length one. It says how nearly "
    f"the others can make up for a change of one of them; from {COLLINEAR:g} to 15 on parameters are called collinear. "
    "The CSV file has the nearest pairs of all parameters, too."
)


def collinearity(analyses: Mapping[str, Analysis]) -> pd.DataFrame:
    """Indices of all groups, and the pairs nearest to parallel: a line a problem and subset."""
    return pd.DataFrame([line for found in analyses.values() for line in _of_problem(found)])


def collinearity_table(table: pd.DataFrame) -> ReportTable:
    """The table of `collinearity`, problems side by side."""
    problems = list(dict.fromkeys(table["problem"]))
    groups = table[table["scope"] != PAIR]
    lines: dict[tuple[str, str], Row] = {}
    for entry in records(groups):
        fixed = {"Of a": entry["scope"], "Parameters of": plain_name(entry["name"])}
        line = lines.setdefault(
            (entry["scope"], entry["name"]), fixed | dict.fromkeys(map(_heading, problems), MISSING)
        )
        line[_heading(entry["problem"])] = figure(entry["index_1"])
    return ReportTable(
        "identifiability-collinearity",
        "Which parameters cannot be told apart: collinearity indices",
        table,
        shown_table(lines.values(), ["Of a", "Parameters of", *map(_heading, problems)]),
        NOTE,
        remarks=("\n".join(_worst(table)),),
        essential=("Of a", "Parameters of", *map(_heading, fullest(problems))),
    )


def _of_problem(found: Analysis) -> Iterator[Row]:
    known = found.information
    for group in parameter_groups(known.names):
        index = collinearity_index(known, group.parameters)
        yield _line(found.problem, group.scope, group.name, len(group.parameters), index) | {"cosine_1": None}
    for pair in worst_pairs(known, PAIRS):
        name = f"{pair.first}, {pair.second}"
        yield _line(found.problem, PAIR, name, 2, pair.collinearity) | {"cosine_1": pair.cosine}


def _line(problem: str, scope: str, name: str, parameters: int, index: float) -> Row:
    own = {"problem": problem, "scope": scope, "name": name, "parameters": parameters}
    return own | {"index_1": index, "is_collinear": index >= COLLINEAR}


def _worst(table: pd.DataFrame) -> Iterator[str]:
    """The worst pair of each problem."""
    yield "The two parameters nearest to each other, with the cosine between their sensitivities:\n"
    for line in records(table[table["scope"] == PAIR].drop_duplicates("problem")):
        first, second = (plain_name(name) for name in line["name"].split(", "))
        yield f"- `{line['problem']}`: {first} and {second} ({line['cosine_1']:.4f}, index {figure(line['index_1'])})"


def _heading(problem: str) -> str:
    return f"{problem} (1)"
