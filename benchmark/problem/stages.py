"""The two stages of an identification with known fibres: eq. (15) in the residual (14), then eq. (16).

A stage is what a method solves: a parameter space and a residual, in every back end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmark.backends.backend import Backend
from benchmark.backends.numpy_backend import NUMPY
from benchmark.model.arm import standard_parameters
from benchmark.model.contraction import FibreParameters, fibre_force, pennation_cosine, tendon_stretch
from benchmark.model.curves import muscle_curves
from benchmark.problem.parameters import ParameterSpace, parameter_space
from benchmark.problem.projection import Projection
from benchmark.problem.residual import whiten
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS, SHARED_UNITS

Array = NDArray[np.float64]

BONE_KINDS = tuple(BONE_UNITS)
FIBRE_KINDS = tuple(MUSCLE_UNITS)[:4]
TENDON_KIND = "tendon_slack_length"
SHORTEST_TENDON_M = 1e-4


class Stage(Protocol):
    """A least-squares problem over a parameter space."""

    name: str
    space: ParameterSpace

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the residual at `x`, in the back end `xp`; the loss is the sum of all their squares."""


class FibreStage:
    """Stage one: bones, fibre parameters and shared parameters from the residual of eq. (14), with eq. (15).

    Parameters
    ----------
    projection
        The recordings seen through the formulation.
    bodies
        Names of the identified bodies.
    start
        All start values by name; a pennation angle that starts at zero is known and stays there.
    variance
        var(d_t) of eq. (14), in rad2/s4, see :func:`benchmark.problem.scale.acceleration_variance`.
    """

    name = "fibre"

    def __init__(
        self, projection: Projection, bodies: tuple[str, ...], start: Mapping[str, float], variance: float
    ) -> None:
        self.projection = projection
        self.layout = _layout(bodies, projection.muscles)
        fixed = [name for name in self.layout if name.endswith("pennation_at_optimal") and start[name] == 0.0]
        self.space = parameter_space([name for name in self.layout if name not in fixed], start)
        order = [*self.space.names, *fixed]
        self._order = np.array([order.index(name) for name in self.layout])
        self._fixed = np.zeros(len(fixed))
        self._bones = len(bodies)
        self._weight = 1.0 / np.sqrt(projection.samples * variance)
        self._matrix, self._offset = _affine_rows(projection, len(bodies))

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the residual of eq. (14), m of (T,), weighted so that the loss is the sum of their squares."""
        return [self._weight * row for row in whiten(*self.equations(x, xp), xp)]

    def equations(self, x: Any, xp: Backend = NUMPY) -> tuple[list[Any], list[list[Any]]]:
        """Rows of W'e (N m), m of (T,), and of C^(1/2)' Mbar W (kg m2), 5 of m entries of (T,)."""
        standard, muscle, shared = self._unpack(x, xp)
        linear = xp.affine(self._matrix, standard, self._offset)
        force = self._force(muscle, shared, xp)
        m = self.projection.equations
        torque = [linear[k] - xp.row_sums(xp.constant(self.projection.arms[:, k]) * force) for k in range(m)]
        return torque, [linear[first : first + m] for first in range(m, len(linear), m)]

    def muscle_state(self, x: Array) -> tuple[Array, FibreParameters]:
        """Fibre forces (N) along the tendon, (T, n), and the fibre parameters at `x`."""
        _, muscle, shared = self._unpack(x, NUMPY)
        return self._force(muscle, shared, NUMPY), muscle

    def _unpack(self, x: Any, xp: Backend) -> tuple[Any, FibreParameters, Any]:
        full = xp.gather(x, self._fixed, self._order)
        owners = [self._bones] * len(BONE_KINDS) + [len(self.projection.muscles)] * len(FIBRE_KINDS)
        ends = np.cumsum(owners).tolist()
        parts = [full[end - count : end] for end, count in zip(ends, owners, strict=True)]
        mass, centre, inertia = parts[0], parts[1:4], parts[4:10]
        standard = xp.concatenate(standard_parameters(mass, centre, inertia))
        muscle = FibreParameters(*(xp.spread(part, self.projection.samples) for part in parts[10:]))
        return standard, muscle, full[ends[-1] :]

    def _force(self, muscle: FibreParameters, shared: Any, xp: Backend) -> Any:
        seen = self.projection
        activation = xp.activations(seen.emg, seen.firsts, shared, seen.sample_time_s)
        return fibre_force(activation, xp.constant(seen.length), xp.constant(seen.velocity), muscle, xp)


class TendonStage:
    """Stage two: tendon slack lengths from eq. (16), with all else as stage one found it.

    Eq. (16) is read from the force to the length: the tendon that carries the fibre's force is ``stretch`` times its
    slack length. The residual, linear in the slack lengths, is weighted by the tendon's stiffness, so that an error
    counts as it does in force; a start with a slack tendon, whose force has no gradient, is no trap. Rigid tendons
    have no stretch and are not identified.

    Parameters
    ----------
    stage
        Stage one.
    identified
        Its solution.
    rigid
        Names of the muscles with a rigid tendon.
    start
        All start values by name.
    """

    name = "tendon"

    def __init__(self, stage: FibreStage, identified: Array, rigid: tuple[str, ...], start: Mapping[str, float]) -> None:
        seen = stage.projection
        elastic = [index for index, name in enumerate(seen.muscles) if name not in rigid]
        self.space = parameter_space([f"{seen.muscles[index]}.{TENDON_KIND}" for index in elastic], start)
        force, muscle = stage.muscle_state(identified)
        stretch = tendon_stretch(force / muscle.maximum_isometric_force)
        length = seen.musculotendon_length - seen.length * pennation_cosine(seen.length, muscle)
        weight = muscle_curves().tendon_force_length.derivative(stretch) * stretch / np.sqrt(force.size)
        slope = weight * stretch / np.maximum(length, SHORTEST_TENDON_M)
        self._slope = np.ascontiguousarray(slope[:, elastic].T)
        self._weight = np.ascontiguousarray(weight[:, elastic].T)

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the residual of eq. (16), one a muscle, (T,) each."""
        constants = zip(self._slope, self._weight, strict=True)
        return [xp.constant(slope) * x[i] - xp.constant(weight) for i, (slope, weight) in enumerate(constants)]


def _layout(bodies: tuple[str, ...], muscles: tuple[str, ...]) -> list[str]:
    """Names of all parameters of stage one, kind by kind."""
    bones = [f"{body}.{kind}" for kind in BONE_KINDS for body in bodies]
    fibres = [f"{muscle}.{kind}" for kind in FIBRE_KINDS for muscle in muscles]
    return [*bones, *fibres, *SHARED_UNITS]


def _affine_rows(seen: Projection, bodies: int) -> tuple[Array, Array]:
    """Torque and inertia as rows over samples: (m + 5m, T, 30), standard parameters kind by kind, and (m + 5m, T)."""
    inertia = seen.inertia.reshape(seen.samples, -1, seen.inertia.shape[-1])
    matrix = np.concatenate([seen.torque, inertia], axis=1).transpose(1, 0, 2)
    by_kind = matrix.reshape(*matrix.shape[:2], bodies, -1).swapaxes(2, 3).reshape(matrix.shape)
    known = np.concatenate([seen.torque_known, seen.inertia_known.reshape(seen.samples, -1)], axis=1)
    return np.ascontiguousarray(by_kind), np.ascontiguousarray(known.T)
