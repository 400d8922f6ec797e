"""Paired differences against the t test, the stratified standard error, and cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from benchmark.analysis.paired import FEWEST, holm, paired_difference, success_difference
from benchmark.analysis.resampling import instance_weights, stratified_weights


def test_holm_by_hand() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.5, 0.6])).tolist() == [1.0, 1.0]
    assert not len(holm(np.array([])))


def test_of_one_instance_it_is_the_paired_t_test() -> None:
    values = np.random.default_rng(0).normal(0.3, 1.0, (12, 5))
    found, expected = paired_difference(values, np.zeros(12, dtype=np.intp)), ttest_1samp(values, 0.0)
    assert found.estimate == pytest.approx(values.mean(axis=0))
    assert found.freedom == 11
    assert found.p == pytest.approx(expected.pvalue, rel=0.25, abs=0.01)
    low, high = found.interval()
    expected_ends = expected.confidence_interval()
    np.testing.assert_allclose([low, high], [expected_ends.low, expected_ends.high], atol=0.06)


def test_of_few_instances_the_spread_within_them_counts_alone() -> None:
    random = np.random.default_rng(1)
    instance = np.repeat(np.arange(3), 20)
    values = random.normal(np.array([0.0, 5.0, -2.0])[instance], 1.0)[:, None]
    within = [values[instance == each].var(ddof=1) / 20 for each in range(3)]
    found = paired_difference(values, instance)
    assert found.error[0] == pytest.approx(np.sqrt(sum(within)) / 3, rel=0.06)
    assert found.freedom == 57


def test_of_many_instances_the_spread_between_them_counts() -> None:
    random = np.random.default_rng(2)
    instance = np.repeat(np.arange(10), 4)
    values = random.normal(random.normal(0.0, 3.0, 10)[instance], 1.0)[:, None]
    means = np.array([values[instance == each].mean() for each in range(10)])
    found, expected = paired_difference(values, instance), ttest_1samp(means, 0.0)
    assert found.error[0] == pytest.approx(means.std(ddof=1) / np.sqrt(10), rel=0.06)
    assert found.freedom == 9
    assert found.p[0] == pytest.approx(expected.pvalue, rel=0.2)


def test_every_instance_counts_alike_however_many_seeds_it_has() -> None:
    instance = np.array([0] * 8 + [1] * 2)
    assert paired_difference(instance[:, None].astype(float), instance).estimate[0] == pytest.approx(0.5)
    for weights in (stratified_weights, instance_weights):
        np.testing.assert_allclose(weights((8, 2)).sum(axis=1), 1.0)
    np.testing.assert_allclose(stratified_weights((8, 2))[:, 8:].sum(axis=1), 0.5)


def test_success_differences_by_hand() -> None:
    """Ten pairs that all differ: (11 - 1)/12, error sqrt((1 - (10/12)^2)/12); and ten that all agree."""
    values = np.stack([np.ones(10), np.zeros(10)], axis=1)
    found = success_difference(values, np.zeros(10, dtype=np.intp))
    assert found.estimate == pytest.approx([1.0, 0.0])
    assert found.centre == pytest.approx([10 / 12, 0.0])
    assert found.error == pytest.approx([np.sqrt((1 - (10 / 12) ** 2) / 12), np.sqrt(2 / 12 / 12)])
    assert found.p[1] == 1.0
    low, high = found.interval()
    assert (low[0], high[1]) == pytest.approx((10 / 12 - 1.95996 * 0.159571, 1.95996 * 0.117851), rel=1e-4)


def test_where_instances_disagree_their_spread_makes_success_differences_uncertain() -> None:
    instance = np.repeat(np.arange(8), 10)
    split = np.where(instance % 2 == 0, 1.0, -1.0)[:, None]
    mixed = np.where(np.arange(80) % 2 == 0, 1.0, -1.0)[:, None]
    assert success_difference(split, instance).error[0] > 2.0 * success_difference(mixed, instance).error[0]


@pytest.mark.parametrize(("instances", "seeds"), [(1, 10), (2, 5), (4, 10), (8, 5)])
@pytest.mark.parametrize("success", [1.0, 0.8, 0.5])
def test_methods_that_are_the_same_are_told_apart_in_one_case_of_twenty_at_most(
    instances: int, seeds: int, success: float
) -> None:
    """2,000 pairs of a method with itself: clock noise of 12 %, and runs that succeed or not on their own.

    A failure counts with 20 times the time of a success. Told apart is a pair whose smaller p of two, as corrected
    after Holm, is below 5 %.
    """
    random = np.random.default_rng([instances, seeds, int(10 * success)])
    instance = np.repeat(np.arange(instances), seeds)
    assert len(instance) >= FEWEST
    reached = random.random((2, len(instance), 2000)) < success
    log_time = np.where(reached, random.normal(0.0, 0.05, reached.shape), 1.3)
    time = paired_difference(log_time[0] - log_time[1], instance)
    often = success_difference(reached[0] - reached[1].astype(float), instance)
    assert (2.0 * np.minimum(time.p, often.p) < 0.05).mean() <= 0.05
