"""Stages and problems made of a formula, whose minima are known in closed form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.parameters import ParameterSpace
from benchmark.problem.problem import Problem

Array = NDArray[np.float64]


class FormulaStage:
    """A stage whose residual (rad/s2, weight 1) and Jacobian are given functions of its parameters."""

    weight = 1.0

    def __init__(
        self, space: ParameterSpace, residual: Callable[[Array], Array], jacobian: Callable[[Array], Array]
    ) -> None:
        self.space = space
        self._residual, self._jacobian = residual, jacobian

    def residual(self, x: Array) -> Array:
        return self._residual(x)

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        return self._residual(x), self._jacobian(x)


class FormulaProblem:
    """A problem of one such stage."""

    name = "formula"

    def __init__(self, stage: FormulaStage) -> None:
        self._stage = stage
        self.nominal = stage.space.values(stage.space.start)

    def acceleration_stage(self, start: Mapping[str, float]) -> FormulaStage:
        return self._stage


def space(
    names: Sequence[str], start: Sequence[float], lower: Sequence[float], upper: Sequence[float]
) -> ParameterSpace:
    ends: list[Any] = [np.array(values, dtype=np.float64) for values in (lower, upper, start)]
    return ParameterSpace(tuple(names), *ends)


def formula_problem(
    own: ParameterSpace, residual: Callable[[Array], Array], jacobian: Callable[[Array], Array]
) -> Problem:
    return cast(Problem, FormulaProblem(FormulaStage(own, residual, jacobian)))


def linear_problem(own: ParameterSpace, matrix: Array, target: Array) -> Problem:
    """Of the residual matrix @ x - target."""
    return formula_problem(own, lambda x: matrix @ x - target, lambda x: matrix)
