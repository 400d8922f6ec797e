"""Which methods can be told apart, for people: ranks, and every two methods."""

from __future__ import annotations

import pandas as pd

from benchmark.analysis.comparison import UNDECIDED, can_differ
from benchmark.harness.row import Row
from benchmark.report.conclusions import conclusions
from benchmark.report.formats import MISSING, figure, records
from benchmark.report.intervals import ENDS, SHOWN_TARGETS, TARGETS_NOTE, number, shown_targets, with_interval
from benchmark.report.report_table import ReportTable, shown_table

MEAN_TIME = "Mean time (s)"
DIFFERENCE, RATIO = "Success difference (percentage points)", "Time ratio (1)"
EXPECTED_RATIO = "Expected time ratio (1)"
RANKING_NOTE = (
    "By mean time: the geometric mean over all runs of the time to the target, of the whole budget for those that did "
    "not reach it. Ranks are those that the comparisons leave a method: from one more than beat it, to as many less "
    "than all as it beats, by being faster or, where times cannot be told apart, by reaching the target more often. "
    "Methods that share a letter are not told apart."
)
COMPARISON_NOTE = (
    "At the starts that both methods ran from: the method's success rate less the other's, and its time over the "
    "other's, with the whole budget for runs that did not reach the target. 95 % intervals are each for itself; "
    "verdicts are corrected for all pairs at a target (Holm). Faster and slower are said of times more than 20 % "
    "apart: less is what one method shows under two names. The ratio of expected times, the geometric mean over "
    "instances (problems at start levels), is 0 or ∞ where one never got there, and has no verdict. Pairs neither of "
    "which ever reached a target are not shown, nor are those with too few starts in common."
)


def ranking_table(suite: str, ranking: pd.DataFrame, comparisons: pd.DataFrame, design: pd.DataFrame) -> ReportTable:
    """Methods by their mean time to a target, with the ranks that the comparisons leave them, and what that means.

    Parameters
    ----------
    suite
        The suite's name.
    ranking, comparisons, design
        As `ranking`, `compare` and `detectable` give them.
    """
    raw = shown_targets(ranking)
    lines = [
        {
            "Target": line["target"],
            "Rank": MISSING if pd.isna(line["rank_from"]) else _range(line["rank_from"], line["rank_to"]),
            "Method": line["method"],
            "Not told apart": line["group"] or MISSING,
            "Reached": f"{line['reached_runs']}/{line['runs']}",
            MEAN_TIME: figure(line["mean_time_s"]),
        }
        for line in records(raw)
    ]
    return ReportTable(
        f"ranking-{suite}",
        f"Ranks on suite `{suite}`, as far as the runs can tell",
        raw,
        shown_table(lines, ["Target", "Rank", "Method", "Not told apart", "Reached", MEAN_TIME]),
        f"{TARGETS_NOTE} {RANKING_NOTE}",
        conclusions(ranking, comparisons, design, SHOWN_TARGETS),
        sort_by={"Rank": "rank_from", "Reached": "reached_runs", MEAN_TIME: "mean_time_s"},
    )


def comparison_table(suite: str, comparisons: pd.DataFrame) -> ReportTable:
    """Every two methods of a suite that can differ; `comparisons` as `compare` gives them."""
    raw = shown_targets(comparisons)
    raw = raw[can_differ(raw)]
    lines = [
        {
            "Target": line["target"],
            "Method": line["method"],
            "Other": line["other"],
            "Starts in common": line["starts"],
            DIFFERENCE: with_interval(*(100.0 * line[f"success_difference{end}_1"] for end in ENDS)),
            RATIO: with_interval(*(line[f"time_ratio{end}_1"] for end in ENDS)),
            EXPECTED_RATIO: number(line["expected_time_ratio_1"]),
            "Verdict": _verdict(line),
        }
        for line in records(raw)
    ]
    headings = ["Target", "Method", "Other", "Starts in common", DIFFERENCE, RATIO, EXPECTED_RATIO, "Verdict"]
    sort_by = {"Starts in common": "starts", EXPECTED_RATIO: "expected_time_ratio_1"}
    return ReportTable(
        f"comparison-{suite}",
        f"Every two methods on suite `{suite}`",
        raw,
        shown_table(lines, headings),
        COMPARISON_NOTE,
        essential=("Target", "Method", "Other", DIFFERENCE, RATIO, "Verdict"),
        sort_by=sort_by | {DIFFERENCE: "success_difference_1", RATIO: "time_ratio_1"},
    )


def _verdict(line: Row) -> str:
    said = [line[f"{name}_verdict"] for name in ("time", "success")]
    return ", ".join(word for word in said if word != UNDECIDED) or UNDECIDED


def _range(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"
