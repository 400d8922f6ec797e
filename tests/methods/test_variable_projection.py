"""The pieces of variable projection, against dense linear algebra and another bounded solver."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from benchmark.problem.problem import load_problem
from methods.variable_projection import linear_parameters, minimum_norm_step, project

Array = NDArray[np.float64]
SAMPLES, INNER, RANK, OUTER = 60, 9, 6, 4
# Normal equations of these small matrices, conditioned like 10, lose a few of float64's sixteen digits.
TOLERANCE = 1e-10


@pytest.fixture
def columns() -> tuple[Array, Array, Array]:
    """Inner columns of deficient rank, outer columns, and a residual."""
    draw = np.random.default_rng(3).standard_normal
    return draw((SAMPLES, RANK)) @ draw((RANK, INNER)), draw((SAMPLES, OUTER)), draw(SAMPLES)


def test_an_unbounded_step_is_the_minimum_norm_solution(columns: tuple[Array, Array, Array]) -> None:
    inner, _, residual = columns
    wide = np.full(INNER, 1e3)
    step, free = minimum_norm_step(inner.T @ inner, inner.T @ residual, -wide, wide)
    expected = np.linalg.lstsq(inner, -residual, rcond=1e-10)[0]
    np.testing.assert_allclose(step, expected, rtol=0.0, atol=TOLERANCE)
    assert free.all()


def test_a_bounded_step_is_as_good_as_another_solvers(columns: tuple[Array, Array, Array]) -> None:
    """The optimum is not unique, its value is. It is worse than the free one: the box matters."""
    inner, _, residual = columns
    upper = np.full(INNER, 0.01)
    step, free = minimum_norm_step(inner.T @ inner, inner.T @ residual, -upper, upper)
    assert (np.abs(step) <= upper).all()
    assert not free.all()
    reference = lsq_linear(inner, -residual, (-upper, upper), method="trf", tol=1e-14)
    # trf approaches its bounds from inside and stops a little short
    assert 0.5 * np.sum((inner @ step + residual) ** 2) == pytest.approx(reference.cost, rel=1e-8)
    unbounded = np.linalg.lstsq(inner, -residual, rcond=1e-10)[0]
    assert np.sum((inner @ unbounded + residual) ** 2) < 0.99 * 2.0 * reference.cost


def test_projection_is_that_by_an_orthonormal_basis(columns: tuple[Array, Array, Array]) -> None:
    inner, outer, residual = columns
    jacobian = np.hstack([inner, outer])
    at = np.arange(INNER + OUTER)
    curvature, slope = project(jacobian.T @ jacobian, jacobian.T @ residual, at[:INNER], at[INNER:])
    basis = np.linalg.svd(inner, full_matrices=False)[0][:, :RANK]
    projected = outer - basis @ (basis.T @ outer)
    np.testing.assert_allclose(curvature, projected.T @ projected, rtol=0.0, atol=TOLERANCE * SAMPLES)
    np.testing.assert_allclose(slope, projected.T @ residual, rtol=0.0, atol=TOLERANCE * SAMPLES)


def test_projected_step_is_the_outer_part_of_the_full_step(columns: tuple[Array, Array, Array]) -> None:
    inner, outer, residual = columns
    jacobian = np.hstack([inner, outer])
    at = np.arange(INNER + OUTER)
    curvature, slope = project(jacobian.T @ jacobian, jacobian.T @ residual, at[:INNER], at[INNER:])
    full = np.linalg.lstsq(jacobian, -residual, rcond=1e-10)[0]
    np.testing.assert_allclose(-np.linalg.solve(curvature, slope), full[INNER:], rtol=0.0, atol=TOLERANCE)


def test_bones_and_maximum_forces_are_eliminated() -> None:
    """30 inertial parameters and nine maximum forces in M1; what bends the muscles' curves is not among them."""
    problem = load_problem("m1-a-published")
    names = problem.fibre_stage(problem.start(0.1, 0)).space.names
    eliminated = linear_parameters(names)
    assert eliminated.sum() == 39
    left = {name.partition(".")[2] or "shared" for name, out in zip(names, eliminated, strict=True) if not out}
    assert left == {"optimal_fibre_length", "maximum_contraction_velocity", "pennation_at_optimal", "shared"}
