"""The bootstrap, against the residual that it must take away and the covariance that it must agree with."""

import math

import numpy as np
import pytest

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.analysis import analyse
from benchmark.identifiability.classes import NOT
from benchmark.identifiability.refine import Minimum
from benchmark.problem.problem import Problem, load_problem
from benchmark.uncertainty.bootstrap import Bootstrap, bootstrap, without_residual
from benchmark.uncertainty.estimates import uncertainty
from benchmark.uncertainty.fit import fitted
from datasets.arm_files import load_arm
from tests.uncertainty.changed_problems import refined, replicate, shortened

SEED = 1
REPLICATES = 20


@pytest.fixture(scope="module")
def problem() -> Problem:
    return replicate(SEED)


@pytest.fixture(scope="module")
def result(problem: Problem) -> dict[str, float]:
    return refined(problem)


@pytest.fixture(scope="module")
def again(problem: Problem, result: dict[str, float]) -> Bootstrap:
    return bootstrap(problem, result, REPLICATES, seed=5)


@pytest.mark.parametrize("name", ["m1-a-published", "m2-a-published", "m1-a-published-fibres_unknown"])
def test_the_recordings_fit_the_result_exactly(name: str) -> None:
    """By rounding of torques of some 10 N m over inertias of some 1e-3 kg m2: 1e-10 rad/s2, of 0.1 before."""
    noisy = load_problem(f"{name}-noise0.1").replicate(0)
    fit = fitted(noisy, noisy.truth)
    exact = Problem(noisy.name, without_residual(noisy, fit))
    assert np.abs(fit.residual).max() > 0.1
    assert np.abs(fitted(exact, noisy.truth).residual).max() < 1e-10


@pytest.mark.parametrize("name", ["m1-b-published", "m1-b-published-fibres_unknown"])
def test_quantities_are_named_in_the_order_of_their_values(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a search that stays where it is, they are the true ones; stage two finds slack lengths to 1e-6."""
    monkeypatch.setattr("benchmark.uncertainty.bootstrap.refine", lambda stage, start: Minimum(start, 0.0))
    problem = load_problem(name)
    found = bootstrap(problem, problem.truth, REPLICATES, noise=0.1)
    quantities = analyse(problem).quantities
    assert found.names == quantities.names
    expected = np.broadcast_to(quantities.values, found.values.shape)
    np.testing.assert_allclose(found.values, expected, rtol=1e-6, atol=1e-12)
    assert found.at_bound.shape == (REPLICATES, problem.acceleration_stage(problem.truth).space.size)


def test_the_change_of_the_accelerations_is_as_large_as_the_residual(
    problem: Problem, result: dict[str, float]
) -> None:
    """In all 16 coordinates: no smaller change could take it away. Both are sums of the same squares: 1e-9."""
    fit = fitted(problem, result)
    coupling = load_arm(problem.parsed.variant).coupling_matrix()
    steps = [
        changed.recording.acceleration_rad_per_s2 - entry.recording.acceleration_rad_per_s2
        for entry, changed in zip(problem.coupled, without_residual(problem, fit), strict=True)
    ]
    counted = [step[entry.counted] for step, entry in zip(steps, problem.coupled, strict=True)]
    whole = np.concatenate(counted) @ coupling.T
    assert (whole**2).sum(axis=1) == pytest.approx(fit.residual**2, rel=1e-9, abs=1e-15)


def test_deviations_agree_with_the_covariance_where_the_problem_is_nearly_linear(
    problem: Problem, result: dict[str, float], again: Bootstrap
) -> None:
    """A deviation of 20 replicates has a relative standard error of 1/sqrt(38) = 0.16: four of these for each.

    For the median of quantities that hang together, two.
    """
    found = {e.name: e.standard_deviation for e in uncertainty(problem, result).estimates if e.determined != NOT}
    figures = zip(again.names, again.standard_deviations, strict=True)
    ratios = np.array([deviation / found[name] for name, deviation in figures if name in found])
    error = 1.0 / math.sqrt(2.0 * (REPLICATES - 1))
    assert len(ratios) > 60
    assert np.median(ratios) == pytest.approx(1.0, abs=2.0 * error)
    assert np.abs(ratios - 1.0).max() < 4.0 * error


def test_quantities_are_those_of_the_uncertainty_around_the_result(
    problem: Problem, result: dict[str, float], again: Bootstrap
) -> None:
    """The mean of the replicates is within five standard errors of the result, where that is determined."""
    found = {estimate.name: estimate for estimate in uncertainty(problem, result).estimates}
    assert again.names == tuple(name for name, estimate in found.items() if math.isfinite(estimate.value))
    assert again.values.shape == (REPLICATES, len(again.names))
    lower, upper = again.intervals
    for index, name in enumerate(again.names):
        if found[name].determined == "identifiable":
            error = found[name].standard_deviation / math.sqrt(REPLICATES)
            assert again.values[:, index].mean() == pytest.approx(found[name].value, abs=5.0 * error)
            assert lower[index] < found[name].value < upper[index]


def test_shares_at_bounds_are_counted() -> None:
    at_bound = np.array([[True, False], [False, False], [True, True], [False, False]])
    found = Bootstrap(0.1, ("a", "b", "a tendon"), np.arange(12.0).reshape(4, 3), at_bound)
    assert found.share_at_bounds == 0.5
    assert found.shares_at_bounds == {"a": 0.5, "b": 0.25}


def test_intervals_are_percentiles() -> None:
    """Of 0 to 40, equally spaced, the 2.5 % point is 1 and the 97.5 % point 39."""
    found = Bootstrap(0.1, ("a",), np.arange(41.0)[::-1, None], np.zeros((41, 1), dtype=np.bool_))
    assert found.intervals.ravel().tolist() == pytest.approx([1.0, 39.0])
    assert found.standard_deviations.tolist() == pytest.approx([math.sqrt(41.0 * 42.0 / 12.0)])


def test_too_few_replicates_are_an_error(problem: Problem, result: dict[str, float]) -> None:
    with pytest.raises(HarnessError, match="19 replicates give no 95 % interval: ask for 20 or more"):
        bootstrap(problem, result, 19)


@pytest.mark.parametrize("noise", [0.0, -1.0, math.inf, math.nan])
def test_noise_that_makes_no_sense_is_an_error(problem: Problem, result: dict[str, float], noise: float) -> None:
    with pytest.raises(HarnessError, match="must be positive and finite"):
        bootstrap(problem, result, 20, noise=noise)


def test_recordings_too_short_to_tell_their_noise_are_an_error() -> None:
    short = shortened(10)
    with pytest.raises(HarnessError, match="too short to tell their noise"):
        bootstrap(short, short.truth, 20)
