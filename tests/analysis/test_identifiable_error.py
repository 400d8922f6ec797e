"""Errors that respect identifiability, against closed forms, least squares of a linear problem, and the real one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.analysis.identifiable_error import Yardstick, yardstick, yardsticks_of
from benchmark.identifiability.analysis import Analysis, analyse
from benchmark.identifiability.classes import IDENTIFIABLE_PERCENT, REFERENCE_NOISE_RAD_PER_S2, WIDTH
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import Quantities
from benchmark.identifiability.refine import refine
from benchmark.problem.problem import load_problem

Array = NDArray[np.float64]

NAMES = ("c1", "c2", "electromechanical_delay")
TRUTH = np.array([-0.5, -0.2, 0.02])


def analysis_of(jacobian: Array, names: tuple[str, ...] = NAMES, truth: Array = TRUTH) -> Analysis:
    """The analysis of a linear problem: its sensitivities to relative parameters are the Jacobian, in rad/s2."""
    magnitudes = np.abs(truth)
    information = Information.of_jacobian(names, truth, magnitudes, jacobian / magnitudes)
    quantities = Quantities((), (), (), np.zeros(0), np.zeros(0), np.zeros((0, len(names))))
    return Analysis("m1-a-published", 1.0, information, quantities, {}, ())


def moved(*relative: float) -> dict[str, float]:
    """The true parameters with relative errors, and one that is none of the problem's."""
    values = TRUTH + np.abs(TRUTH) * np.array(relative)
    return dict(zip(NAMES, values.tolist(), strict=True)) | {"PECM1.tendon_slack_length": 0.1}


def test_of_a_diagonal_problem_they_are_errors_in_units_of_noise_over_sensitivity() -> None:
    """The third parameter has no influence and counts nowhere, however wrong it is; 1e-12 is rounding."""
    found = yardstick(analysis_of(np.diag([10.0, 5.0, 0.0])), 0.1)
    identified = moved(0.02, -0.03, 7.0)
    assert found.error_over_bound(identified) == pytest.approx(np.hypot(0.02 / 0.01, 0.03 / 0.02) / np.sqrt(2), 1e-12)
    assert found.error_percent(identified) == pytest.approx(np.hypot(2.0, 3.0) / np.sqrt(2), 1e-12)
    assert found.error_over_bound(moved(0.0, 0.0, 1.0)) == 0.0


def test_only_what_is_identifiable_at_the_problems_own_noise_counts() -> None:
    """A sensitivity of 1 rad/s2 has a half-width of 10 % at noise of 0.1 / 1.96 rad/s2, and wider ones beyond."""
    analysis, limit = analysis_of(np.diag([100.0, 1.0, 0.0])), IDENTIFIABLE_PERCENT / WIDTH / 100.0
    below, above = (yardstick(analysis, factor * limit) for factor in (0.999, 1.001))
    assert (len(below.directions), len(above.directions)) == (2, 1)
    identified = moved(0.0, 0.5, 0.0)
    assert below.error_percent(identified) == pytest.approx(50.0 / np.sqrt(2.0), 1e-12)
    assert above.error_percent(identified) == pytest.approx(0.0, abs=1e-12)
    assert above.error_over_bound(identified) == 0.0


def test_a_well_determined_sum_counts_where_its_parts_are_not_identifiable() -> None:
    """Sensitivities to a sum of two alone: errors that cancel do not count, and no single parameter is identifiable."""
    found = yardstick(analysis_of(np.array([[10.0, 10.0, 0.0], [0.0, 0.0, 10.0]])), 0.1)
    assert len(found.directions) == 2
    assert found.error_percent(moved(0.1, -0.1, 0.0)) == pytest.approx(0.0, abs=1e-12)
    assert found.error_percent(moved(0.1, 0.1, 0.0)) == pytest.approx(10.0, 1e-12)
    assert found.error_over_bound(moved(0.1, 0.1, 0.03)) == pytest.approx(3.0, 1e-12)


def test_filter_coefficients_are_ordered_first() -> None:
    found = yardstick(analysis_of(np.diag([10.0, 5.0, 2.0])), 0.01)
    identified = moved(0.01, 0.02, 0.03)
    swapped = identified | {"c1": identified["c2"], "c2": identified["c1"]}
    assert found.error_percent(swapped) == found.error_percent(identified)
    assert found.error_over_bound(swapped) == found.error_over_bound(identified)


@pytest.mark.parametrize("lost", ["c1", "electromechanical_delay"])
def test_a_missing_parameter_leaves_nothing_to_say(lost: str) -> None:
    found = yardstick(analysis_of(np.diag([10.0, 5.0, 2.0])), 0.01)
    without = {name: value for name, value in moved(0.0, 0.0, 0.0).items() if name != lost}
    for identified in (without, without | {lost: None}, {}):
        assert found.error_percent(identified) is None  # type: ignore[arg-type]
        assert found.error_over_bound(identified) is None  # type: ignore[arg-type]


def test_a_problem_without_noise_has_directions_at_the_reference_noise_and_no_bound() -> None:
    analysis = analysis_of(np.diag([100.0, 1.0, 0.0]))
    found, at_reference = (yardstick(analysis, noise) for noise in (0.0, REFERENCE_NOISE_RAD_PER_S2))
    np.testing.assert_array_equal(found.directions, at_reference.directions)
    assert found.error_over_bound(moved(0.1, 0.1, 0.1)) is None


def test_where_nothing_is_identifiable_there_is_no_error_of_it() -> None:
    found = yardstick(analysis_of(np.diag([1.0, 1.0, 1.0])), 10.0)
    assert (found.error_percent(moved(1.0, 1.0, 1.0)), found.error_over_bound(moved(1.0, 1.0, 1.0))) == (None, None)


def test_least_squares_of_a_linear_problem_has_a_mean_square_of_one() -> None:
    """By numpy's own least squares of drawn data.

    The mean over 12 hardly correlated squares has a standard deviation of some 0.45, its mean over 2,000 draws 0.01:
    4 % are four standard errors.
    """
    random, noise = np.random.default_rng(5), 0.3
    names = tuple(f"muscle{index}.maximum_isometric_force" for index in range(12))
    truth, jacobian = random.uniform(100.0, 900.0, 12), 20.0 * random.standard_normal((60, 12))
    found = yardstick(analysis_of(jacobian, names, truth), noise)
    estimates = np.linalg.lstsq(jacobian, noise * random.standard_normal((60, 2000)), rcond=None)[0]
    runs = [dict(zip(names, own.tolist(), strict=True)) for own in (truth * (1.0 + estimates.T))]
    over_bound = np.array([found.error_over_bound(run) for run in runs], dtype=np.float64)
    percent = np.array([found.error_percent(run) for run in runs], dtype=np.float64)
    assert np.mean(over_bound**2) == pytest.approx(1.0, abs=0.04)
    expected = (100.0 * noise) ** 2 * np.trace(np.linalg.inv(jacobian.T @ jacobian)) / 12.0
    assert np.mean(percent**2) == pytest.approx(expected, rel=0.04)


def test_yardsticks_of_problems_with_noise_are_of_the_analysis_without() -> None:
    analysis = analysis_of(np.diag([100.0, 1.0, 0.0]))
    problems = ["m1-a-published", "m1-a-published-noise0.1", "m1-a-published-noise0.1", "m2-a-published", "older_one"]
    found = yardsticks_of(problems, {"m1-a-published": analysis})
    assert list(found) == ["m1-a-published", "m1-a-published-noise0.1"]
    assert [own.deviations is None for own in found.values()] == [True, False]


def test_the_minimum_of_the_real_problem_is_as_good_as_the_bound_says() -> None:
    """At noise of 0.01 rad/s2: of draws of its 37 Gaussian errors over their bounds, 99 of 100 are within 1.44.

    Of three draws, the root mean square is between 0.6 and 1.4 with the same certainty at least.
    """
    problem = load_problem("m1-ab-published-noise0.01")
    found: Yardstick = yardstick(analyse(load_problem("m1-ab-published")), problem.parsed.noise_rad_per_s2)
    errors = []
    for seed in range(3):
        stage = problem.replicate(seed).fibre_stage(problem.truth)
        errors.append(found.error_over_bound(stage.space.values(refine(stage, stage.space.start).x)))
    values = np.array(errors, dtype=np.float64)
    assert values.max() < 1.5
    assert 0.6 < np.sqrt(np.mean(values**2)) < 1.4
