"""Bounded Levenberg-Marquardt with exact Jacobians, led from the start to the answer by a fading pull.

A residual of thousands of samples and some seventy parameters is what Gauss-Newton steps are made for. Two things make
them safe here: each step solves its quadratic model within the bounds (an active set, by scipy's bounded-variable
least squares; clipping a free step gets stuck), and a Tikhonov term pulls towards the start at first, lowered in half
decades until it is gone, so that weak directions do not run off before the strong ones are settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve, cholesky, solve_triangular
from scipy.optimize import lsq_linear

from benchmark.harness.view import ProblemView

Array = NDArray[np.float64]

SUMMARY = "bounded Levenberg-Marquardt, exact Jacobian, Tikhonov continuation from the start"
SOURCE = "Levenberg 1944; Marquardt 1963; Stark and Parker 1995 (bounded-variable least squares, by scipy)"
OPTIONS: dict[str, Any] = {"levels": 21, "steps_a_level": 12, "last_steps": 100, "tolerance": 1e-10}

SMALLEST_DAMPING, LARGEST_DAMPING = 1e-14, 1e8


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Follow the minimum while the pull fades from 1 to 1e-10 of the start's loss, then without it."""
    space = view.space
    search = _Search(view)
    for level in range(options["levels"]):
        search.descend(10.0 ** (-0.5 * level), options["steps_a_level"], tolerance=1e-3)
    search.descend(0.0, options["last_steps"], options["tolerance"])
    return space.clip(space.scale * search.z)


class _Search:
    """A point, in coordinates of order one and with a loss of one at the start, and the way down from it."""

    def __init__(self, view: ProblemView) -> None:
        self._view, space = view, view.space
        self._lower, self._upper = space.lower / space.scale, space.upper / space.scale
        self._start = self.z = space.start / space.scale
        self._unit = 1.0
        residual, _ = self._evaluate(self.z)
        self._unit = float(np.linalg.norm(residual)) or 1.0
        self._damping = 1e-3

    def descend(self, pull: float, steps: int, tolerance: float) -> None:
        """Take up to `steps` steps on the loss plus `pull` times the squared distance from the start."""
        residual, jacobian = self._evaluate(self.z)
        for _ in range(steps):
            away = self.z - self._start
            curvature = jacobian.T @ jacobian + pull * np.eye(len(away))
            slope = jacobian.T @ residual + pull * away
            value = residual @ residual + pull * (away @ away)
            accepted = self._step(curvature, slope, float(value), pull)
            if accepted is None:
                return
            residual, jacobian, gain = accepted
            if gain < tolerance * value:
                return

    def _step(self, curvature: Array, slope: Array, value: float, pull: float) -> tuple[Array, Array, float] | None:
        """Raise the damping until a step lowers the value; None if no step does."""
        while self._damping < LARGEST_DAMPING:
            damped = curvature + np.diag(self._damping * np.diag(curvature) + SMALLEST_DAMPING)
            trial = self.z + _within(damped, slope, self._lower - self.z, self._upper - self.z)
            trial = np.clip(trial, self._lower, self._upper)
            residual, jacobian = self._evaluate(trial)
            gain = value - float(residual @ residual + pull * ((trial - self._start) ** 2).sum())
            if gain > 0.0:
                self.z = trial
                self._damping = max(0.2 * self._damping, SMALLEST_DAMPING)
                return residual, jacobian, gain
            self._damping *= 8.0
        self._damping = 1e-3
        return None

    def _evaluate(self, z: Array) -> tuple[Array, Array]:
        space = self._view.space
        residual, jacobian = self._view.residual_and_jacobian(space.clip(space.scale * z))
        return residual / self._unit, jacobian * (space.scale / self._unit)


def _within(curvature: Array, slope: Array, lower: Array, upper: Array) -> Array:
    """The minimum of a quadratic model within a box around the present point."""
    try:
        step = -cho_solve(cho_factor(curvature), slope)
        if (step >= lower).all() and (step <= upper).all():
            return np.asarray(step)
        factor = cholesky(curvature)
    except LinAlgError:
        return np.zeros_like(slope)
    room = np.maximum(upper - lower, 1e-12)
    target = -solve_triangular(factor, slope, trans="T")
    found = lsq_linear(factor, target, (np.minimum(lower, 0.0), np.minimum(lower, 0.0) + room), method="bvls")
    return np.asarray(found.x)
