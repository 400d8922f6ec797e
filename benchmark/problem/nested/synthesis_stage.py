"""Stage one of static optimisation and of EMG-assisted modelling: activations are found that give the torques.

Costs are mean squares over samples, each over what is allowed of it, as in Ao et al. (2022).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.scan import activations_with_sensitivities
from benchmark.problem.nested.costed_activations import costed_activations, weigh
from benchmark.problem.nested.deep_model import DeepModel
from benchmark.problem.nested.nested_stage import NestedStage
from benchmark.problem.problem import Problem
from datasets.parameters import SHARED_UNITS

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Allowed:
    """What a cost of one stands for.

    Attributes
    ----------
    torque_nm
        Error of a torque, in N m.
    synthesised
        Activation of a deep muscle.
    departure
        Departure of a measured muscle's activation from that of its EMG; None where it may not depart.
    """

    torque_nm: float
    synthesised: float
    departure: float | None = None


class _Solved(NamedTuple):
    """The inner problem's columns, (T, 5, n), target, (T, 5), and centre, (T, n); its solution; what is at no bound."""

    columns: Array
    target: Array
    centre: Array
    z: Array
    free: NDArray[np.bool_]


class SynthesisStage(NestedStage):
    """The inner unknowns are the deep muscles' activations and, where they may depart from EMG, the other muscles'.

    Bones stay as they are at the start, as in what is published: effort falls where all masses and forces shrink
    together, which little else forbids; with bones to be identified, masses end at their lower bounds.

    The residual has the equations of motion, weighed so that their squares hold the costs of all activations that are
    at no bound, and a number an activation: the root of what it costs in the samples where it is at one.

    Parameters
    ----------
    problem
        The problem, its residual in N m.
    start
        All start values by name; the deep muscles' own parameters stay as they are there.
    allowed
        What a cost of one stands for.
    """

    def __init__(self, problem: Problem, start: Mapping[str, float], allowed: Allowed) -> None:
        bodies, unit = problem.arm.identified_bodies, allowed.torque_nm**2
        super().__init__(problem.projection, bodies, start, unit, bones_are_known=True)
        self.deep_arms = problem.deep_arms
        self._model, self._deep = DeepModel(problem, start), len(problem.deep_muscles)
        self._adjusts = allowed.departure is not None
        self._shared = [self.space.names.index(name) for name in SHARED_UNITS]
        measured = len(self.projection.muscles) if allowed.departure is not None else 0
        each = np.repeat([allowed.synthesised, allowed.departure or 1.0], [self._deep, measured])
        self._costs = 1.0 / (each * np.sqrt(self.projection.samples))

    def inner_solution(self, x: Array) -> Array:
        """Activations that weigh the torques' errors against their own costs, between none and all."""
        return self._solve(x, self._measured(x)).z

    def deep_forces_of(self, z: Array) -> Array:
        """Forces at the deep muscles' activations, which come first in `z`."""
        return np.asarray(self._model.passive + self._model.capacity * z[:, : self._deep])

    def force_at(self, x: Any, z: Array, xp: Backend = NUMPY) -> Any:
        """Forces of the measured muscles at their activations, adjusted or by EMG."""
        return self.force_of(x, xp.constant(z[:, self._deep :]), xp) if self._adjusts else super().force_at(x, z, xp)

    def costs(self, x: Any, z: Array, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the deep muscles' activations and of departures from EMG."""
        rows: list[Any] = [xp.constant(self._costs[i] * z[:, i]) for i in range(self._deep)]
        if self._adjusts:
            seen = self.projection
            by_emg = xp.activations(seen.emg, seen.counted, self.unpack(x, xp)[2], seen.sample_time_s)
            measured = xp.minimum(by_emg, 1.0)
            own = zip(self._costs[self._deep :], z[:, self._deep :].T, strict=True)
            rows += [cost * (xp.constant(chosen) - measured[:, i]) for i, (cost, chosen) in enumerate(own)]
        return rows

    def residual(self, x: Array) -> Array:
        """The residual, (5 T + n,), at `x`, compiled."""
        found = self._solve(x, self._measured(x))
        return self._weighed(found, np.zeros((found.target.size, 0)))

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (5 T + n,), and its Jacobian after Kaufman, at `x`, compiled."""
        seen, (_, own, shared) = self.projection, self.unpack(x, NUMPY)
        activation, sensitivity = activations_with_sensitivities(seen.emg, seen.counted, shared, seen.sample_time_s)
        found = self._solve(x, activation)
        slopes = sensitivity
        if self._adjusts:  # an activation that is free goes along with its EMG, one at a bound stays
            sensitivity = sensitivity * (activation < 1.0)[:, None]
            activation = found.z[:, self._deep :]
            slopes = sensitivity * found.free[:, None, self._deep :]
        force, partials = self.compiled_partials_of(own, activation, slopes)
        _, jacobian = self.unexplained_jacobian(x, force, partials, self.deep_forces_of(found.z))
        residual = self._weighed(found, jacobian)
        return residual, np.concatenate([jacobian, self._held_jacobian(found, sensitivity)])

    def _measured(self, x: Array) -> Array:
        """Activations of the measured muscles by their EMG, (T, n)."""
        seen = self.projection
        return np.asarray(NUMPY.activations(seen.emg, seen.counted, self.unpack(x, NUMPY)[2], seen.sample_time_s))

    def _solve(self, x: Array, measured: Array) -> _Solved:
        """The inner problem at `x`, with activations by EMG, (T, n)."""
        own = self.unpack(x, NUMPY)[1]
        arms, centre = self.deep_arms * self._model.capacity[:, None], np.zeros((len(measured), self._deep))
        if not self._adjusts:
            offset = self.compiled_force_of(own, measured)
        else:
            # Forces are affine in activations: what ones in the place of sensitivities give are the slopes.
            ones = np.ones((len(measured), 1, measured.shape[1]))
            offset, partials = self.compiled_partials_of(own, np.zeros_like(measured), ones)
            arms = np.concatenate([arms, self.projection.arms * partials[:, None, -1]], axis=2)
            # EMG beyond its maximum, as a wrong normalisation makes it, asks for all that a muscle can give.
            centre = np.concatenate([centre, np.minimum(measured, 1.0)], axis=1)
        left = self.unexplained(x, offset, self._model.passive)
        target, columns = np.ascontiguousarray(left.reshape(arms.shape[1], -1).T), self.weight * arms
        return _Solved(columns, target, centre, *costed_activations(columns, target, self._costs, centre))

    def _weighed(self, found: _Solved, jacobian: Array) -> Array:
        """The residual; the Jacobian of what is left of the equations of motion is weighed in its place."""
        chosen = np.where(found.free, found.centre, found.z)
        residual = (found.target.T - np.einsum("tkn,tn->kt", found.columns, chosen)).ravel()
        weigh(found.columns, found.free, self._costs, residual, jacobian)
        return np.concatenate([residual, self._held(found)])

    def _held(self, found: _Solved) -> Array:
        """Roots of what each activation costs in the samples where it is at a bound, (n,)."""
        off = np.where(found.free, 0.0, found.z - found.centre)
        return np.asarray(self._costs * np.linalg.norm(off, axis=0))

    def _held_jacobian(self, found: _Solved, sensitivity: Array) -> Array:
        """Their derivatives: those of measured muscles hang on the shared parameters."""
        jacobian = np.zeros((len(self._costs), self.space.size))
        if self._adjusts:
            off = np.where(found.free, 0.0, found.z - found.centre)[:, self._deep :]
            size = np.linalg.norm(off, axis=0)
            slopes = -np.einsum("tn,tjn->nj", off / np.where(size > 0.0, size, 1.0), sensitivity)
            jacobian[self._deep :, self._shared] = self._costs[self._deep :, None] * slopes
        return jacobian
