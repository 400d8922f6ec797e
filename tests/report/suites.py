"""Suites of synthetic runs, and what their tables show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from benchmark.report.material import SuiteMaterial
from benchmark.report.tables import summary_table
from benchmark.report.traces import Trace, read_trace

from .synthetic import row, spec, trace


def column(markdown: str, heading: str) -> list[str]:
    """The cells below a heading of the first table."""
    table = [[cell.strip() for cell in line.split("|")] for line in markdown.splitlines() if line.startswith("|")]
    return [line[table[0].index(heading)] for line in table[2:]]


def suite_material(runs: pd.DataFrame, traces: Sequence[Trace | None] | None = None) -> SuiteMaterial:
    """A suite with these runs, and a trace each unless others are given."""
    one = read_trace(trace(row(spec())))
    return SuiteMaterial("paper", (), runs, tuple([one] * len(runs) if traces is None else traces), ())


def summary_markdown(runs: pd.DataFrame) -> str:
    return summary_table(suite_material(runs)).markdown()


def five_runs() -> list[dict[str, Any]]:
    return [row(spec(seed=seed), cr2=float(cr2)) for seed, cr2 in enumerate([5, 1, 4, 2, 3])]
