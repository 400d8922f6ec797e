"""Two sets of runs beside each other, on cases whose verdicts are plain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from benchmark.analysis.changes import paired_runs, verdicts
from benchmark.problem.start_level import UNIFORM
from benchmark.problem.targets import Target
from benchmark.report.rows import runs_table

from ..report.synthetic import failed_row, row, spec

TARGETS = {"m1-a-published": Target(1e-3, 1.0, "m", 0.1, 0, "2026-01-02")}
Change = Callable[[dict[str, Any], float], dict[str, Any]]


def runs(change: Change | None = None, seeds: int = 10, **others: Any) -> pd.DataFrame:
    """The runs of a method, each changed by a function of its row and a number drawn for it."""
    random = np.random.default_rng(1)
    rows = [row(spec(seed=seed), **({"objective_rad2_per_s4": 0.5} | others)) for seed in range(seeds)]
    return runs_table([own | (change(own, random.standard_normal()) if change else {}) for own in rows], TARGETS)


def times(factor: float) -> Change:
    return lambda own, noise: {"solve_s": own["solve_s"] * factor * np.exp(0.02 * noise)}


def errors(factor: float) -> Change:
    return lambda own, noise: {"cr2m": own["cr2m"] * factor * np.exp(0.02 * noise)}


def missed(own: dict[str, Any], _: float) -> dict[str, Any]:
    return {"objective_rad2_per_s4": 2.0, "cr2": own["cr2"] + 1.0}


def verdict(second: pd.DataFrame, first: pd.DataFrame | None = None) -> str:
    (said,) = verdicts(paired_runs(runs() if first is None else first, second))["verdict"]
    return str(said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, "same numbers"),
        (times(1.0), "same numbers"),
        (times(1.5), "same numbers, slower"),
        (times(0.5), "same numbers, faster"),
        (errors(1.0), "not told apart"),
        (errors(0.5), "better"),
        (errors(2.0), "worse"),
        (missed, "worse"),
        (lambda own, noise: missed(own, noise) | times(0.5)(own, noise), "mixed: worse, faster"),
        (lambda own, noise: errors(2.0)(own, noise) | times(2.0)(own, noise), "worse, slower"),
        (lambda own, noise: {"status": "failed"}, "worse"),
        (lambda own, noise: {"cr2m": own["cr2m"] * np.exp(noise)}, "not told apart"),
        (lambda own, noise: errors(1.07)(own, noise), "not told apart"),
    ],
)
def test_what_is_said_of_a_change(change: Change | None, said: str) -> None:
    assert verdict(runs(change)) == said


def test_what_is_better_one_way_is_worse_the_other() -> None:
    assert verdict(runs(), runs(missed)) == "better"
    assert verdict(runs(), runs(errors(0.5))) == "worse"


def test_few_pairs_say_nothing_but_that_they_are_the_same() -> None:
    assert verdict(runs(errors(0.5), seeds=5)) == "too few pairs"
    assert verdict(runs(times(0.5), seeds=5)) == "same numbers"


def test_failures_count_where_no_problem_has_a_target() -> None:
    first, second = (
        runs_table([row(spec("m2-x", seed=seed), status=status) for seed in range(8)])
        for status in ("budget", "killed")
    )
    assert verdict(second, first) == "worse"


def test_a_target_that_only_one_side_can_be_judged_by_says_nothing() -> None:
    """Rows of older versions do not say how low they got."""
    older = runs(objective_rad2_per_s4=None)
    pairs = paired_runs(older, runs(missed))
    assert pairs["succeeded_a"].tolist() == pairs["succeeded_b"].tolist() == [True] * 10
    assert verdict(runs(missed), older) == "not told apart"


def test_skipped_runs_say_nothing_of_success() -> None:
    skipped = runs_table([failed_row(spec(seed=seed), "skipped") for seed in range(10)], TARGETS)
    assert verdict(skipped) == "too few pairs"


def test_p_is_about_that_of_a_paired_t_test() -> None:
    """Of one method and instance, without correction: the bootstrap's error is the standard error but for its noise."""
    second = runs(times(1.02))
    logs = np.log(second["solve_s"] / runs()["solve_s"])
    p = verdicts(paired_runs(runs(), second))["time_p_1"][0]
    assert p == pytest.approx(ttest_1samp(logs, 0.0).pvalue, rel=0.4)


def test_the_ratio_is_the_geometric_mean() -> None:
    second = runs(times(1.3))
    expected = np.exp(np.log(second["solve_s"] / runs()["solve_s"]).mean())
    assert verdicts(paired_runs(runs(), second))["time_ratio_1"][0] == pytest.approx(expected)


def test_many_methods_are_corrected_for() -> None:
    def of_methods(count: int, factor: float) -> pd.DataFrame:
        random = np.random.default_rng(0)
        return runs_table(
            [
                row(spec(method=f"method_{index}", seed=seed), solve_s=factor * np.exp(0.2 * random.standard_normal()))
                for index in range(count)
                for seed in range(8)
            ]
        )

    alone, among = (verdicts(paired_runs(of_methods(n, 1.0).assign(solve_s=1.0), of_methods(n, 1.2))) for n in (1, 12))
    assert among["time_p_1"][0] == pytest.approx(12.0 * alone["time_p_1"][0])


def test_runs_are_paired_by_all_that_they_are() -> None:
    first = [row(spec(seed=0)), row(spec(seed=1)), row(spec(start_level=UNIFORM)), failed_row(spec("m2-x"))]
    second = [row(spec(seed=1), solve_s=10.0), row(spec(start_level=0.3)), failed_row(spec("m2-x"), "failed")]
    pairs = paired_runs(runs_table(first), runs_table(second))
    expected = [(0.1, 0, "a"), (0.1, 1, "both"), (0.3, 0, "b"), (UNIFORM, 0, "a"), (0.1, 0, "both")]
    assert list(zip(pairs["start_level"], pairs["seed"], pairs["found_in"], strict=True)) == expected
    assert pairs["same_status"].fillna(False).tolist() == [False, True, False, False, False]
    assert pairs["same_numbers"].fillna(False).tolist() == [False, True, False, False, False]
    assert pairs["time_ratio_1"].dropna().tolist() == pytest.approx([10.0 / first[1]["solve_s"]])


def test_a_run_that_failed_has_no_ratios() -> None:
    pairs = paired_runs(runs(), runs(lambda own, noise: {"status": "diverged"}))
    assert pairs[["time_ratio_1", "cr2m_ratio_1", "objective_ratio_1"]].isna().all(axis=None)
