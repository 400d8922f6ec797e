"""The two stages of an identification with known fibres: eq. (15) in the residual (14), then eq. (16).

A stage is what a method solves: a parameter space and a residual, in every back end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmark.model.arm import standard_jacobian, standard_parameters
from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.contraction import FibreParameters, fibre_force, pennation_cosine, tendon_stretch
from benchmark.model.curves import muscle_curves
from benchmark.model.scan import activations_with_sensitivities
from benchmark.problem.jacobian import force_columns, whiten_columns
from benchmark.problem.parameters import ParameterSpace, parameter_space
from benchmark.problem.projection import Projection
from benchmark.problem.residual import whiten
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS, SHARED_UNITS

if TYPE_CHECKING:
    from benchmark.model.backends.casadi_backend import SymbolicLoss

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

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (n,), and its exact Jacobian, (n, p), at `x`."""

    def symbolic(self) -> SymbolicLoss:
        """The loss in CasADi, with its exact Hessian."""


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

    Attributes
    ----------
    layout
        Names of all parameters, known ones too, in the order in which the model has them.
    weight
        Factor from accelerations (rad/s2) to the residual, whose squares add up to the loss.
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
        self.weight = 1.0 / np.sqrt(projection.samples * variance)
        self._matrix, self._offset = _affine_rows(projection, len(bodies))

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the residual of eq. (14), m of (T,), weighted so that the loss is the sum of their squares."""
        return self.rows_of_force(x, self.force(x, xp), xp)

    def rows_of_force(self, x: Any, force: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the residual with given forces (N) of the muscles, (T, n), instead of those at `x`."""
        return [self.weight * row for row in whiten(*self.equations(x, force, xp), xp)]

    def equations(self, x: Any, force: Any, xp: Backend = NUMPY) -> tuple[list[Any], list[list[Any]]]:
        """Rows of W'e (N m), m of (T,), and of C^(1/2)' Mbar W (kg m2), 5 of m entries of (T,)."""
        bones, _, _ = self._unpack(x, xp)
        linear = xp.affine(self._matrix, _standard(bones, xp), self._offset)
        m = self.projection.equations
        torque = [linear[k] - xp.row_sums(xp.constant(self.projection.arms[:, k]) * force) for k in range(m)]
        return torque, [linear[first : first + m] for first in range(m, len(linear), m)]

    def force(self, x: Any, xp: Backend = NUMPY) -> Any:
        """Forces (N) of the muscles along their tendons, eq. (15), (T, n)."""
        _, muscle, shared = self._unpack(x, xp)
        seen = self.projection
        activation = xp.activations(seen.emg, seen.counted, shared, seen.sample_time_s)
        return fibre_force(activation, xp.constant(seen.length), xp.constant(seen.velocity), muscle, xp)

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (m T,), and its exact Jacobian, (m T, p), at `x`."""
        seen, m, inertial = self.projection, self.projection.equations, self._matrix.shape[-1]
        bones, muscle, shared = self._unpack(x, NUMPY)
        linear = self._matrix @ _standard(bones, NUMPY) + self._offset
        activation, sensitivity = activations_with_sensitivities(seen.emg, seen.counted, shared, seen.sample_time_s)
        torque, by_muscle = force_columns(activation, sensitivity, seen.length, seen.velocity, muscle, seen.arms)
        by_all = np.concatenate([self._matrix[:m], -by_muscle], axis=2)
        inertia, by_inertia = (rows[m:].reshape(-1, m, *rows.shape[1:]) for rows in (linear, self._matrix))
        rows, columns = whiten_columns(linear[:m] - torque, by_all, inertia, by_inertia)
        flat = self.weight * columns.reshape(-1, columns.shape[-1])
        by_bones = flat[:, :inertial] @ standard_jacobian(np.array(bones))
        jacobian = np.concatenate([by_bones, flat[:, inertial:]], axis=1)
        return self.weight * rows.ravel(), jacobian[:, self._order < self.space.size]

    def fibre_parameters(self, x: Array) -> FibreParameters:
        """Parameters of eq. (15) at `x`, one array over muscles each."""
        return self._unpack(x, NUMPY)[1]

    def symbolic(self) -> SymbolicLoss:
        """The loss in CasADi; its Hessian is assembled around the muscles' forces."""
        from benchmark.model.backends.casadi_backend import CASADI, loss_through

        return loss_through(
            self.space.size, lambda x: self.force(x, CASADI), lambda x, f: self.rows_of_force(x, f, CASADI)
        )

    def _unpack(self, x: Any, xp: Backend) -> tuple[list[Any], FibreParameters, Any]:
        """Bones kind by kind, (bodies,) each; fibre parameters, (n,) each; the shared parameters."""
        full = xp.gather(x, self._fixed, self._order)
        owners = [self._bones] * len(BONE_KINDS) + [len(self.projection.muscles)] * len(FIBRE_KINDS)
        ends = np.cumsum(owners).tolist()
        parts = [full[end - count : end] for end, count in zip(ends, owners, strict=True)]
        bones, fibres = parts[: len(BONE_KINDS)], parts[len(BONE_KINDS) :]
        muscle = FibreParameters(*(xp.spread(part, self.projection.samples) for part in fibres))
        return bones, muscle, full[ends[-1] :]


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

    def __init__(
        self, stage: FibreStage, identified: Array, rigid: tuple[str, ...], start: Mapping[str, float]
    ) -> None:
        seen = stage.projection
        elastic = [index for index, name in enumerate(seen.muscles) if name not in rigid]
        self.space = parameter_space([f"{seen.muscles[index]}.{TENDON_KIND}" for index in elastic], start)
        force, muscle = stage.force(identified), stage.fibre_parameters(identified)
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

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (muscles T,), and its Jacobian, which is constant."""
        muscles, samples = self._slope.shape
        jacobian = np.zeros((muscles, samples, muscles))
        jacobian[np.arange(muscles), :, np.arange(muscles)] = self._slope
        return np.concatenate(self.rows(x)), jacobian.reshape(-1, muscles)

    def symbolic(self) -> SymbolicLoss:
        """The loss in CasADi, with its Hessian."""
        from benchmark.model.backends.casadi_backend import CASADI, loss_of_rows

        return loss_of_rows(self.space.size, lambda x: self.rows(x, CASADI))


def _standard(bones: list[Any], xp: Backend) -> Any:
    """Standard parameters, kind by kind, from bones, kind by kind."""
    return xp.concatenate(standard_parameters(bones[0], bones[1:4], bones[4:]))


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
