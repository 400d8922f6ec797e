"""What the Gauss-Newton methods share: coordinates, steps within bounds, descents."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import lsq_linear

from benchmark.harness.limits import Limits
from benchmark.harness.prices import load_prices
from benchmark.harness.recorder import StageRecorder
from benchmark.harness.seen import UNWATCHED
from benchmark.harness.view import ProblemView
from benchmark.problem.problem import load_problem
from benchmark.problem.targets import load_targets
from methods._coordinates import SMALLEST_ANGLE, Coordinates
from methods._levenberg_marquardt import Search, bounded_minimum

PROBLEM = "m1-a-published"


@pytest.fixture
def view() -> ProblemView:
    problem = load_problem(PROBLEM)
    stage = problem.fibre_stage(problem.start(0.1, 0))
    return ProblemView(stage, StageRecorder(stage.space, Limits(60.0), load_prices(PROBLEM), UNWATCHED), seed=0)


def random_point(view: ProblemView, seed: int) -> np.ndarray:
    space = view.space
    return np.asarray(np.random.default_rng(seed).uniform(space.lower, space.upper))


@pytest.mark.parametrize("seed", range(5))
def test_coordinates_lead_back_to_the_point(view: ProblemView, seed: int) -> None:
    """Within rounding, and within the smallest angle where an angle is below it."""
    x = random_point(view, seed)
    back = Coordinates(view.space).point(Coordinates(view.space).of(x))
    np.testing.assert_allclose(back, np.where(x == 0.0, SMALLEST_ANGLE, x), rtol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_slopes_of_coordinates_are_derivatives(view: ProblemView, seed: int) -> None:
    """Against central differences, whose own error is about 1e-9 here."""
    coordinates = Coordinates(view.space)
    z = coordinates.of(0.5 * random_point(view, seed) + 0.25 * (view.space.lower + view.space.upper))
    step = 1e-5 * np.abs(z)
    differences = (coordinates.point(z + step) - coordinates.point(z - step)) / (2.0 * step)
    np.testing.assert_allclose(coordinates.slope(z), differences, rtol=1e-7)


@pytest.mark.parametrize("seed", range(20))
def test_bounded_minimum_is_scipys(seed: int) -> None:
    """Against the same problem as bounded least squares, to 1e-8 of the box; about half of the bounds are active."""
    rng = np.random.default_rng(seed)
    root, target = rng.normal(size=(40, 30)), rng.normal(size=40)
    lower, upper = -rng.uniform(0.0, 0.1, 30), rng.uniform(0.0, 0.1, 30)
    expected = lsq_linear(root, target, (lower, upper), method="bvls", tol=1e-14).x
    found = bounded_minimum(root.T @ root, -root.T @ target, lower, upper)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_a_pull_holds_the_point_back(view: ProblemView) -> None:
    """The stronger the pull, the nearer to its centre the minimum, and the higher the loss there."""
    ends = []
    for pull in (1e2, 1e-2, 1e-6):
        search = Search(view)
        search.descend(30, 1e-6, pull)
        ends.append((np.linalg.norm((search.x - view.space.start) / view.space.scale), -search.loss))
    assert ends == sorted(ends)


def test_a_descent_ends_in_the_best_known_minimum(view: ProblemView) -> None:
    """From a start with errors of 10 %; the loss at the truth is not what is asked for, the minimum is lower."""
    search = Search(view)
    search.follow([10.0**-level for level in range(9)], 8)
    search.descend(100, 1e-8)
    problem = load_problem(PROBLEM)
    variance = problem.fibre_stage(problem.start(0.1, 0)).variance
    assert search.loss * variance <= load_targets()[PROBLEM].target_rad2_per_s4
