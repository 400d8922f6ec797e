"""A result in the stage of the problem that it belongs to: its residual, Jacobian, noise, and what is at its bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.causes import at_bounds
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import magnitudes
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.problem import Problem

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Fit(NamedTuple):
    """A result in the stage that it belongs to.

    Attributes
    ----------
    stage
        Stage one of the problem.
    point
        The result in its parameter space, (p,).
    residual, jacobian
        In rad/s2, (n,), and its derivatives by the parameters in their units, (n, p).
    free
        Which parameters are away from their bounds, (p,).
    """

    stage: AccelerationStage
    point: Array
    residual: Array
    jacobian: Array
    free: Mask

    @property
    def held(self) -> tuple[str, ...]:
        """Names of the parameters at their bounds."""
        return tuple(name for name, free in zip(self.stage.space.names, self.free, strict=True) if not free)

    def information(self, which: Mask) -> Information:
        """Information about some of the parameters, the others held."""
        names = np.array(self.stage.space.names)[which].tolist()
        scale = magnitudes(self.stage.space, self.point)
        return Information.of_jacobian(names, self.point[which], scale[which], self.jacobian[:, which])

    def noise(self, counted: int | None = None) -> tuple[float, int]:
        """Standard deviation of the noise (rad/s2) as the residual shows it, and its degrees of freedom.

        The sum of squares over the residuals that are left beyond the directions that the free parameters determine;
        not a number where none is left.

        Parameters
        ----------
        counted
            As how many independent ones the residuals count; None for all of them.
        """
        freedom = (len(self.residual) if counted is None else counted) - self.information(self.free).rank
        return (math.sqrt(float(self.residual @ self.residual) / freedom) if freedom > 0 else math.nan), freedom

    def left_to_gain(self) -> float:
        """Share of the sum of squares that a linear step of the free parameters would remove."""
        scaled = self.jacobian[:, self.free] * magnitudes(self.stage.space, self.point)[self.free]
        left = self.residual - scaled @ np.linalg.lstsq(scaled, self.residual)[0]
        before = float(self.residual @ self.residual)
        return 1.0 - float(left @ left) / before if before > 0.0 else 0.0


def fitted(problem: Problem, values: Mapping[str, Any]) -> Fit:
    """A result in the problem's stage one.

    Parameters
    ----------
    problem
        The problem, with or without noise.
    values
        The result's parameters by name; others than those of stage one are not looked at.

    Raises
    ------
    HarnessError
        If a parameter is missing or no finite number, if the model is not finite there, or if the problem has another
        residual than eq. (14).
    """
    if problem.parsed.residual_in_torque or not problem.parsed.formulation.is_of_eq_14:
        raise HarnessError(f"{problem.name} is not the residual of eq. (14), which noise is known of: give m1 or m2")
    stage = problem.acceleration_stage(problem.nominal)
    for name in stage.space.names:
        if not _is_finite_number(values.get(name)):
            told = f"{values[name]!r}, no finite number," if name in values else "nothing"
            raise HarnessError(f"the result has {told} for {name}: run the method on {problem.name} again")
    point = np.array([values[name] for name in stage.space.names], dtype=np.float64)
    residual, jacobian = stage.residual_and_jacobian(point)
    if not (np.isfinite(residual).all() and np.isfinite(jacobian).all()):
        raise HarnessError(f"the model of {problem.name} is not finite at the result: run the method again")
    return Fit(stage, point, residual / stage.weight, jacobian / stage.weight, ~at_bounds(stage.space, point))


def _is_finite_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
