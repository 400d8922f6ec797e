"""The tables of statistics: how often and how soon methods reach targets, and which of them can be told apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from benchmark.analysis.comparison import compare
from benchmark.analysis.design import detectable
from benchmark.analysis.ranking import ranking
from benchmark.analysis.success import success_table
from benchmark.report.formats import figure, records
from benchmark.report.intervals import shown_targets
from benchmark.report.ranking_tables import comparison_table, ranking_table
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.report.success_tables import reached_table
from benchmark.report.time_to_accuracy import LEFT_OUT

DETECTABLE_NOTE = (
    "What runs like these would show in four of five repetitions, at the spread that was seen and corrected for the "
    "number of pairs. Methods that differ less are mostly not told apart; that is no sign that they are equal. The "
    "success difference is that from a method that always succeeds, where it is the smallest. A dash: no difference "
    "would show."
)


@dataclass(frozen=True, eq=False)
class SuiteStatistics:
    """What the statistics say of a suite, as the functions of `benchmark.analysis` give it.

    Attributes
    ----------
    suite
        The suite's name.
    success
        A line a problem, start level, target and method.
    comparisons
        A line a target and pair of methods.
    ranking
        A line a target and method.
    design
        A line a target.
    """

    suite: str
    success: pd.DataFrame
    comparisons: pd.DataFrame
    ranking: pd.DataFrame
    design: pd.DataFrame


def suite_statistics(suite: str, attempts: pd.DataFrame) -> SuiteStatistics:
    """The statistics of a suite's attempts; who starts at the answer is compared with nobody."""
    competing = attempts[~attempts["method"].isin(LEFT_OUT)]
    comparisons = compare(competing)
    ranks = ranking(competing, comparisons)
    return SuiteStatistics(suite, success_table(attempts), comparisons, ranks, detectable(comparisons))


def statistics_tables(found: SuiteStatistics) -> list[ReportTable]:
    """The tables of a suite's statistics: of the targets that are shown to people."""
    tables = [
        reached_table(found.suite, found.success),
        ranking_table(found.suite, found.ranking, found.comparisons, found.design),
        comparison_table(found.suite, found.comparisons),
    ]
    return [table for table in tables if len(table.raw)]


def detectable_table(found: Iterable[SuiteStatistics]) -> ReportTable:
    """The smallest differences that the suites' runs can show, a line a suite and target."""
    raw = pd.concat([each.design.assign(suite=each.suite) for each in found])
    raw = shown_targets(raw)[["suite", *raw.columns.drop("suite")]]
    lines = [
        {
            "Suite": line["suite"],
            "Target": line["target"],
            "Methods": line["methods"],
            "Instances": line["instances"],
            "Starts in common": line["starts"],
            "Pairs told apart": f"{line['pairs_told_apart']}/{line['pairs']}",
            "Smallest time ratio (1)": figure(line["smallest_time_ratio_1"]),
            "Smallest success difference (percentage points)": figure(100.0 * line["smallest_success_difference_1"]),
        }
        for line in records(raw)
    ]
    headings = list(lines[0]) if lines else ["Suite"]
    return ReportTable(
        "detectable", "What the suites can tell apart", raw, shown_table(lines, headings), DETECTABLE_NOTE
    )
