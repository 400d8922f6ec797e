"""The result with physically consistent bones that fits best.

A bone's second moments about its centre of mass are the product of a triangular matrix with its transpose, whose
diagonal is an exponential: they are positive definite whatever the numbers are. With a positive mass this is the
log-Cholesky parametrisation of the pseudo-inertia (Rucker and Wensing 2022), from which mass and centre of mass come
out apart, so that these keep their own bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.identifiability.refine import descent
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.parameters import ParameterSpace, order_filter
from benchmark.problem.problem import Problem
from benchmark.uncertainty.consistency import (
    INERTIA_KINDS,
    bone_faults,
    inertia_of,
    inertia_of_moments,
    second_moments,
    symmetric_entries,
)
from benchmark.uncertainty.fit import fitted
from datasets.parameters import unit

Array = NDArray[np.float64]

# Of the largest second moment that the bounds allow: bones whose second moments are less would be 0.1 mm thin.
LEAST_SHARE = 1e-6
# Of a bone's largest second moment: where a search starts that would else start at the edge of what is consistent.
START_SHARE = 1e-2
LOWER_TRIANGLE = np.tril_indices(3)
DIAGONAL = LOWER_TRIANGLE[0] == LOWER_TRIANGLE[1]


class ConsistentResult(NamedTuple):
    """A result with physically consistent bones.

    Attributes
    ----------
    values
        Parameters of stage one by name; tendon slack lengths follow from them by stage two.
    before, after
        Mean squared acceleration that was left unexplained and that is now, in rad2/s4.
    remarks
        What there is to say of it.
    """

    values: dict[str, float]
    before: float
    after: float
    remarks: tuple[str, ...]


def consistent(problem: Problem, values: Mapping[str, Any]) -> ConsistentResult:
    """The parameters near a result that fit best with physically consistent bones.

    Muscles, masses and centres of mass stay within their bounds; moments of inertia are consistent, and may leave
    theirs. A result whose bones are consistent stays as it is.

    Parameters
    ----------
    problem
        The problem that the result is of, with or without noise.
    values
        The result's parameters by name.

    Raises
    ------
    HarnessError
        If a parameter is missing or no finite number, or if the model is not finite there.
    """
    fit = fitted(problem, values)
    result, bodies = fit.stage.space.values(fit.point), problem.arm.identified_bodies
    before = float(fit.residual @ fit.residual) / fit.stage.projection.samples
    if not bone_faults(result, bodies):
        return ConsistentResult(result, before, before, ("the bones are physically consistent as they are",))
    stage = ConsistentStage(fit.stage, fit.point, bodies)
    search = descent(stage)
    found = order_filter(fit.stage.space.values(stage.complete(search.x)))
    return ConsistentResult(found, before, search.loss * fit.stage.variance, tuple(_beyond_bounds(fit.stage, found)))


class ConsistentStage:
    """A stage in whose parameter space all bones are consistent.

    The entries of each body's inertia make room for those of the Cholesky factor of its second moments, row by row,
    the diagonal's by their logarithms.

    Parameters
    ----------
    stage
        The stage.
    point
        All of its parameters, (p,): near them a search starts, with the bones made consistent.
    bodies
        Names of the bodies.
    """

    def __init__(self, stage: AccelerationStage, point: Array, bodies: tuple[str, ...]) -> None:
        self._stage = stage
        whole = stage.space
        column = {name: index for index, name in enumerate(whole.names)}
        self._columns = [np.array([column[f"{body}.{kind}"] for kind in INERTIA_KINDS]) for body in bodies]
        lower, upper, start = whole.lower.copy(), whole.upper.copy(), whole.clip(point)
        values = whole.values(point)
        for body, columns in zip(bodies, self._columns, strict=True):
            largest = 0.5 * whole.upper[columns[:3]].sum()
            upper[columns] = np.where(DIAGONAL, 0.5 * np.log(largest), np.sqrt(largest))
            lower[columns] = np.where(DIAGONAL, 0.5 * np.log(LEAST_SHARE * largest), -np.sqrt(largest))
            start[columns] = _factor_entries(nearest_moments(second_moments(inertia_of(values, body))))
        names = tuple(_name_in_factor(name, column[name], self._columns) for name in whole.names)
        self.space = ParameterSpace(names, lower, upper, np.clip(start, lower, upper))

    def complete(self, x: Array) -> Array:
        """The stage's own parameters, (p,), at the point `x`."""
        point = x.copy()
        for columns in self._columns:
            factor = _factor(x[columns])
            point[columns] = symmetric_entries(inertia_of_moments(factor @ factor.T))
        return point

    def residual(self, x: Array) -> Array:
        """The residual at `x`."""
        return self._stage.residual(self.complete(x))

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual and its Jacobian by this space's parameters, at `x`."""
        residual, jacobian = self._stage.residual_and_jacobian(self.complete(x))
        for columns in self._columns:
            jacobian[:, columns] = jacobian[:, columns] @ _slopes(x[columns])
        return residual, jacobian


def nearest_moments(moments: Array) -> Array:
    """Positive definite second moments near others that need not be, both (3, 3), in kg m2."""
    size, axes = np.linalg.eigh(moments)
    return np.asarray(axes * np.maximum(size, START_SHARE * abs(size).max()) @ axes.T)


def _factor(entries: Array) -> Array:
    """The Cholesky factor, (3, 3), from its entries, (6,), those of the diagonal as logarithms."""
    factor = np.zeros((3, 3))
    factor[LOWER_TRIANGLE] = np.where(DIAGONAL, np.exp(np.where(DIAGONAL, entries, 0.0)), entries)
    return factor


def _factor_entries(moments: Array) -> Array:
    entries = np.linalg.cholesky(moments)[LOWER_TRIANGLE]
    return np.asarray(np.where(DIAGONAL, np.log(np.where(DIAGONAL, entries, 1.0)), entries))


def _slopes(entries: Array) -> Array:
    """Derivatives of the inertia's entries by those of the factor, (6, 6)."""
    factor = _factor(entries)
    columns = []
    for row, column, diagonal in zip(*LOWER_TRIANGLE, DIAGONAL, strict=True):
        step = np.zeros((3, 3))
        step[row, column] = factor[row, column] if diagonal else 1.0
        columns.append(symmetric_entries(inertia_of_moments(step @ factor.T + factor @ step.T)))
    return np.transpose(columns)


def _name_in_factor(name: str, index: int, inertias: list[NDArray[np.intp]]) -> str:
    """A parameter's name in the space of consistent bones."""
    return name.replace(".inertia.", ".log_cholesky.") if any(index in columns for columns in inertias) else name


def _beyond_bounds(stage: AccelerationStage, values: Mapping[str, float]) -> Iterator[str]:
    space = stage.space
    for name, low, high in zip(space.names, space.lower, space.upper, strict=True):
        if not low <= values[name] <= high:
            yield (
                f"{name} is {values[name]:.3g} {unit(name)} in consistent bones, beyond its bounds of {low:g} and "
                f"{high:g}, which the search for these does not keep"
            )
