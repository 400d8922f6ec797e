"""The tables of statistics, and what is said about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.analysis.attempts import BEST_MINIMUM
from benchmark.report.report_table import ReportTable
from benchmark.report.statistics import detectable_table, statistics_tables, suite_statistics

from ..analysis.attempt_frames import Behaviour, attempt, frame, missed, simulated

UNITS = ("_1", "_s", "_residual_evaluations")
COUNTS_AND_NAMES = {
    *("suite", "problem", "start_level", "target", "threshold", "threshold_unit", "method", "other", "group"),
    *("instances", "starts", "degrees_of_freedom", "success_verdict", "time_verdict", "rank_from", "rank_to"),
    *("methods", "pairs", "pairs_told_apart", "generalises"),
}


def tables(runs: Sequence[Mapping[str, Any]] | pd.DataFrame) -> dict[str, ReportTable]:
    """The tables of attempts, by the first word of their names."""
    attempts = runs if isinstance(runs, pd.DataFrame) else frame(runs)
    found = statistics_tables(suite_statistics("s", attempts))
    return {table.name.partition("-")[0]: table for table in found}


def two_methods(instances: int = 1, seeds: int = 10, **behaviours: Behaviour) -> pd.DataFrame:
    methods = behaviours or {"a": Behaviour(), "b": Behaviour(3.0)}
    return simulated(methods, instances, seeds, np.random.default_rng(0))


def conclusions(runs: Sequence[Mapping[str, Any]] | pd.DataFrame) -> str:
    return "\n".join(tables(runs)["ranking"].remarks)


def test_every_heading_of_a_figure_has_its_unit() -> None:
    found = [*tables(two_methods()).values(), detectable_table([suite_statistics("s", two_methods())])]
    assert len(found) == 4
    for table in found:
        for column in table.raw.columns:
            assert column in COUNTS_AND_NAMES or column.endswith((*UNITS, "_runs")) or column == "runs"
        for heading in table.shown.columns:
            is_figure = any(word in heading.lower() for word in ("time", "cost", "rate", "difference", "ratio"))
            assert not is_figure or heading.endswith(")"), heading


def test_success_is_shown_with_its_interval_and_targets_in_their_units() -> None:
    runs = [attempt(seed=seed) for seed in range(4)] + [missed("killed", seed=4)]
    error = {"target": "error 1 %", "measure": "cr2m", "threshold": 1.0}
    shown = tables([*runs, *(attempt(seed=seed, **error) for seed in range(4))])["success"].shown
    assert shown["At or below"].tolist() == ["1 %", "1e-12 rad2/s4"]
    assert shown["Reached"].tolist() == ["4/4", "4/5"]
    assert shown["Failed"].tolist() == ["0", "1"]
    assert shown["Success rate (%)"].tolist()[1] == "80 [37.6, 96.4]"
    assert shown["Time to target (s)"].tolist() == ["1", "1"]
    assert shown["Expected time (s)"].tolist()[1].startswith("3.5 [")
    assert shown["Expected cost (residual evaluations)"].tolist()[0] == "100"


def test_a_target_that_nobody_reached_takes_at_least_what_all_runs_took() -> None:
    line = tables([missed(seed=seed) for seed in range(3)])["success"].shown.iloc[0]
    assert line["Expected time (s)"] == "≥30"
    assert line["Expected cost (residual evaluations)"] == "≥3000"
    assert line["Time to target (s)"] == "-"


def test_other_targets_are_in_the_statistics_and_not_shown() -> None:
    runs = [attempt(seed=seed, target=target) for seed in range(6) for target in ("error 5 %", BEST_MINIMUM)]
    found = suite_statistics("s", frame(runs))
    assert set(found.success["target"]) == {"error 5 %", BEST_MINIMUM}
    assert set(statistics_tables(found)[0].raw["target"]) == {BEST_MINIMUM}


def test_what_does_not_count_is_said() -> None:
    runs = [attempt(seed=0, traced=False), attempt(seed=1, reached=None, status="skipped")]
    runs += [attempt(seed=2, reached=None), attempt(seed=3, reached_at_start=True)]
    said = tables(runs)["success"].remarks
    assert [sentence.split(".")[0][-1] for sentence in said] == ["1", "1", "1", "1"]
    assert [
        word
        for word, sentence in zip(("skipped", "nothing", "without", "first"), said, strict=True)
        if word in sentence
    ]
    assert not tables([attempt()])["success"].remarks


def test_ranks_and_verdicts_of_methods_that_are_told_apart() -> None:
    found = tables(two_methods())
    ranks = found["ranking"].shown
    assert ranks["Method"].tolist() == ["a", "b"]
    assert ranks["Rank"].tolist() == ["1", "2"]
    assert ranks["Not told apart"].tolist() == ["a", "b"]
    assert found["comparison"].shown["Verdict"].tolist() == ["faster"]
    said = conclusions(two_methods())
    assert "no method is found to beat `a` (10/10)." in said
    assert "Told apart: 1 of 1 pair." in said


def test_methods_that_are_the_same_share_a_rank_and_the_text_says_so() -> None:
    same = two_methods(a=Behaviour(), b=Behaviour())
    assert tables(same)["ranking"].shown["Rank"].tolist() == ["1-2", "1-2"]
    assert tables(same)["comparison"].shown["Verdict"].tolist() == ["not told apart"]
    said = conclusions(same)
    assert "which of these is the best the runs cannot tell" in said
    assert "Told apart: 0 of 1 pair." in said


@pytest.mark.parametrize(
    ("instances", "seeds", "expected"),
    [
        (1, 3, "Two methods have 3 starts in common: too few to tell any apart, which takes 6."),
        (
            1,
            10,
            "There is 1 instance (problems at start levels) with 10 starts in common: a ranking holds for this one",
        ),
        (
            2,
            5,
            "There are 2 instances (problems at start levels) with 10 starts in common: a ranking holds for these",
        ),
        (6, 2, "The 6 instances (problems at start levels) with 12 starts in common stand for others like them"),
    ],
)
def test_how_far_conclusions_reach_is_said(instances: int, seeds: int, expected: str) -> None:
    assert expected in conclusions(two_methods(instances, seeds))


def test_a_design_that_supports_no_ranking_has_none() -> None:
    found = tables(two_methods(seeds=3))
    assert found["ranking"].shown["Rank"].tolist() == ["-", "-"]
    assert "This design supports no ranking" in conclusions(two_methods(seeds=3))
    assert "comparison" not in found


def test_who_is_fast_but_fails_is_said_to() -> None:
    said = conclusions(two_methods(seeds=60, a=Behaviour(0.1, success=0.7), b=Behaviour(10.0)))
    assert "But others reach it more often than `a`." in said


def test_the_smallest_differences_are_said() -> None:
    runs = two_methods()
    ratio = suite_statistics("s", runs).design["smallest_time_ratio_1"].iloc[0]
    assert f"times {ratio:.3g} times as long" in conclusions(runs)
    shown = detectable_table([suite_statistics("s", runs)]).shown.iloc[0]
    assert (shown["Suite"], shown["Pairs told apart"], shown["Smallest time ratio (1)"]) == ("s", "1/1", f"{ratio:.3g}")


def test_one_method_is_compared_with_nobody_and_who_starts_at_the_answer_does_not_count() -> None:
    assert conclusions([attempt(seed=seed) for seed in range(9)]).startswith("One method alone has run")
    runs = [attempt(seed=seed, method=method) for seed in range(9) for method in ("a", "from_truth")]
    found = tables(runs)
    assert found["ranking"].shown["Method"].tolist() == ["a"]
    assert found["success"].shown["Method"].tolist() == ["a", "from_truth"]


def test_only_failed_runs_are_a_table_and_a_sentence() -> None:
    runs = [missed("failed", method=method, seed=seed) for method in "ab" for seed in range(6)]
    found = tables(runs)
    assert found["success"].shown["Reached"].tolist() == ["0/6", "0/6"]
    assert "no run of any method reached it" in conclusions(runs)
    assert "comparison" not in found


def test_a_method_with_too_few_starts_is_not_judged_and_the_text_says_so() -> None:
    runs = two_methods(a=Behaviour(), b=Behaviour(3.0), new=Behaviour())
    few = runs[(runs["method"] != "new") | (runs["seed"] < 2)]
    assert "2 pairs with less than 6 starts in common are not judged." in conclusions(few)
    assert len(tables(few)["comparison"].shown) == 1


def test_no_attempts_make_no_tables() -> None:
    assert tables([]) == {}
    assert detectable_table([suite_statistics("s", frame([]))]).raw.empty


def test_files_are_the_same_bytes_from_the_same_attempts() -> None:
    first, again = ([table.files() for table in tables(two_methods()).values()] for _ in range(2))
    assert first == again
    assert [len(files) for files in first] == [3, 3, 3]
