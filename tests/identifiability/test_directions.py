"""Directions among parameters, against known ones, brute force and finite differences of a real problem."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import subspace_angles

from benchmark.identifiability.analysis import Analysis, analyse
from benchmark.identifiability.directions import (
    along,
    common_force_factor,
    correlation,
    exchange_direction,
    in_words,
    null_directions,
    scale_direction,
    weakest_direction_shares,
    weakest_directions,
)
from benchmark.identifiability.information import Information
from benchmark.problem.problem import load_problem

PROBLEM = "m1-a-published"
ROUNDING = 1e-9


def known(jacobian: NDArray[np.float64]) -> Information:
    count = jacobian.shape[1]
    return Information.of_jacobian([f"p{i}" for i in range(count)], np.ones(count), np.ones(count), jacobian)


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyse(load_problem(PROBLEM))


def test_the_weakest_directions_are_those_of_the_smallest_singular_values() -> None:
    first, second = weakest_directions(known(np.diag([-4.0, 0.5, 2.0])), 2)
    np.testing.assert_allclose(first.entries, [0.0, 1.0, 0.0], atol=ROUNDING)
    np.testing.assert_allclose(second.entries, [0.0, 0.0, 1.0], atol=ROUNDING)
    assert (first.strength, first.standard_deviation) == pytest.approx((0.125, 2.0))
    assert len(weakest_directions(known(np.diag([1.0, 0.0])), 5)) == 1


def test_null_directions_are_turned_until_each_has_few_parameters() -> None:
    sparse = np.array([[1.0, -1.0, 0, 0, 0], [0, 0, 3.0, 4.0, 0]]) / [[np.sqrt(2.0)], [5.0]]
    jacobian = np.random.default_rng(1).standard_normal((30, 5))
    found = known(jacobian - jacobian @ sparse.T @ sparse)
    turned = np.array([direction.entries for direction in null_directions(found)])
    np.testing.assert_allclose(np.abs(turned), np.abs(sparse), atol=1e-6)  # where the rotation has ended
    assert np.max(subspace_angles(turned.T, found.null_directions.T)) < ROUNDING
    np.testing.assert_allclose(turned @ turned.T, np.eye(2), atol=ROUNDING)


def test_without_null_directions_there_are_none() -> None:
    assert null_directions(known(np.eye(3))) == []


def test_shares_of_the_weakest_direction_are_what_variances_lose_without_it() -> None:
    found = known(np.random.default_rng(2).standard_normal((20, 4)))
    combinations = np.vstack([np.eye(4), [1.0, 2.0, 3.0, 4.0]])
    whole = np.diag(combinations @ found.covariance(1.0) @ combinations.T)
    (weakest,) = weakest_directions(found, 1)
    lost = (combinations @ weakest.entries) ** 2 * weakest.standard_deviation**2
    np.testing.assert_allclose(weakest_direction_shares(found, combinations), lost / whole, rtol=ROUNDING)


def test_what_is_not_seen_has_no_share() -> None:
    found = known(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 2.0]]))
    shares = weakest_direction_shares(found, np.vstack([np.eye(3), np.zeros(3)]))
    np.testing.assert_array_equal(np.isnan(shares), [True, True, False, True])


def test_the_scale_direction_has_the_effect_that_growing_forces_and_bones_has(analysis: Analysis) -> None:
    stage = load_problem(PROBLEM).fibre_stage(load_problem(PROBLEM).truth)
    grow = np.array(
        [any(kind in name for kind in ("isometric_force", "mass", "inertia")) for name in stage.space.names]
    )
    grow &= np.array(["centre" not in name for name in stage.space.names])
    step = 1e-6
    ahead, behind = (stage.residual(stage.space.start * (1.0 + sign * step * grow)) for sign in (1.0, -1.0))
    effect = np.linalg.norm(ahead - behind) / (2.0 * step * stage.weight)
    found = analysis.information
    direction = scale_direction(found)
    expected = effect / np.linalg.norm(direction) / found.spectrum[0]
    assert along(found, direction).strength == pytest.approx(expected, rel=1e-6)  # of central differences


def test_c1_and_c2_are_told_apart_only_where_they_differ(analysis: Analysis) -> None:
    equal = analyse(load_problem(PROBLEM), {"c1": -0.4, "c2": -0.4}).information
    assert along(equal, exchange_direction(equal)).standard_deviation == np.inf
    differing = along(analysis.information, exchange_direction(analysis.information))
    assert 0.0 < differing.strength < 0.1
    assert -1.0 < correlation(analysis.information, "c1", "c2") < 0.0


def test_correlations_are_those_of_the_covariance() -> None:
    found = known(np.random.default_rng(3).standard_normal((20, 4)))
    covariance = found.covariance(1.0)
    expected = covariance[0, 2] / np.sqrt(covariance[0, 0] * covariance[2, 2])
    assert correlation(found, "p0", "p2") == pytest.approx(expected, rel=ROUNDING)


def test_the_common_factor_of_forces_is_their_mean() -> None:
    names = ("BRD.maximum_isometric_force", "c1", "PQ.maximum_isometric_force")
    found = Information.of_jacobian(names, np.ones(3), np.ones(3), np.eye(3))
    np.testing.assert_array_equal(common_force_factor(found), [[0.5, 0.0, 0.5]])


def test_directions_in_words_name_the_largest_parts_first() -> None:
    names = ("humerus.inertia.xx", "c1", "DELT1.optimal_fibre_length", "ulna.mass")
    entries = np.array([0.3, 0.0, -0.9, 0.05])
    assert in_words(names, entries) == "- 0.90 DELT1 optimal fibre length + 0.30 humerus inertia xx"
    assert in_words(names, -entries, most=1) == "0.90 DELT1 optimal fibre length ..."
