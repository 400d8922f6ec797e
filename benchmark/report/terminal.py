"""The medians of a suite for a terminal: no wider than a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from tabulate import tabulate

from benchmark.analysis.identifiable_error import Yardstick
from benchmark.harness.prices import prices_of
from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.problem.targets import NO_TARGETS, Targets
from benchmark.report.deep_muscles.problems import compares_subjects
from benchmark.report.deep_muscles.text import subjects_text
from benchmark.report.formats import figure, records
from benchmark.report.rows import NO_YARDSTICKS, runs_table
from benchmark.report.tables import false_stops_text, reached_text, summarise


def summary_text(
    rows: Sequence[Row],
    suite: str,
    targets: Targets = NO_TARGETS,
    yardsticks: Mapping[str, Yardstick] = NO_YARDSTICKS,
) -> str:
    """The medians of a suite as plain tables, one a problem and start level; of one over subjects, means over these.

    Parameters
    ----------
    rows
        Stored rows, of any suites.
    suite
        The suite to show.
    targets
        What counts as reaching a problem's best minimum.
    yardsticks
        What errors of identifiable parameters are measured by, by the problem's name.
    """
    shown = [row for row in rows if row["suite"] == suite]
    runs = runs_table(shown, targets, prices_of(row["problem"] for row in shown), yardsticks)
    if compares_subjects(runs["problem"]):
        return subjects_text(runs, suite)
    groups = summarise(runs).groupby(["problem", "start_level"], observed=True)
    return "\n\n".join([f"{suite}: medians", *(_table(group) for _, group in groups)])


def _table(group: pd.DataFrame) -> str:
    lines = records(group)
    start = figure(lines[0]["cr2m_start_median_percent"])
    title = f"{lines[0]['problem']}, {start_level_text(lines[0]['start_level'])} starts (Cr2m {start} %)"
    with_bounds = bool(group["error_over_bound_median_1"].notna().any())
    return f"{title}\n{tabulate([_line(line, with_bounds) for line in lines], headers='keys', disable_numparse=True)}"


def _line(line: Row, with_bounds: bool) -> dict[str, str]:
    return {
        "method": line["method"],
        "failed": f"{line['failed_runs']}/{line['runs']}",
        **(_beside_bounds(line) if with_bounds else _beside_target(line)),
        "Cr2m\n(%)": figure(line["cr2m_median_percent"]),
        "held-out\nR2 (1)": figure(line["heldout_r2_median_1"]),
        "cost (resid.\nevaluations)": figure(line["cost_median_residual_evaluations"]),
        "solve\ntime (s)": figure(line["solve_median_s"]),
    }


def _beside_target(line: Row) -> dict[str, str]:
    return {"reached\ntarget": reached_text(line), "false\nstops": false_stops_text(line)}


def _beside_bounds(line: Row) -> dict[str, str]:
    """What tells of problems with noise, which have no target, how good runs are."""
    return {"error over\nbound (1)": figure(line["error_over_bound_median_1"])}
