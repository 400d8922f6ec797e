"""Run-time distributions and performance profiles, worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.analysis.performance_profile import performance_profiles
from benchmark.analysis.run_time import run_time_distributions

from .attempt_frames import attempt, frame, missed


def share_at(staircase: pd.DataFrame, amount: float, column: str = "amount") -> float:
    return float(staircase.loc[staircase[column] <= amount, "share"].iloc[-1])


def test_without_failures_it_is_the_share_of_runs_that_are_done() -> None:
    runs = frame([attempt(seed=seed, seconds_to_target=1.0 + seed) for seed in range(4)])
    found = run_time_distributions(runs, "seconds")
    assert [share_at(found, amount) for amount in (0.0, 0.9, 1.0, 2.5, 4.0)] == [0.0, 0.0, 0.25, 0.5, 1.0]
    assert set(found["runs"]) == {4}


def test_a_run_that_its_budget_ended_is_censored() -> None:
    """Kaplan and Meier by hand: 1/3 at 1 s; the run that ended at 2 s is out; the last one is the whole rest."""
    runs = [attempt(seed=0), missed(seed=1, seconds_spent=2.0), attempt(seed=2, seconds_to_target=3.0)]
    found = run_time_distributions(frame(runs), "seconds")
    assert [share_at(found, amount) for amount in (1.0, 2.9, 3.0)] == pytest.approx([1 / 3, 1 / 3, 1.0])


@pytest.mark.parametrize("status", ["converged", "failed", "killed"])
def test_a_run_that_ended_otherwise_never_gets_there(status: str) -> None:
    runs = [attempt(seed=0), missed(status, seed=1, seconds_spent=2.0), attempt(seed=2, seconds_to_target=3.0)]
    found = run_time_distributions(frame(runs), "seconds")
    assert [share_at(found, amount) for amount in (1.0, 2.9, 3.0)] == pytest.approx([1 / 3, 1 / 3, 2 / 3])


def test_it_ends_at_the_longest_run_and_may_never_rise() -> None:
    found = run_time_distributions(frame([missed(seed=0), missed("failed", seed=1, seconds_spent=20.0)]), "seconds")
    assert found["amount"].tolist() == [0.0, 20.0]
    assert found["share"].tolist() == [0.0, 0.0]


def test_unknown_costs_leave_a_group_out_and_groups_may_be_any() -> None:
    runs = frame([attempt(method="a"), attempt(method="b", cost_to_target=np.nan), attempt(method="a", seed=1)])
    found = run_time_distributions(runs.assign(setting="M1"), "cost", by=("setting", "method"))
    assert set(found["method"]) == {"a"}
    assert found["amount"].max() == 100.0
    died = frame([attempt(seed=0), missed("failed", seed=1, cost_spent=np.nan)])
    assert share_at(run_time_distributions(died, "cost"), 100.0) == 0.5
    assert run_time_distributions(frame([]), "cost").empty


def test_a_performance_profile_by_hand() -> None:
    """Of four starts, a is best at one and a factor of two off at another; nobody solves the fourth."""
    seconds = {"a": (1.0, 4.0, None, None), "b": (3.0, 2.0, 5.0, None)}
    runs = [
        missed(method=method, seed=seed) if took is None else attempt(method=method, seed=seed, seconds_to_target=took)
        for method, times in seconds.items()
        for seed, took in enumerate(times)
    ]
    found = performance_profiles(frame(runs))
    by_method = dict(list(found.groupby("method")))
    assert [share_at(by_method["a"], ratio, "ratio") for ratio in (1.0, 1.9, 2.0, 3.0)] == [0.25, 0.25, 0.5, 0.5]
    assert [share_at(by_method["b"], ratio, "ratio") for ratio in (1.0, 2.9, 3.0)] == [0.5, 0.5, 0.75]
    assert set(found["starts"]) == {4}


def test_two_that_take_no_time_are_both_the_best() -> None:
    found = performance_profiles(frame([attempt(method=method, seconds_to_target=0.0) for method in "ab"]))
    assert found["share"].tolist() == [1.0, 1.0]


def test_a_profile_leaves_out_starts_of_unknown_cost() -> None:
    runs = [attempt(method="a"), attempt(method="b", cost_to_target=np.nan), attempt(method="a", seed=1)]
    found = performance_profiles(frame(runs), "cost")
    assert set(found["method"]) == {"a"}
    assert set(found["starts"]) == {1}
