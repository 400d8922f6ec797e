"""How often and how soon methods reach the targets, for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pandas as pd

from benchmark.analysis.success import EXPENSES, Resource, expense_column
from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.report.formats import records
from benchmark.report.intervals import ENDS, TARGETS_NOTE, number, shown_targets, with_interval
from benchmark.report.report_table import ReportTable, shown_table

NOBODY = "≥"
RATE = "Success rate (%)"
HEADINGS: Mapping[Resource, tuple[str, str]] = MappingProxyType(
    {
        "seconds": ("Time to target (s)", "Expected time (s)"),
        "cost": ("Cost to target (residual evaluations)", "Expected cost (residual evaluations)"),
    }
)
SUCCESS_NOTE = (
    "Success rates with Wilson's 95 % interval: of all runs, those that failed or were killed too. Time and cost to "
    "the target: median [quartiles] of the runs that reached it. Expected time and cost: all that the runs took until "
    "they reached it or ended, over the number that reached it, with its 95 % bootstrap interval; where none did, ≥ "
    "and all they took. Times are on the method's clock, costs weigh evaluations by what their kind takes "
    "(`benchmark/harness/prices.toml`), the same on every machine; a dash is not known. Errors of 5 and 0.1 %, and "
    "1e4 and 1e8 times the best minimum, are in `targets-*.csv`."
)


def reached_table(suite: str, success: pd.DataFrame) -> ReportTable:
    """Success rates, times and costs of a suite; `success` as `success_table` gives it."""
    raw = shown_targets(success)
    headings = ["Problem", "Start level", "Target", "At or below", "Method", "Runs", "Failed", "Reached", RATE]
    headings += [heading for pair in HEADINGS.values() for heading in pair]
    sort_by = {"Runs": "judged_runs", "Failed": "failed_runs", "Reached": "success_rate_1", RATE: "success_rate_1"}
    for resource, (until, expected) in HEADINGS.items():
        sort_by |= {until: expense_column(resource, "median"), expected: expense_column(resource, "expected")}
    return ReportTable(
        f"success-{suite}",
        f"Who reaches the targets on suite `{suite}`",
        raw,
        shown_table([_success_line(line) for line in records(raw)], headings),
        f"{TARGETS_NOTE} {SUCCESS_NOTE}",
        tuple(_not_counted(raw)),
        essential=(
            "Problem",
            "Start level",
            "Target",
            "Method",
            "Reached",
            RATE,
            HEADINGS["seconds"][1],
            HEADINGS["cost"][1],
        ),
        sort_by=sort_by,
    )


def _success_line(line: Row) -> Row:
    unit = "%" if line["threshold_unit"] == "percent" else "rad2/s4"
    cells = {
        "Problem": line["problem"],
        "Start level": start_level_text(line["start_level"]),
        "Target": line["target"],
        "At or below": f"{number(line['threshold'])} {unit}",
        "Method": line["method"],
        "Runs": line["judged_runs"],
        "Failed": line["failed_runs"],
        "Reached": f"{line['reached_runs']}/{line['judged_runs']}",
        RATE: with_interval(*(100.0 * line[f"success_rate{end}_1"] for end in ENDS)),
    }
    for resource, (until, expected) in HEADINGS.items():
        median, low, high, spent, *estimate = (line[expense_column(resource, name)] for name in EXPENSES)
        cells[until] = with_interval(median, low, high)
        cells[expected] = NOBODY + number(spent) if math.isinf(estimate[0]) else with_interval(*estimate)
    return cells


def _not_counted(raw: pd.DataFrame) -> Iterator[str]:
    """What the rates and times leave out, or know only in part."""
    lines = raw.drop_duplicates(["problem", "start_level", "method"])
    if skipped := int(lines["skipped_runs"].sum()):
        yield f"Runs that were skipped, as the method does not apply: {skipped}. They count nowhere."
    if unjudged := int(raw["unjudged_runs"].sum()):
        yield f"Results that say nothing of a target: {unjudged}. They do not count there."
    if untraced := int(raw["untraced_reached_runs"].sum()):
        yield f"Targets reached in runs without a trace: {untraced}. Their times are those of the whole runs."
    if at_start := int(raw["reached_at_start_runs"].sum()):
        yield f"Targets reached by the first point of a trace: {at_start}."
