"""Profiles of formulas whose least sums of squares are known, and of the real problem."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.analysis import analyse
from benchmark.identifiability.profile import CURVED, FLAT, OPEN, PARABOLA, THRESHOLD, Profile, profiles_of, study_of
from benchmark.identifiability.profiles import default_parameters, profile, profiles
from benchmark.identifiability.refine import refine
from benchmark.problem.problem import load_problem
from datasets.parameters import SHARED_UNITS

from .formulas import formula_problem, linear_problem, space

FORCE, OTHER_FORCE = "DELT1.maximum_isometric_force", "DELT2.maximum_isometric_force"
LENGTH, MASS, OTHER_MASS = "DELT1.optimal_fibre_length", "ulna.mass", "radius.mass"
NOISE = 0.5
# Searches leave some 1e-4 of the noise's variance, where the data fit as badly as they do here less.
RISE = 1e-5


def test_a_linear_model_has_parabolas_and_the_interval_of_linear_theory() -> None:
    generator = np.random.default_rng(0)
    matrix, target = generator.standard_normal((30, 3)), generator.standard_normal(30)
    own = space([FORCE, OTHER_FORCE, LENGTH], [1.0, 2.0, 3.0], [-50.0] * 3, [50.0] * 3)
    estimate = np.linalg.lstsq(matrix, target)[0]
    deviations = NOISE * np.sqrt(np.diag(np.linalg.inv(matrix.T @ matrix)))
    for index, found in enumerate(profiles(linear_problem(own, matrix, target), own.names, NOISE)):
        assert found.estimate == pytest.approx(estimate[index], abs=1e-4 * deviations[index])
        assert found.standard_deviation == pytest.approx(deviations[index], rel=1e-8)
        expected = ((found.values - estimate[index]) / deviations[index]) ** 2
        np.testing.assert_allclose(found.rises, expected, atol=1e-3)
        assert found.shape == PARABOLA
        assert found.interval[2:] == (False, False)
        # straight lines are interpolated without error; what remains is the search's
        np.testing.assert_allclose(found.interval[:2], found.linear_interval, atol=1e-3 * deviations[index])
        assert found.linear_interval[1] - found.estimate == pytest.approx(1.959964 * deviations[index], rel=1e-6)


def test_what_only_a_sum_determines_is_flat_until_its_partner_is_at_its_bound() -> None:
    """The residual is that of m1 + m2 = 3; m2 <= 4, so that below m1 = -1 the sum falls short."""
    own = space([MASS, OTHER_MASS], [1.0, 2.0], [-5.0, -9.0], [5.0, 4.0])
    found = profile(linear_problem(own, np.array([[1.0, 1.0]]), np.array([3.0])), MASS, NOISE)
    assert found.standard_deviation == np.inf
    assert found.linear_interval == (-np.inf, np.inf)
    shortfall = np.maximum(-1.0 - found.values, 0.0)
    np.testing.assert_allclose(found.rises, (shortfall / NOISE) ** 2, atol=RISE)
    assert found.shape == FLAT
    assert found.interval.upper_open
    assert found.interval.upper == 5.0
    assert not found.interval.lower_open
    # monotone interpolation over a kink, between steps that rise by a unit of the root at most
    assert found.interval.lower == pytest.approx(-1.0 - NOISE * np.sqrt(THRESHOLD), abs=0.05 * NOISE)


def test_a_curved_model_has_the_interval_of_its_likelihood_and_not_that_of_linear_theory() -> None:
    """Residual exp(x) - 1: the rise is its square, the ends are log(1 -+ 1.96 noise), or the bound."""
    own = space([FORCE], [0.1], [-2.0], [2.0])
    noise = 0.3
    problem = formula_problem(own, lambda x: np.exp(x) - 1.0, lambda x: np.exp(x)[:, None])
    found = profile(problem, FORCE, noise)
    assert found.shape == CURVED
    ends = np.log1p(np.array([-1.0, 1.0]) * noise * np.sqrt(THRESHOLD))
    np.testing.assert_allclose(found.interval[:2], ends, atol=5e-3)  # cubic interpolation over half deviations
    np.testing.assert_allclose(found.linear_interval, noise * np.sqrt(THRESHOLD) * np.array([-1.0, 1.0]), atol=1e-4)
    opened = profile(problem, FORCE, 0.6)
    assert opened.shape == OPEN
    assert (opened.interval.lower, opened.interval.lower_open, opened.interval.upper_open) == (-2.0, True, False)


def test_a_lower_minimum_on_the_way_becomes_the_reference() -> None:
    """Two wells: zero at 1, and about 0.16 at -1, with a barrier of about 1 between them."""
    own = space([FORCE], [-1.1], [-3.0], [3.0])
    problem = formula_problem(
        own,
        lambda x: np.concatenate([x**2 - 1.0, 0.2 * (x - 1.0)]),
        lambda x: np.concatenate([2.0 * x, [0.2]])[:, None],
    )
    stage = problem.acceleration_stage(problem.nominal)
    assert refine(stage, stage.space.start).x[0] < 0.0
    found = profile(problem, FORCE, np.sqrt(0.5))
    assert found.estimate == pytest.approx(1.0, abs=1e-3)
    assert found.rises.min() > -RISE


def test_a_parameter_at_its_bound_is_open_there() -> None:
    own = space([FORCE], [0.5], [0.0], [3.0])
    found = profile(linear_problem(own, np.array([[1.0]]), np.array([-0.1])), FORCE, 0.1)
    assert found.estimate == 0.0
    assert (found.interval.lower, found.interval.lower_open) == (0.0, True)
    # (x + 0.1)^2 - 0.1^2 = 3.84 * 0.1^2
    assert found.interval.upper == pytest.approx(0.1 * (np.sqrt(1.0 + THRESHOLD) - 1.0), abs=1e-3)


def test_where_c2_is_held_c1_stays_below_it_and_results_are_ordered() -> None:
    """Both enter as their sum of -0.8, which c1 cannot make up for below c2."""
    own = space(["c1", "c2"], [-0.5, -0.3], [-0.95] * 2, [-0.05] * 2)
    problem = linear_problem(own, np.array([[1.0, 1.0]]), np.array([-0.8]))
    found = profile(problem, "c2", 0.1)
    np.testing.assert_allclose(found.rises, (np.maximum(-0.8 - 2.0 * found.values, 0.0) / 0.1) ** 2, atol=RISE)
    stage = problem.acceleration_stage(problem.nominal)
    assert refine(stage, np.array([-0.2, -0.6])).x.tolist() == sorted(refine(stage, np.array([-0.2, -0.6])).x)
    held = refine(stage, np.array([-0.2, -0.6]), {"c1": -0.3}).x
    assert held.tolist() == pytest.approx([-0.3, -0.3])


def test_profiles_are_stored_and_read_again() -> None:
    found = Profile("p", MASS, "kg", 0.1, 1.0, np.inf, 0.0, 2.0, np.array([0.0, 1.0, 2.0]), np.array([4.0, 0.0, 9.0]))
    content = json.loads(json.dumps(study_of("p", [found]), allow_nan=False))
    (again,) = profiles_of(content | {"provenance": {}})
    assert again.plain() == found.plain()
    assert again.standard_deviation == np.inf
    assert content["problem"] == "p"


def test_what_cannot_be_profiled_is_told() -> None:
    own = space([FORCE], [1.0], [0.0], [2.0])
    problem = linear_problem(own, np.array([[1.0]]), np.array([1.0]))
    with pytest.raises(HarnessError, match=r"unknown parameter of formula 'DELT1\.force'.*there are: DELT1"):
        profiles(problem, ["DELT1.force"], 0.1)
    with pytest.raises(HarnessError, match="noise of 0 rad/s2: give a figure above 0"):
        profile(problem, FORCE, 0.0)


def test_of_the_real_problem_the_best_determined_parameter_has_a_parabola_and_the_bones_are_flat() -> None:
    """Of recordings without noise, at 0.01 rad/s2; the bound on one bone's mass is met by the others' bounds first."""
    problem = load_problem("m1-a-published")
    chosen = default_parameters(analyse(problem))
    assert len(chosen) == 6
    assert chosen[4] in SHARED_UNITS
    told: list[str] = []
    best, bone = profiles(problem, [chosen[0], chosen[5]], 0.01, told.append)
    assert best.shape == PARABOLA
    np.testing.assert_allclose(best.rises, ((best.values - best.estimate) / best.standard_deviation) ** 2, atol=0.2)
    assert best.interval.lower < problem.truth[chosen[0]] < best.interval.upper
    assert bone.standard_deviation == np.inf
    assert bone.shape == FLAT
    assert len(told) == 2
