"""Levenberg-Marquardt steps within bounds, with geodesic acceleration: what the Gauss-Newton methods share.

Each step solves its quadratic model within the bounds by an active set; clipping a free step gets stuck. Valleys of
this residual are narrow and curved, most of all that along which all forces and inertias grow together: a second-order
term, for one more residual, bends the step along them (Transtrum and Sethna 2012). A Tikhonov term can pull towards
where the search began.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cho_factor, cho_solve, cholesky, solve_triangular
from scipy.optimize import lsq_linear

from benchmark.problem.parameters import ParameterSpace
from methods._coordinates import Coordinates

Array = NDArray[np.float64]

FIRST_DAMPING, SMALLEST_DAMPING, LARGEST_DAMPING = 1e-3, 1e-16, 1e8
RELAXED, RAISED = 0.1, 8.0  # the damping after a step that lowers the value, and after one that does not
ROUNDING = 1e-15
PROBE = 0.1  # share of a step at which the residual's curvature along it is measured
ACTIVE_SETS = 30  # tried before scipy takes over
LARGEST_BEND = 0.75  # of the step's length: beyond it the second-order term is not trusted


class LeastSquares(Protocol):
    """What a search needs of a problem: all that a view has, and a stage too."""

    @property
    def space(self) -> ParameterSpace:
        """The parameters with their bounds and start."""

    def residual(self, x: Array) -> Array:
        """The residual, (n,), at `x`."""

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (n,), and its Jacobian, (n, p), at `x`."""


class State(NamedTuple):
    """What is known at a point.

    Attributes
    ----------
    z
        Coordinates, (p,).
    residual, jacobian
        Residual, (n,), and its Jacobian by the parameters, (n, p).
    scale
        Derivatives of the parameters by the coordinates, (p,).
    loss, slope, curvature
        Loss, half its gradient, (p,), and J'J, (p, p), in coordinates.
    """

    z: Array
    residual: Array
    jacobian: Array
    scale: Array
    loss: float
    slope: Array
    curvature: Array


class Search:
    """A point and the way down from it.

    Parameters
    ----------
    view
        The problem.
    start
        Where to begin, (p,); the problem's start by default.
    first_damping
        Damping of the first step; more is safer far from a minimum.
    accelerated
        Whether steps are bent by the residual's curvature, for one more residual each.
    """

    def __init__(
        self,
        view: LeastSquares,
        start: Array | None = None,
        first_damping: float = FIRST_DAMPING,
        accelerated: bool = True,
    ) -> None:
        self._view, self._first_damping, self._accelerated = view, first_damping, accelerated
        self._coordinates = Coordinates(view.space)
        self._lower, self._upper = self._coordinates.lower, self._coordinates.upper
        self.begin(view.space.start if start is None else start)

    def begin(self, x: Array) -> None:
        """Go to the point `x`, (p,); pulls lead there from now on, in units of the loss there."""
        self._state = self._evaluate(np.clip(self._coordinates.of(x), self._lower, self._upper))
        self._centre, self._unit = self._state.z, self._state.loss
        self._damping = self._first_damping

    @property
    def x(self) -> Array:
        """The point, (p,)."""
        return self._coordinates.point(self._state.z)

    @property
    def loss(self) -> float:
        """The loss at the point."""
        return self._state.loss

    def follow(self, pulls: Sequence[float], steps: int, tolerance: float = 1e-3) -> None:
        """Follow the minimum while the pull changes: up to `steps` steps at each of `pulls`."""
        for pull in pulls:
            self.descend(steps, tolerance, pull)

    def descend(self, steps: int, tolerance: float, pull: float = 0.0) -> None:
        """Take up to `steps` steps; end when one gains less than `tolerance` of the value, or when none gains."""
        for _ in range(steps):
            before = self._value(self._state, pull)
            if not self._step(before, pull) or before - self._value(self._state, pull) < tolerance * before:
                return

    def _step(self, before: float, pull: float) -> bool:
        """Raise the damping until a step lowers the value."""
        at, weight = self._state, pull * self._unit
        slope = at.slope + weight * (at.z - self._centre)
        diagonal = np.sqrt(np.maximum(np.diag(at.curvature) + weight, np.finfo(float).tiny))
        scaled = (at.curvature + weight * np.eye(len(slope))) / np.outer(diagonal, diagonal)
        while self._damping < LARGEST_DAMPING:
            damped = scaled + (self._damping + ROUNDING) * np.eye(len(slope))
            trial = self._evaluate(np.clip(at.z + self._curved(damped, diagonal, slope), self._lower, self._upper))
            if self._value(trial, pull) < before:
                self._state = trial
                self._damping = max(RELAXED * self._damping, SMALLEST_DAMPING)
                return True
            self._damping *= RAISED
        self._damping = self._first_damping
        return False

    def _curved(self, damped: Array, diagonal: Array, slope: Array) -> Array:
        """A step within the bounds; accelerated, it is bent as the residual's curvature along it asks for."""
        at = self._state
        below, above = diagonal * (self._lower - at.z), diagonal * (self._upper - at.z)
        step = bounded_minimum(damped, slope / diagonal, below, above)
        if not self._accelerated:
            return np.asarray(step / diagonal)
        probe = np.clip(at.z + PROBE * step / diagonal, self._lower, self._upper)
        residual = self._view.residual(self._coordinates.point(probe))
        along = at.jacobian @ (at.scale * (probe - at.z))
        second = 2.0 * (residual - at.residual - along) / PROBE**2
        bend = 0.5 * bounded_minimum(damped, at.scale * (second @ at.jacobian) / diagonal, below - step, above - step)
        if not np.linalg.norm(bend) <= LARGEST_BEND * np.linalg.norm(step):
            return step / diagonal
        return np.asarray((step + bend) / diagonal)

    def _value(self, state: State, pull: float) -> float:
        away = state.z - self._centre
        return state.loss + pull * self._unit * float(away @ away)

    def _evaluate(self, z: Array) -> State:
        residual, jacobian = self._view.residual_and_jacobian(self._coordinates.point(z))
        scale = self._coordinates.slope(z)
        slope, curvature = scale * (residual @ jacobian), np.outer(scale, scale) * (jacobian.T @ jacobian)
        return State(z, residual, jacobian, scale, float(residual @ residual), slope, curvature)


def bounded_minimum(curvature: Array, slope: Array, lower: Array, upper: Array) -> Array:
    """The minimum of a quadratic model within a box around the present point.

    By a primal-dual active set (Hintermueller, Ito and Kunisch 2003), which takes a few solutions where it converges,
    as it nearly always does; by scipy's bounded-variable least squares where it does not.

    Parameters
    ----------
    curvature, slope
        Half the Hessian, (p, p), and half the gradient, (p,).
    lower, upper
        The box, (p,) each.
    """
    at_lower = at_upper = np.zeros(len(slope), dtype=np.bool_)
    for _ in range(ACTIVE_SETS):
        free = ~(at_lower | at_upper)
        step = np.where(at_lower, lower, np.where(at_upper, upper, 0.0))
        try:
            step[free] = -cho_solve(cho_factor(curvature[np.ix_(free, free)]), (slope + curvature @ step)[free])
        except LinAlgError:
            return np.zeros_like(slope)
        push = curvature @ step + slope
        now_lower = (free & (step < lower)) | (at_lower & (push > 0.0))
        now_upper = (free & (step > upper)) | (at_upper & (push < 0.0))
        if (now_lower == at_lower).all() and (now_upper == at_upper).all():
            return np.asarray(step)
        at_lower, at_upper = now_lower, now_upper
    return _by_bounded_least_squares(curvature, slope, lower, upper)


def _by_bounded_least_squares(curvature: Array, slope: Array, lower: Array, upper: Array) -> Array:
    factor = cholesky(curvature)
    # a point at its bound may miss it by rounding, and scipy wants room between the bounds
    below = np.minimum(lower, 0.0)
    target = -solve_triangular(factor, slope, trans="T")
    found = lsq_linear(factor, target, (below, below + np.maximum(upper - lower, 1e-12)), method="bvls")
    return np.asarray(found.x)
