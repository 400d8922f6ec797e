"""Smallest detectable differences, against the share of simulated repetitions that show them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmark.analysis.comparison import SMALLEST_RATIO, compare
from benchmark.analysis.design import POWER, detectable, smallest_success_difference
from benchmark.analysis.paired import paired_difference, success_difference

from .attempt_frames import Behaviour, attempt, frame, simulated

REPETITIONS = 4000


@pytest.mark.parametrize(("starts", "alpha"), [(10, 0.05), (20, 0.05), (50, 0.005)])
def test_the_smallest_success_difference_is_shown_in_four_of_five_repetitions(starts: int, alpha: float) -> None:
    smallest = smallest_success_difference(starts, alpha)
    random = np.random.default_rng(starts)
    lost = (random.random((starts, REPETITIONS)) < smallest).astype(float)
    shown = (success_difference(lost, np.zeros(starts, dtype=np.intp)).p < alpha).mean()
    assert shown == pytest.approx(POWER, abs=0.03)


def test_success_differences_that_no_run_of_luck_can_show_are_missing() -> None:
    assert np.isnan(smallest_success_difference(6, 1e-6))


def test_the_smallest_ratio_is_shown_in_four_of_five_repetitions() -> None:
    """By 400 pairs, corrected for as many; their median standard error is a little less than the true one."""
    random, spread, starts = np.random.default_rng(1), 0.2, 12
    instance = np.zeros(starts, dtype=np.intp)
    errors = paired_difference(random.normal(0.0, spread, (starts, 400)), instance).error
    pairs = pd.DataFrame({"log10_time_ratio_standard_error_1": errors, "success_difference_standard_error_1": 0.1})
    pairs = pairs.assign(target="t", method="a", other="b", instances=1, starts=starts, degrees_of_freedom=starts - 1.0)
    line = detectable(pairs.assign(time_ratio_1=1.1, time_verdict="", success_verdict="")).iloc[0]
    values = random.normal(np.log10(line["smallest_time_ratio_1"]), spread, (starts, REPETITIONS))
    assert line["alpha_1"] == pytest.approx(0.05 / 800)
    shown = (paired_difference(values, instance).p < line["alpha_1"]).mean()
    assert shown == pytest.approx(POWER, abs=0.06)


def test_designs_are_described() -> None:
    methods = {"a": Behaviour(), "b": Behaviour(4.0), "never": Behaviour(success=0.0), "nor": Behaviour(success=0.0)}
    comparisons = compare(simulated(methods, 2, 10, np.random.default_rng(2)))
    line = detectable(comparisons).iloc[0]
    assert (line["methods"], line["instances"], line["starts"], line["generalises"]) == (4, 2, 20, False)
    assert (line["pairs"], line["pairs_told_apart"]) == (5, 5)
    assert line["alpha_1"] == pytest.approx(0.05 / 10)
    assert line["smallest_time_ratio_1"] >= SMALLEST_RATIO


def test_more_starts_show_smaller_differences() -> None:
    methods = {"a": Behaviour(noise=0.2, success=0.9), "b": Behaviour(2.0, 0.9, noise=0.2)}
    few, many = (detectable(compare(simulated(methods, 2, n, np.random.default_rng(3)))).iloc[0] for n in (5, 50))
    for column in ("smallest_time_ratio_1", "smallest_success_difference_1"):
        assert many[column] < few[column]


def test_six_instances_say_something_of_others() -> None:
    found = detectable(compare(simulated({"a": Behaviour(), "b": Behaviour()}, 6, 2, np.random.default_rng(4))))
    assert found["generalises"].tolist() == [True]


def test_too_few_starts_detect_nothing() -> None:
    runs = frame([attempt(method=method, seed=seed) for method in "ab" for seed in range(3)])
    line = detectable(compare(runs)).iloc[0]
    assert (line["pairs"], line["pairs_told_apart"]) == (0, 0)
    assert np.isnan(line["smallest_time_ratio_1"])
    assert detectable(compare(frame([]))).empty
