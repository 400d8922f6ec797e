"""How long each method takes to the accuracy that the paper's way ends with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from benchmark.harness.row import DELIVERED, Row
from benchmark.problem.start_level import start_level_order, start_level_text
from benchmark.report.formats import figure, records
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.report.traces import Array, Trace
from datasets.parameters import MUSCLE_UNITS, SHARED_UNITS

BASELINE = "paper_literal"
BASELINE_EPOCHS = 12_000  # 10,000 and 2,000, as in the paper
LEFT_OUT = ("from_truth",)  # starts at the answer
FIBRE_KINDS = tuple(kind for kind in MUSCLE_UNITS if kind != "tendon_slack_length")
SETTINGS = ("problem", "start_level", "method", "suite", "budget_s")
COLUMNS = [
    *SETTINGS,
    "runs",
    "baseline_error_percent",
    "reached_runs",
    "reached_at_start_runs",
    "kept_runs",
    "time_median_s",
    "speedup_1",
]
TEXT = (
    f"How long each method takes until the mean relative error of stage one's muscle parameters and the shared ones is "
    f"first at or below what `{BASELINE}`, eq. (7)-(14) as they stand, ends with from starts of the same level, "
    f"all of its {BASELINE_EPOCHS:,} epochs done: the "
    "median of its runs, of two middle ones the worse; its budget stands in its own line, and its own time is the "
    "first one, too. Tendon slack lengths, which only stage two finds, do not count. Times are medians over all runs, "
    "on the method's clock, which compiling and loading are not on; a run that failed or never has that accuracy takes "
    "for ever, so that a method has no time where half of its runs or more do. An error may pass that accuracy and "
    "leave it again, and a start may have it already: the runs that have it at their start and at their end are "
    "counted, too. Where a method ran in several suites, the runs with the largest budget count. Traces have at most "
    "256 points a stage. `from_truth`, which starts at the answer, is left out. Compare times of runs on one machine "
    "alone (see the suites' provenance)."
)
ERROR_HEADING = f"Error of {BASELINE} at its end (%)"
SPEED_HEADING = f"Times as fast as {BASELINE} (1)"
HEADINGS = (
    "Problem",
    "Start level",
    "Method",
    ERROR_HEADING,
    "Reached",
    "At the start",
    "At the end",
    "Time (s)",
    SPEED_HEADING,
    "Suite",
    "Budget (s)",
)
SORTED_BY: Mapping[str, str] = MappingProxyType(
    {
        ERROR_HEADING: "baseline_error_percent",
        "Reached": "reached_runs",
        "At the start": "reached_at_start_runs",
        "At the end": "kept_runs",
        "Time (s)": "time_median_s",
        SPEED_HEADING: "speedup_1",
        "Budget (s)": "budget_s",
    }
)
ReadTrace = Callable[[Row], Trace | None]


@dataclass(frozen=True, eq=False)
class Course:
    """How a run's error went.

    Attributes
    ----------
    seconds
        On the method's clock, (k,).
    error
        Mean relative error of stage one's muscle and shared parameters in percent, (k,).
    """

    seconds: Array
    error: Array

    def time_to(self, error: float) -> float:
        """Seconds until the error is first at or below `error`; infinite if it never is."""
        below = self.error <= error
        return float(self.seconds[np.argmax(below)]) if below.any() else np.inf


def course(trace: Trace) -> Course:
    """The course of a run over its trace."""
    names = [name for name in trace.names if name in SHARED_UNITS or name.partition(".")[2] in FIBRE_KINDS]
    return Course(trace.seconds, trace.errors_of(names).mean(axis=1))


def time_to_accuracy(rows: Sequence[Row], read: ReadTrace) -> pd.DataFrame:
    """Wall seconds to the baseline's accuracy, one line a problem, start level and method.

    The accuracy is the median of what the baseline's runs end with, of two middle ones the worse. A run that failed or
    never has it takes for ever, in medians too. Where a method ran in several suites, those runs count that had the
    largest budget.

    Parameters
    ----------
    rows
        Stored rows, of any suites.
    read
        Gives a row's trace; runs that delivered a result but have none are left out.
    """
    shown = [row for row in rows if row["method"] not in LEFT_OUT and not _is_cut_short(row)]
    lines = [line for case in _grouped(shown, _case) for line in _case_lines(case, read)]
    return pd.DataFrame(lines, columns=COLUMNS)


def _case_lines(rows: Sequence[Row], read: ReadTrace) -> list[Row]:
    """The lines of a problem and start level; none where no run of the baseline left a trace."""
    if all(row["method"] != BASELINE for row in rows):
        return []
    groups = [_largest_budget(group) for group in _grouped(rows, itemgetter("method"))]
    courses = {group[0]["method"]: _courses(group, read) for group in groups}
    ends = sorted(run.error[-1] for run in courses[BASELINE])
    error = float(ends[len(ends) // 2]) if ends else np.inf
    if not np.isfinite(error):
        return []
    return [_line(group[0], courses, error) for group in groups if courses[group[0]["method"]]]


def _line(first: Row, courses: Mapping[str, Sequence[Course]], error: float) -> Row:
    own = courses[first["method"]]
    time, baseline_time = (float(np.median([run.time_to(error) for run in runs])) for runs in (own, courses[BASELINE]))
    return {name: first.get(name) for name in SETTINGS} | {
        "runs": len(own),
        "baseline_error_percent": error,
        "reached_runs": sum(bool(np.isfinite(run.time_to(error))) for run in own),
        "reached_at_start_runs": sum(bool(run.error[0] <= error) for run in own),
        "kept_runs": sum(bool(run.error[-1] <= error) for run in own),
        "time_median_s": time if np.isfinite(time) else None,
        "speedup_1": baseline_time / time if np.isfinite(time) else None,
    }


def _courses(rows: Sequence[Row], read: ReadTrace) -> list[Course]:
    traces = [read(row) if row["status"] in DELIVERED else None for row in rows]
    found = [None if trace is None else course(trace) for trace in traces]
    never = Course(np.array([np.inf]), np.array([np.inf]))
    return [run for run in found if run is not None] + [never for row in rows if row["status"] not in DELIVERED]


def _largest_budget(rows: Sequence[Row]) -> Sequence[Row]:
    """The runs of the suite that gave them the largest budget; of several such suites, of the first by name."""
    return max(_grouped(rows, itemgetter("suite")), key=lambda group: max(map(_budget, group)))


def _budget(row: Row) -> float:
    """The run's budget in seconds; none in rows of before there were budgets."""
    return float(row.get("budget_s") or 0.0)


def _is_cut_short(row: Row) -> bool:
    """Whether a run of the baseline delivered a result before all of the paper's epochs: no accuracy to measure by."""
    return bool(row["method"] == BASELINE and row["status"] in DELIVERED and row["evaluations"] < BASELINE_EPOCHS)


def _case(row: Row) -> tuple[str, float]:
    return row["problem"], start_level_order(row["start_level"])


def _grouped(rows: Sequence[Row], key: Callable[[Row], Any]) -> list[list[Row]]:
    return [list(group) for _, group in groupby(sorted(rows, key=key), key)]


def time_to_accuracy_table(raw: pd.DataFrame) -> ReportTable:
    """The table of `time_to_accuracy`."""
    lines = [
        {
            "Problem": line["problem"],
            "Start level": start_level_text(line["start_level"]),
            "Method": line["method"],
            ERROR_HEADING: figure(line["baseline_error_percent"]),
            "Reached": f"{line['reached_runs']}/{line['runs']}",
            "At the start": f"{line['reached_at_start_runs']}/{line['runs']}",
            "At the end": f"{line['kept_runs']}/{line['runs']}",
            "Time (s)": figure(line["time_median_s"]),
            SPEED_HEADING: figure(line["speedup_1"]),
            "Suite": line["suite"],
            "Budget (s)": figure(line["budget_s"]),
        }
        for line in records(raw)
    ]
    return ReportTable(
        "time-to-accuracy",
        f"Time to the accuracy of `{BASELINE}`",
        raw,
        shown_table(lines, HEADINGS),
        TEXT,
        essential=tuple(heading for heading in HEADINGS if heading not in ("At the start", "Suite", "Budget (s)")),
        sort_by=SORTED_BY,
    )
