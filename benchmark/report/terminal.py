"""The medians of a suite for a terminal: no wider than a screen."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from tabulate import tabulate

from benchmark.harness.prices import prices_of
from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.problem.targets import NO_TARGETS, Targets
from benchmark.report.formats import figure, records
from benchmark.report.rows import runs_table
from benchmark.report.tables import false_stops_text, reached_text, summarise


def summary_text(rows: Sequence[Row], suite: str, targets: Targets = NO_TARGETS) -> str:
    """The medians of a suite as plain tables, one a problem and start level.

    Parameters
    ----------
    rows
        Stored rows, of any suites.
    suite
        The suite to show.
    targets
        What counts as reaching a problem's best minimum.
    """
    shown = [row for row in rows if row["suite"] == suite]
    runs = runs_table(shown, targets, prices_of(row["problem"] for row in shown))
    groups = summarise(runs).groupby(["problem", "start_level"], observed=True)
    return "\n\n".join([f"{suite}: medians", *(_table(group) for _, group in groups)])


def _table(group: pd.DataFrame) -> str:
    lines = records(group)
    start = figure(lines[0]["cr2m_start_median_percent"])
    title = f"{lines[0]['problem']}, {start_level_text(lines[0]['start_level'])} starts (Cr2m {start} %)"
    return f"{title}\n{tabulate([_line(line) for line in lines], headers='keys', disable_numparse=True)}"


def _line(line: Row) -> dict[str, str]:
    return {
        "method": line["method"],
        "failed": f"{line['failed_runs']}/{line['runs']}",
        "reached\ntarget": reached_text(line),
        "false\nstops": false_stops_text(line),
        "Cr2m\n(%)": figure(line["cr2m_median_percent"]),
        "held-out\nR2 (1)": figure(line["heldout_r2_median_1"]),
        "cost (resid.\nevaluations)": figure(line["cost_median_residual_evaluations"]),
        "solve\ntime (s)": figure(line["solve_median_s"]),
    }
