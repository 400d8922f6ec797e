"""How sure a result is, against textbook formulas, the noise that was put in, and problems that were made bad."""

import math

import numpy as np
import pytest
from scipy.stats import t as student

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.causes import at_bounds
from benchmark.identifiability.classes import NOT
from benchmark.identifiability.quantities import magnitudes
from benchmark.problem.problem import Problem, load_problem
from benchmark.uncertainty.estimates import Estimate, Uncertainty, uncertainty
from benchmark.uncertainty.fit import fitted
from methods._coordinates import SMALLEST_ANGLE
from tests.uncertainty.changed_problems import (
    NOISE,
    NOISE_FREE,
    refined,
    replicate,
    shortened,
    without_excitation,
)

SEED = 1
Values = dict[str, float]


@pytest.fixture(scope="module")
def problem() -> Problem:
    return replicate(SEED)


@pytest.fixture(scope="module")
def result(problem: Problem) -> Values:
    return refined(problem)


@pytest.fixture(scope="module")
def found(problem: Problem, result: Values) -> Uncertainty:
    return uncertainty(problem, result)


def by_name(found: Uncertainty) -> dict[str, Estimate]:
    return {estimate.name: estimate for estimate in found.estimates}


def test_the_noise_that_was_put_in_is_found(found: Uncertainty) -> None:
    """An estimate by n degrees of freedom has a relative standard deviation of 1/sqrt(2n): four of these."""
    assert found.degrees_of_freedom > 1000
    assert found.noise_rad_per_s2 == pytest.approx(NOISE, rel=4.0 / math.sqrt(2.0 * found.degrees_of_freedom))


def test_standard_deviations_are_those_of_the_pseudo_inverse(problem: Problem, result: Values) -> None:
    """s2 diag((J'J)+), J scaled and by numpy's pinv, for parameters in its row space; held ones are left out.

    Rounding of a condition of some 1e7 leaves 1e-6.
    """
    fit, found = fitted(problem, result), uncertainty(problem, result)
    scale = magnitudes(fit.stage.space, fit.point)[fit.free]
    covariance = np.linalg.pinv(fit.jacobian[:, fit.free] * scale, rcond=1e-11)
    deviations = found.noise_rad_per_s2 * scale * np.sqrt((covariance**2).sum(axis=1))
    names = np.array(fit.stage.space.names)[fit.free]
    seen = [name for name in names if math.isfinite(by_name(found)[name].standard_deviation)]
    assert len(seen) > 35
    for name, deviation in zip(names, deviations, strict=True):
        if name in seen:
            assert by_name(found)[name].standard_deviation == pytest.approx(deviation, rel=1e-6)


def test_intervals_are_students(found: Uncertainty) -> None:
    """A division and a product: 1e-9 of the half width is rounding of the value's digits."""
    width = student.ppf(0.975, found.degrees_of_freedom)
    for estimate in found.estimates:
        if math.isfinite(estimate.standard_deviation):
            ends = (estimate.value - estimate.lower, estimate.upper - estimate.value)
            assert ends == pytest.approx([width * estimate.standard_deviation] * 2, rel=1e-6)


def test_intervals_of_muscles_hold_the_truth_as_often_as_they_say(problem: Problem, found: Uncertainty) -> None:
    """Of some fifty, nine of ten: fewer than that would be a failure of 95 %, as far as they hang together."""
    inside = [
        estimate.lower <= problem.truth[estimate.name] <= estimate.upper
        for estimate in found.estimates
        if estimate.name in problem.truth and math.isfinite(estimate.standard_deviation)
    ]
    assert len(inside) > 35
    assert np.mean(inside) >= 0.85


def test_bones_are_left_open_with_a_cause(found: Uncertainty) -> None:
    mass = by_name(found)["ulna.mass"]
    assert (mass.standard_deviation, mass.lower, mass.upper) == (math.inf, -math.inf, math.inf)
    assert mass.determined == NOT
    assert "no influence on the residual" in mass.cause


def test_what_cannot_be_identified_has_no_value_and_a_cause(found: Uncertainty) -> None:
    eliminated, unseen, rigid = (
        by_name(found)[name]
        for name in ("SUBSC.optimal_fibre_length", "BRD.optimal_fibre_length", "PECM1.tendon_slack_length")
    )
    assert all(math.isnan(entry.value) and entry.determined == NOT for entry in (eliminated, unseen, rigid))
    assert "eliminated" in eliminated.cause
    assert "no influence" in unseen.cause
    assert "rigid tendon" in rigid.cause


def test_a_recording_too_short_is_named_as_the_cause() -> None:
    short = shortened(10)
    found = uncertainty(short, short.truth)
    assert math.isnan(found.noise_rad_per_s2)
    assert any("too short" in remark for remark in found.remarks)
    assert all(estimate.determined == NOT and estimate.cause for estimate in found.estimates)
    assert "too short: 10 equations" in by_name(found)["DELT1.optimal_fibre_length"].cause


def test_a_recording_just_long_enough_has_finite_figures_where_it_has_any() -> None:
    barely = shortened(72)
    found = uncertainty(barely, barely.truth)
    assert 0 < found.degrees_of_freedom < 72
    assert not any(math.isnan(estimate.standard_deviation) for estimate in found.estimates)


def test_a_muscle_never_excited_is_named_as_the_cause() -> None:
    quiet = without_excitation("PECM2")
    found = uncertainty(quiet, quiet.truth)
    assert "never excited" in by_name(found)["PECM2.maximum_isometric_force"].cause
    assert "never excited" in by_name(found)["PECM2.tendon_slack_length"].cause
    assert not by_name(found)["PECM3.maximum_isometric_force"].cause


@pytest.mark.parametrize("angle", [0.0, SMALLEST_ANGLE])
def test_a_parameter_at_its_bound_is_named_as_the_cause_and_held(
    problem: Problem, result: Values, found: Uncertainty, angle: float
) -> None:
    name, other = "DELT1.pennation_at_optimal", "DELT1.maximum_isometric_force"
    at_bound = uncertainty(problem, result | {name: angle})
    assert name in at_bound.held
    assert name not in found.held
    assert "at its lower bound" in by_name(at_bound)[name].cause
    assert any(name in remark for remark in at_bound.remarks)
    assert by_name(at_bound)["DELT1.tendon_slack_length"].cause.startswith(f"made with {name}")
    free = fitted(problem, result | {name: angle})
    information = free.information(np.ones_like(free.free))
    index = list(information.names).index(other)
    unbounded = information.standard_deviations(at_bound.noise_rad_per_s2)[index] * information.magnitudes[index]
    assert by_name(at_bound)[other].standard_deviation <= unbounded * (1.0 + 1e-6)


def test_what_the_recordings_leave_open_stays_open_where_a_bound_is_met(problem: Problem, result: Values) -> None:
    space = problem.fibre_stage(problem.truth).space
    bound = dict(zip(space.names, space.lower.tolist(), strict=True))
    bones = {name: bound[name] for name in ("ulna.mass", "radius.inertia.xx", "humerus.inertia.xx")}
    found = uncertainty(problem, result | bones)
    assert set(bones) <= set(found.held)
    assert math.isinf(by_name(found)["humerus.mass"].standard_deviation)


def test_upper_bounds_count_too(problem: Problem) -> None:
    space = problem.fibre_stage(problem.truth).space
    assert at_bounds(space, space.upper).all()
    assert at_bounds(space, space.lower).all()
    assert not at_bounds(space, 0.5 * (space.lower + space.upper)).any()


def test_a_problem_without_noise_says_so() -> None:
    clean = load_problem(NOISE_FREE)
    found = uncertainty(clean, refined(clean))
    assert any("has no noise" in remark for remark in found.remarks)
    assert found.noise_rad_per_s2 < 1e-5


def test_a_result_that_is_no_minimum_says_so(problem: Problem, result: Values, found: Uncertainty) -> None:
    moved = uncertainty(problem, result | {"DELT1.optimal_fibre_length": 1.05 * result["DELT1.optimal_fibre_length"]})
    assert any("no minimum" in remark for remark in moved.remarks)
    assert not any("no minimum" in remark for remark in found.remarks)


@pytest.mark.parametrize("value", [math.nan, math.inf, None, "0.1", True])
def test_a_damaged_parameter_is_an_error_that_names_it(problem: Problem, result: Values, value: object) -> None:
    with pytest.raises(HarnessError, match=r"c1: run the method on m1-ab-published-noise0\.01 again"):
        uncertainty(problem, result | {"c1": value})


def test_a_missing_parameter_is_an_error_that_names_it(problem: Problem) -> None:
    with pytest.raises(HarnessError, match=r"nothing for humerus\.mass"):
        uncertainty(problem, {})


def test_with_unknown_fibres_a_tendon_is_a_parameter_like_any_other() -> None:
    """One of the results is at its bound: nothing is made with it, and nothing else is to blame for a tendon."""
    problem = load_problem("m1-b-published-fibres_unknown")
    stage = problem.acceleration_stage(problem.truth)
    name = "DELT2.tendon_slack_length"
    lowest = dict(zip(stage.space.names, stage.space.lower.tolist(), strict=True))[name]
    found = by_name(uncertainty(problem, problem.truth | {name: lowest}))
    assert found[name].value == lowest
    assert found[name].cause.startswith("at its lower bound")
    assert "PECM1.tendon_slack_length" in found
    assert not any("made with" in estimate.cause or "rigid" in estimate.cause for estimate in found.values())
