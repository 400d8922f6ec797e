"""Success rates and expected running times against closed forms, and against scipy's bootstrap."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import bootstrap, norm, t

from benchmark.analysis.resampling import expanded_interval
from benchmark.analysis.success import expected_running_time, success_interval, success_table

from .attempt_frames import attempt, frame, missed


@pytest.mark.parametrize(("reached", "runs"), [(0, 5), (4, 5), (5, 5), (37, 80)])
def test_wilsons_interval_is_where_the_score_test_is_at_its_limit(reached: int, runs: int) -> None:
    for end in success_interval(reached, runs):
        score = (reached / runs - end) / np.sqrt(max(end * (1 - end), 1e-300) / runs)
        assert end in (0.0, 1.0) or abs(score) == pytest.approx(norm.ppf(0.975))
    assert np.isnan(success_interval(0, 0)).all()


def test_expected_running_time_is_all_that_was_spent_over_the_successes() -> None:
    found = success_table(frame([attempt(seed=0), attempt(seed=1, seconds_to_target=3.0), missed(seed=2)])).iloc[0]
    assert (found["reached_runs"], found["judged_runs"]) == (2, 3)
    assert found["success_rate_1"] == pytest.approx(2 / 3)
    assert found["time_spent_s"] == 14.0
    assert found["time_expected_s"] == 7.0
    assert found["cost_expected_residual_evaluations"] == 600.0
    quartiles = [found[f"time_{name}_s"] for name in ("lower_quartile", "median", "upper_quartile")]
    assert quartiles == [1.5, 2.0, 2.5]


def test_without_success_the_expected_time_is_infinite_and_all_that_was_spent_is_known() -> None:
    found = success_table(frame([missed(seed=seed) for seed in range(3)])).iloc[0]
    assert np.isinf(found["time_expected_s"])
    assert found["time_spent_s"] == 30.0
    assert np.isnan(found["time_median_s"])
    assert np.isnan(found["time_expected_lower_s"])


def test_a_bootstrap_interval_is_that_of_scipy_where_runs_are_many() -> None:
    random = np.random.default_rng(1)
    spent, reached = random.exponential(2.0, 200), random.random(200) < 0.7

    def ratio(seconds: np.ndarray, successes: np.ndarray, axis: int) -> np.ndarray:
        return np.asarray(seconds.sum(axis) / successes.sum(axis))

    settings = {"paired": True, "vectorized": True, "method": "percentile", "n_resamples": 4000, "rng": random}
    expected = bootstrap((spent, reached.astype(float)), ratio, **settings).confidence_interval
    value, low, high = expected_running_time(spent, reached)
    assert value == pytest.approx(spent.sum() / reached.sum())
    assert (low, high) == pytest.approx((expected.low, expected.high), rel=0.02)


def test_the_interval_of_a_mean_of_few_runs_is_that_of_student() -> None:
    """The bootstrap's spread of a mean of n is short of the standard error by sqrt((n - 1)/n)."""
    error = np.sqrt(4 / 5)
    low, high = expanded_interval(np.random.default_rng(2).normal(0.0, error, 200_000), 5)
    assert (low, high) == pytest.approx((-t.ppf(0.975, 4), t.ppf(0.975, 4)), rel=0.02)


def test_intervals_of_one_run_are_missing_and_others_may_have_no_end() -> None:
    assert np.isnan(expanded_interval(np.ones(10), 1)).all()
    assert expected_running_time(np.array([1.0, 10.0]), np.array([True, False]))[2] == np.inf


def test_intervals_are_the_same_whenever_they_are_asked_for() -> None:
    table = frame([attempt(seed=seed, seconds_to_target=1.0 + seed) for seed in range(5)])
    first, again = success_table(table), success_table(table)
    assert first.equals(again)


def test_every_run_is_counted_once() -> None:
    unknown = {"reached": None, "seconds_to_target": np.nan}
    runs = [attempt(seed=0), missed(seed=1), missed("killed", seed=2), missed("failed", seed=3)]
    runs += [attempt(seed=4, status="skipped", **unknown), attempt(seed=5, **unknown), attempt(seed=6, traced=False)]
    found = success_table(frame(runs)).iloc[0]
    counts = [
        found[f"{name}_runs"] for name in ("skipped", "unjudged", "judged", "reached", "failed", "untraced_reached")
    ]
    assert counts == [1, 1, 5, 2, 2, 1]
    assert found["runs"] == found["skipped_runs"] + found["unjudged_runs"] + found["judged_runs"]
    assert found["success_rate_1"] == pytest.approx(2 / 5)
    assert found["time_spent_s"] == 2 * 1.0 + 3 * 10.0


def test_one_run_of_unknown_cost_makes_that_of_its_line_unknown() -> None:
    runs = [attempt(seed=0), attempt(seed=1, cost_to_target=np.nan)]
    found = success_table(frame(runs)).iloc[0]
    assert np.isnan(found["cost_expected_residual_evaluations"])
    assert np.isnan(found["cost_median_residual_evaluations"])
    assert found["time_expected_s"] == 1.0


def test_instances_and_methods_stand_apart() -> None:
    runs = [attempt(method=method, problem=problem) for method in "ab" for problem in ("m1", "m2")]
    assert len(success_table(frame(runs))) == 4
    assert success_table(frame([])).empty
