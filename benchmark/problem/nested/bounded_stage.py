"""Stage one of bounded elimination: deep muscles pull, and no more than they can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.problem.nested.box_least_squares import box_least_squares, project_out
from benchmark.problem.nested.deep_columns import deep_columns
from benchmark.problem.nested.deep_model import DeepModel
from benchmark.problem.nested.nested_stage import NestedStage
from benchmark.problem.problem import Problem

Array = NDArray[np.float64]

# A deep muscle may give so much more than the start's parameters say: these may well be wrong by a third.
STRENGTH_MARGIN: Final = 2.0


class BoundedStage(NestedStage):
    """The inner unknowns are the deep muscles' forces (N), between none and what they can give at most.

    Parameters
    ----------
    problem
        The problem.
    start
        All start values by name.
    """

    def __init__(self, problem: Problem, start: Mapping[str, float]) -> None:
        super().__init__(problem.projection, problem.arm.identified_bodies, start, problem.loss_unit(start))
        self.deep_arms = problem.deep_arms
        model = DeepModel(problem, start)
        self._upper = STRENGTH_MARGIN * np.maximum(0.0, model.passive + model.capacity)
        self._lower = np.zeros_like(self._upper)

    def inner_solution(self, x: Array) -> Array:
        """The forces that leave the least of the equations of motion."""
        force = self.compiled_force(*self.unpack(x, NUMPY)[1:])
        return self._solved(self._columns(x), self.unexplained(x, force))[0]

    def deep_forces_of(self, z: Array) -> Array:
        """The inner unknowns themselves."""
        return z

    def residual(self, x: Array) -> Array:
        """The residual, (5 T,), at `x`, compiled."""
        columns, left = self._columns(x), self.unexplained(x, self.compiled_force(*self.unpack(x, NUMPY)[1:]))
        z, _ = self._solved(columns, left)
        return np.asarray(left - np.einsum("tkn,tn->kt", columns, z).ravel())

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (5 T,), and its Jacobian after Kaufman, (5 T, p), at `x`, compiled."""
        columns, (_, own, shared) = self._columns(x), self.unpack(x, NUMPY)
        force, partials = self.compiled_partials(own, shared)
        z, free = self._solved(columns, self.unexplained(x, force))
        residual, jacobian = self.unexplained_jacobian(x, force, partials, z)
        project_out(columns, free, jacobian)
        return residual, jacobian

    def _columns(self, x: Array) -> Array:
        return np.asarray(self.weight * deep_columns(self, x, self.deep_arms))

    def _solved(self, columns: Array, left: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Forces, (T, deep muscles), and which of them are at no bound."""
        target = np.ascontiguousarray(left.reshape(columns.shape[1], -1).T)
        found = box_least_squares(columns, target, self._lower, self._upper)
        return found[0], found[1]
