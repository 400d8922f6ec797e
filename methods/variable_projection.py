"""Variable projection: what enters almost linearly is eliminated, and Levenberg-Marquardt steps are taken in the rest.

The bones' inertial parameters and the maximum isometric forces make up about half of the parameters. The numerator
of the residual of eq. (14) is linear in the forces and in the standard inertial parameters, its denominator and the
standard parameters themselves are smooth in the bones: with the other parameters held, one Gauss-Newton step nearly
finds the best of these. An outer step therefore sees the part of the Jacobian that they cannot imitate, (I - Q Q') J,
Q an orthonormal basis of their columns (Kaufman's approximation of Golub and Pereyra's derivative), and takes them
along; before a trial is judged, they are corrected once more where that promises to matter.

Only combinations of the bones' parameters act on the motion, the base parameters: the columns of 30 have rank 24.
Inner steps are of minimum norm, so that a combination without effect stays. Projections are formed from the normal
matrix, whose eigenvalues leave little doubt where to cut: at starts of M1 and M2 with errors of 10 %, what acts has at
least 1e-12 of the largest, what does not has rounding, 1e-16.

While a Tikhonov pull towards the start fades, in decades from 1e-2 to 1e-8 of the start's loss, it holds the eliminated
parameters, too. The textbook's free elimination throws them far off and into their bounds as long as the others are
wrong: of ten starts of ``m1-ab-published`` with errors of 10 %, ten reach the best minimum, two with the pull on the
others alone (``inner_pull`` 0), none without any pull.

The search ends when a step without pull lowers the loss by less than ``tolerance`` of it, when no damping gives a step
that lowers it, or after ``last_steps`` steps. A stage without parameters to eliminate is plain Levenberg-Marquardt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.optimize import lsq_linear

from benchmark.harness.view import ProblemView
from datasets.parameters import BONE_UNITS
from methods._levenberg_marquardt import bounded_minimum

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SUMMARY = "variable projection: bones and maximum forces eliminated, Levenberg-Marquardt in the rest, fading pull"
SOURCE = "Golub and Pereyra 1973; Kaufman 1975; O'Leary and Rust 2013; bounded-variable least squares by scipy"
OPTIONS: dict[str, Any] = {
    "pulls": (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8),
    "inner_pull": 1.0,  # the eliminated parameters' share of the pull
    "inner_steps": 1,  # corrections of the eliminated parameters before a trial is judged
    "steps_a_pull": 12,
    "last_steps": 100,
    "tolerance": 1e-10,
}

LINEAR_KINDS = {*BONE_UNITS, "maximum_isometric_force"}
SMALLEST_EIGENVALUE = 1e-13  # of the largest
FIRST_DAMPING, SMALLEST_DAMPING, LARGEST_DAMPING = 1e-3, 1e-14, 1e8
WORTHWHILE = 1e-2  # a correction must promise to lower the value by this share
LEVEL_TOLERANCE = 1e-3  # a step that lowers the value by less ends a level of the pull


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Follow the minimum while the pull fades, then without it."""
    space = view.space
    search = _Search(view, options["inner_pull"], options["inner_steps"])
    for pull in options["pulls"]:
        search.descend(pull, options["steps_a_pull"], LEVEL_TOLERANCE)
    search.descend(0.0, options["last_steps"], options["tolerance"])
    return space.clip(space.scale * search.point.z)


def linear_parameters(names: tuple[str, ...]) -> Mask:
    """Whether a parameter enters almost linearly and is eliminated, (p,)."""
    return np.array([name.partition(".")[2] in LINEAR_KINDS for name in names])


@dataclass(frozen=True)
class _Point:
    """A point z, (p,), of order one, its residual, (n,), and Jacobian, (n, p), in units of the start's residual."""

    z: Array
    residual: Array
    jacobian: Array


@dataclass(frozen=True)
class _Model:
    """The quadratic model of loss and pull around a point: half its Hessian and half its gradient."""

    curvature: Array
    slope: Array
    value: float


class _Search:
    """A point and the way down from it."""

    def __init__(self, view: ProblemView, inner_pull: float, inner_steps: int) -> None:
        self._view, space = view, view.space
        linear = linear_parameters(space.names)
        self._inner, self._outer = np.flatnonzero(linear), np.flatnonzero(~linear)
        self._share = np.where(linear, inner_pull, 1.0)
        self._inner_steps = inner_steps
        self._lower, self._upper = space.lower / space.scale, space.upper / space.scale
        self._unit, self._damping, self._pull = 1.0, FIRST_DAMPING, np.zeros(space.size)
        self._start = space.start / space.scale
        first = self._evaluate(self._start)
        self._unit = float(np.linalg.norm(first.residual)) or 1.0
        self.point = _Point(first.z, first.residual / self._unit, first.jacobian / self._unit)

    def descend(self, pull: float, steps: int, tolerance: float) -> None:
        """Take up to `steps` outer steps on the loss plus `pull` times the squared distance from the start."""
        self._pull = pull * self._share
        self.point = self._correct(self.point)
        for _ in range(steps):
            before = self._value(self.point)
            if not self._step(self._model(self.point)):
                return
            if before - self._value(self.point) < tolerance * before:
                return

    def _step(self, model: _Model) -> bool:
        """Raise the damping until an outer step, the inner parameters taken along, lowers the value."""
        _, free = self._inner_step(model, self.point.z, model.slope[self._inner])
        curvature, slope = project(model.curvature, model.slope, self._inner[free], self._outer)
        lower, upper = (bound[self._outer] - self.point.z[self._outer] for bound in (self._lower, self._upper))
        while self._damping < LARGEST_DAMPING:
            damped = curvature + np.diag(self._damping * np.diag(curvature) + SMALLEST_DAMPING)
            trial = self._correct(self._evaluate(self._trial(model, bounded_minimum(damped, slope, lower, upper))))
            if self._value(trial) < model.value:
                self.point = trial
                self._damping = max(0.2 * self._damping, SMALLEST_DAMPING)
                return True
            self._damping *= 8.0
        self._damping = FIRST_DAMPING
        return False

    def _trial(self, model: _Model, outer_step: Array) -> Array:
        """The point after an outer step and the inner step that is best with it, by the model."""
        slope = model.slope[self._inner] + model.curvature[np.ix_(self._inner, self._outer)] @ outer_step
        z = self.point.z.copy()
        z[self._outer] += outer_step
        z[self._inner] += self._inner_step(model, self.point.z, slope)[0]
        return np.clip(z, self._lower, self._upper)

    def _correct(self, point: _Point) -> _Point:
        """Gauss-Newton steps of the inner parameters alone, as long as they promise and keep a lower value."""
        for _ in range(self._inner_steps):
            model = self._model(point)
            slope = model.slope[self._inner]
            step, _ = self._inner_step(model, point.z, slope)
            if -slope @ step <= WORTHWHILE * model.value:
                return point
            z = point.z.copy()
            z[self._inner] += step
            corrected = self._evaluate(np.clip(z, self._lower, self._upper))
            if self._value(corrected) >= model.value:
                return point
            point = corrected
        return point

    def _inner_step(self, model: _Model, z: Array, slope: Array) -> tuple[Array, Mask]:
        inner = self._inner
        lower, upper = self._lower[inner] - z[inner], self._upper[inner] - z[inner]
        return minimum_norm_step(model.curvature[np.ix_(inner, inner)], slope, lower, upper)

    def _model(self, point: _Point) -> _Model:
        curvature = point.jacobian.T @ point.jacobian + np.diag(self._pull)
        slope = point.jacobian.T @ point.residual + self._pull * (point.z - self._start)
        return _Model(curvature, slope, self._value(point))

    def _value(self, point: _Point) -> float:
        return float(point.residual @ point.residual + self._pull @ (point.z - self._start) ** 2)

    def _evaluate(self, z: Array) -> _Point:
        space = self._view.space
        residual, jacobian = self._view.residual_and_jacobian(space.clip(space.scale * z))
        return _Point(z, residual / self._unit, jacobian * (space.scale / self._unit))


def minimum_norm_step(curvature: Array, slope: Array, lower: Array, upper: Array) -> tuple[Array, Mask]:
    """Smallest of the steps that minimise a quadratic model, within a box around the present point.

    If the free step leaves the box, a bounded least-squares problem replaces it, in which directions without effect
    carry the weight of the weakest with one, towards no step.

    Parameters
    ----------
    curvature, slope
        Half the Hessian, (k, k), of any rank, and half the gradient, (k,).
    lower, upper
        The box, (k,) each.

    Returns
    -------
    tuple
        The step, (k,), and whether an entry is off its bounds, (k,).
    """
    if not slope.size:
        return slope, np.ones(0, dtype=np.bool_)
    eigenvalues, vectors = eigh(curvature)
    acts = eigenvalues > SMALLEST_EIGENVALUE * eigenvalues[-1]
    root = np.sqrt(np.maximum(eigenvalues, SMALLEST_EIGENVALUE * eigenvalues[-1]))
    target = np.where(acts, -(vectors.T @ slope) / root, 0.0)
    step = vectors @ (target / root)
    if (step >= lower).all() and (step <= upper).all():
        return step, np.ones(step.size, dtype=np.bool_)
    # a point at its bound may miss it by rounding, and scipy wants room between the bounds
    below = np.minimum(lower, 0.0)
    above = np.maximum(upper, below + 1e-12)
    found = lsq_linear(root[:, None] * vectors.T, target, (below, above), method="bvls")
    return np.asarray(found.x), np.asarray(found.active_mask == 0)


def project(curvature: Array, slope: Array, inner: NDArray[np.intp], outer: NDArray[np.intp]) -> tuple[Array, Array]:
    """Quadratic model of the outer parameters alone, the inner ones following without bounds.

    The products that (I - Q Q') J_outer makes with itself and with the residual, Q an orthonormal basis of the inner
    columns, in the form of a Schur complement: Kaufman's approximation.

    Parameters
    ----------
    curvature, slope
        Half the Hessian, (p, p), and half the gradient, (p,).
    inner, outer
        Positions of the parameters that follow, (k,), and of those that remain, (q,).

    Returns
    -------
    tuple
        Half the Hessian, (q, q), and half the gradient, (q,), of the projected model.
    """
    if not inner.size:
        return curvature[np.ix_(outer, outer)], slope[outer]
    eigenvalues, vectors = eigh(curvature[np.ix_(inner, inner)])
    acts = eigenvalues > SMALLEST_EIGENVALUE * eigenvalues[-1]
    basis = vectors[:, acts] / np.sqrt(eigenvalues[acts])
    shared = basis.T @ curvature[np.ix_(inner, outer)]
    return curvature[np.ix_(outer, outer)] - shared.T @ shared, slope[outer] - shared.T @ (basis.T @ slope[inner])
