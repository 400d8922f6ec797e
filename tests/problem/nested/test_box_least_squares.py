"""Bounded least squares against scipy's, the conditions of a minimum, and projections written out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from benchmark.problem.nested.box_least_squares import box_least_squares, project_out

Array = NDArray[np.float64]

KINDS = ("regular", "opposed", "three alike", "more unknowns", "without influence", "far from order one")
ROUNDING = 1e-9  # of the target: two different algorithms in float64, 1e-13 is seen


class Posed(NamedTuple):
    """Columns, (T, r, n), targets, (T, r), and bounds, (T, n) each."""

    columns: Array
    target: Array
    lower: Array
    upper: Array

    def left(self, z: Array) -> Array:
        """What a solution, (T, n), leaves: (T, r)."""
        return np.asarray(self.target - np.einsum("trn,tn->tr", self.columns, z))


def posed(kind: str, samples: int = 80) -> Posed:
    """Random problems with solutions on both sides of all bounds."""
    rng = np.random.default_rng(KINDS.index(kind))
    rows, count = (3, 6) if kind == "more unknowns" else (5, 5)
    columns = rng.standard_normal((samples, rows, count))
    if kind in ("opposed", "three alike"):  # as an extensor's and a flexor's columns at one joint
        columns[:, :, 3] = -1.7 * columns[:, :, 1]
    if kind == "three alike":
        columns[:, :, 0] = 0.3 * columns[:, :, 1]
    if kind == "without influence":
        columns[:, :, 2] = 0.0
    lower = -rng.uniform(0.0, 0.5, (samples, count))
    upper = rng.uniform(0.05, 1.0, (samples, count))
    scale = 10.0 ** rng.uniform(-4, 4, count) if kind == "far from order one" else np.ones(count)
    return Posed(columns * scale, rng.standard_normal((samples, rows)), lower / scale, upper / scale)


@pytest.mark.parametrize("kind", KINDS)
def test_it_leaves_as_little_as_scipy_does(kind: str) -> None:
    problem = posed(kind)
    z, free = box_least_squares(*problem)
    found = np.linalg.norm(problem.left(z), axis=1)
    for t, (columns, target, lower, upper) in enumerate(zip(*problem, strict=True)):
        expected = lsq_linear(columns, target, (lower, upper), method="bvls", tol=1e-15)
        assert found[t] == pytest.approx(np.sqrt(2.0 * expected.cost), abs=ROUNDING * float(np.linalg.norm(target)))
        if kind == "regular":
            np.testing.assert_allclose(z[t], expected.x, rtol=0, atol=1e-7)  # conditions of some hundreds
    if kind == "regular":
        assert 0.1 < free.mean() < 0.9  # both free unknowns and such at bounds are met


@pytest.mark.parametrize("kind", KINDS)
def test_the_conditions_of_a_minimum_hold(kind: str) -> None:
    """No slope along what is free, outward slopes along what is at a bound (Karush, Kuhn and Tucker)."""
    problem = posed(kind)
    z, free = box_least_squares(*problem)
    assert ((z >= problem.lower) & (z <= problem.upper)).all()
    at_lower, at_upper = z == problem.lower, z == problem.upper
    assert (free | at_lower | at_upper).all()
    sizes = np.linalg.norm(problem.columns, axis=1) * np.linalg.norm(problem.target, axis=1)[:, None]
    slopes = np.einsum("trn,tr->tn", problem.columns, problem.left(z)) / np.where(sizes > 0.0, sizes, 1.0)
    assert np.abs(slopes[free]).max() < ROUNDING
    assert slopes[~free & at_lower].max() < ROUNDING
    assert slopes[~free & at_upper].min() > -ROUNDING


def test_without_bounds_it_is_least_squares() -> None:
    problem = posed("regular")
    far = np.full_like(problem.lower, 1e6)
    z, free = box_least_squares(problem.columns, problem.target, -far, far)
    expected = [np.linalg.lstsq(*pair)[0] for pair in zip(problem.columns, problem.target, strict=True)]
    assert free.all()
    np.testing.assert_allclose(z, expected, rtol=1e-8, atol=1e-10)


def test_an_unknown_without_room_stays_at_its_bound() -> None:
    problem = posed("regular")
    upper = problem.upper.copy()
    upper[:, 2] = problem.lower[:, 2]
    z, _ = box_least_squares(problem.columns, problem.target, problem.lower, upper)
    np.testing.assert_array_equal(z[:, 2], problem.lower[:, 2])
    others = [0, 1, 3, 4]
    moved = problem.target - problem.columns[:, :, 2] * problem.lower[:, [2]]
    rest = Posed(problem.columns[:, :, others], moved, problem.lower[:, others], upper[:, others])
    expected, _ = box_least_squares(*rest)
    np.testing.assert_allclose(z[:, others], expected, rtol=0, atol=1e-9)


def test_a_sample_does_not_depend_on_the_others() -> None:
    """Of many solutions the same is taken, whatever was solved before: to the bit."""
    problem = posed("opposed")
    z, _ = box_least_squares(*problem)
    backwards, _ = box_least_squares(*(np.ascontiguousarray(array[::-1]) for array in problem))
    np.testing.assert_array_equal(backwards[::-1], z)


@pytest.mark.parametrize("kind", ["regular", "opposed", "without influence"])
def test_what_free_columns_imitate_is_taken_out(kind: str) -> None:
    """Against the projector by pseudo-inverse; rounding is 1e-14."""
    problem = posed(kind, samples=12)
    samples, rows, count = problem.columns.shape
    rng = np.random.default_rng(0)
    jacobian, free = rng.standard_normal((rows * samples, 7)), rng.random((samples, count)) < 0.5
    expected = jacobian.reshape(rows, samples, -1).copy()
    for t in range(samples):
        chosen = problem.columns[t][:, free[t]]
        expected[:, t] -= chosen @ np.linalg.pinv(chosen) @ expected[:, t]
    project_out(problem.columns, free, jacobian)
    np.testing.assert_allclose(jacobian.reshape(expected.shape), expected, rtol=0, atol=1e-11)
