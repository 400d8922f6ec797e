"""Costed activations against scipy's bounded least squares with the costs as rows of their own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.optimize import lsq_linear

from benchmark.problem.nested.costed_activations import costed_activations, weigh

Array = NDArray[np.float64]

# Columns over costs. Static optimisation's torque balance is nearly a constraint: 2,000 is a muscle of 20 N m there.
KINDS = {"gentle": 1.0, "opposed": 1.0, "steep": 2000.0, "steep opposed": 2000.0}
SAMPLES, ROWS, COUNT = 60, 5, 16


class Posed(NamedTuple):
    """Columns, (T, m, n), targets, (T, m), costs, (n,), and centres, (T, n)."""

    columns: Array
    target: Array
    costs: Array
    centre: Array

    def value(self, z: Array) -> Array:
        """What is to be minimal, (T,), at z, (T, n)."""
        left = self.target - np.einsum("tmn,tn->tm", self.columns, z)
        return np.asarray((left**2).sum(axis=1) + ((self.costs * (z - self.centre)) ** 2).sum(axis=1))


def posed(kind: str) -> Posed:
    """Random problems, a third of the unknowns with no cost where there is no activation, as deep muscles have it."""
    rng = np.random.default_rng(list(KINDS).index(kind))
    columns = KINDS[kind] * rng.standard_normal((SAMPLES, ROWS, COUNT))
    if kind.endswith("opposed"):
        columns[:, :, 3] = -1.7 * columns[:, :, 1]
    centre = rng.uniform(0.0, 1.0, (SAMPLES, COUNT))
    centre[:, : COUNT // 3] = 0.0
    centre[:, -1] = 1.0
    target = np.einsum("tmn,tn->tm", columns, rng.uniform(-0.5, 1.5, (SAMPLES, COUNT)))
    return Posed(columns, target, rng.uniform(0.5, 2.0, COUNT), centre)


@pytest.mark.parametrize("kind", KINDS)
def test_solutions_are_scipys(kind: str) -> None:
    """They are unique, as everything costs something: to 1e-8, far above what conditions of 1e3 leave of float64."""
    problem = posed(kind)
    z, free = costed_activations(*problem)
    for t in range(SAMPLES):
        rows = np.vstack([problem.columns[t], np.diag(problem.costs)])
        right = np.concatenate([problem.target[t], problem.costs * problem.centre[t]])
        expected = lsq_linear(rows, right, (0.0, 1.0), method="bvls", tol=1e-15, max_iter=400)
        np.testing.assert_allclose(z[t], expected.x, rtol=0, atol=1e-8)
    assert 0.1 < free.mean() < 0.9  # both free unknowns and such at bounds are met


@pytest.mark.parametrize("kind", KINDS)
def test_the_conditions_of_a_minimum_hold(kind: str) -> None:
    """No slope along what is free, outward slopes along what is at a bound (Karush, Kuhn and Tucker).

    A slope counts by the step that it asks for, of 1 for full activation: 1e-8 is seen of steep columns.
    """
    problem = posed(kind)
    z, free = costed_activations(*problem)
    assert ((z >= 0.0) & (z <= 1.0)).all()
    assert (free | (z == 0.0) | (z == 1.0)).all()
    left = problem.target - np.einsum("tmn,tn->tm", problem.columns, z)
    slopes = np.einsum("tmn,tm->tn", problem.columns, left) + problem.costs**2 * (problem.centre - z)
    steps = slopes / ((problem.columns**2).sum(axis=1) + problem.costs**2)
    assert np.abs(steps[free]).max() < 1e-7
    assert steps[~free & (z == 0.0)].max() < 1e-7
    assert steps[~free & (z == 1.0)].min() > -1e-7


@pytest.mark.parametrize("kind", KINDS)
def test_weighed_rows_have_the_squares_of_the_minimum(kind: str) -> None:
    """L^-1 of the right side holds what free unknowns cost; those at bounds add their own: the minimum's value."""
    problem = posed(kind)
    z, free = costed_activations(*problem)
    at = np.where(free, problem.centre, z)
    residual = (problem.target - np.einsum("tmn,tn->tm", problem.columns, at)).T.ravel()
    weigh(problem.columns, free, problem.costs, residual, np.zeros((len(residual), 0)))
    found = (residual.reshape(ROWS, SAMPLES) ** 2).sum(axis=0)
    found += np.where(free, 0.0, (problem.costs * (z - problem.centre)) ** 2).sum(axis=1)
    np.testing.assert_allclose(found, problem.value(z), rtol=1e-8)


def test_weighing_multiplies_by_the_inverse_of_the_factor() -> None:
    problem = posed("gentle")
    rng = np.random.default_rng(5)
    free = rng.random((SAMPLES, COUNT)) < 0.5
    residual, jacobian = rng.standard_normal(ROWS * SAMPLES), rng.standard_normal((ROWS * SAMPLES, 3))
    together = np.column_stack([residual, jacobian]).reshape(ROWS, SAMPLES, -1)
    weigh(problem.columns, free, problem.costs, residual, jacobian)
    found = np.column_stack([residual, jacobian]).reshape(ROWS, SAMPLES, -1)
    for t in range(SAMPLES):
        over = problem.columns[t][:, free[t]] / problem.costs[free[t]]
        factor = np.linalg.cholesky(np.eye(ROWS) + over @ over.T)
        np.testing.assert_allclose(found[:, t], solve_triangular(factor, together[:, t], lower=True), atol=1e-12)


def test_what_nothing_pulls_at_stays_where_it_costs_nothing() -> None:
    problem = posed("gentle")
    met = np.einsum("tmn,tn->tm", problem.columns, problem.centre)
    z, _ = costed_activations(problem.columns, met, problem.costs, problem.centre)
    np.testing.assert_allclose(z, problem.centre, rtol=0, atol=1e-14)


def test_no_unknowns_are_no_trouble() -> None:
    problem = posed("gentle")
    z, free = costed_activations(problem.columns[:, :, :0], problem.target, problem.costs[:0], problem.centre[:, :0])
    assert z.shape == free.shape == (SAMPLES, 0)
