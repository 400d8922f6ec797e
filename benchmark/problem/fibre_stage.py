"""Stage one of an identification with known fibres: eq. (15) in the residual of eq. (14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.arm import standard_jacobian, standard_parameters
from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.compiled_forces import forces, forces_with_partials
from benchmark.model.contraction import FibreParameters, fibre_force
from benchmark.model.scan import activations, activations_with_sensitivities
from benchmark.problem.compiled_residual import residual_and_jacobian, residual_rows
from benchmark.problem.parameters import parameter_space
from benchmark.problem.projection import Projection
from benchmark.problem.residual import whiten
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS, SHARED_UNITS

if TYPE_CHECKING:
    from benchmark.model.backends.casadi_backend import SymbolicLoss

Array = NDArray[np.float64]

BONE_KINDS = tuple(BONE_UNITS)
FIBRE_KINDS = tuple(MUSCLE_UNITS)[:4]


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
    variance
        The loss's unit, in rad2/s4: loss times variance is the mean squared acceleration that is left unexplained,
        whatever the start.
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
        self.variance = variance
        self.weight = 1.0 / np.sqrt(projection.samples * variance)
        self._matrix, self._offset = _affine_rows(projection, len(bodies))
        # Sample by sample, as the compiled functions go through them.
        self._regressor = tuple(np.ascontiguousarray(rows.swapaxes(0, 1)) for rows in (self._matrix, self._offset))
        self._free = np.flatnonzero(self._order[len(BONE_KINDS) * len(bodies) :] < self.space.size)

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

    def residual(self, x: Array) -> Array:
        """The residual, (m T,), at `x`, compiled."""
        seen = self.projection
        bones, muscle, shared = self._unpack(x, NUMPY)
        activation = activations(seen.emg, seen.counted, shared, seen.sample_time_s)
        force = forces(activation, seen.length, seen.velocity, muscle)
        regressor, known = self._regressor
        rows = residual_rows(regressor, known, _standard(bones, NUMPY), seen.arms, force)
        return np.asarray(self.weight * rows.ravel())

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (m T,), and its exact Jacobian, (m T, p), at `x`, compiled."""
        seen = self.projection
        bones, muscle, shared = self._unpack(x, NUMPY)
        activation, sensitivity = activations_with_sensitivities(seen.emg, seen.counted, shared, seen.sample_time_s)
        force = forces_with_partials(activation, seen.length, seen.velocity, muscle)
        regressor, known = self._regressor
        by_bones = standard_jacobian(np.array(bones))
        found = residual_and_jacobian(
            regressor, known, _standard(bones, NUMPY), by_bones, seen.arms, force, sensitivity, self._free, self.weight
        )
        return found[0], found[1]

    def fibre_parameters(self, x: Array) -> FibreParameters:
        """Parameters of eq. (15) at `x`, one array over muscles each."""
        return self._unpack(x, NUMPY)[1]

    def symbolic(self) -> SymbolicLoss:
        """The loss in CasADi; its Hessian is assembled around the muscles' forces."""
        from benchmark.model.backends.casadi_backend import CASADI, loss_through

        return loss_through(
            self.space.size, lambda x: self.force(x, CASADI), lambda x, f: self.rows_of_force(x, f, CASADI)
        )

    def literal(self) -> Callable[[Any], Any]:
        """The loss by eq. (7)-(15) and (17)-(21) in all 16 coordinates, with the paper's activation dynamics."""
        from benchmark.model.literal_activation import SEGMENTED
        from benchmark.problem.literal_loss import paper_loss

        return paper_loss(
            self.projection,
            self.variance,
            lambda x: _standard(self._unpack(x, SEGMENTED)[0], SEGMENTED),
            lambda x: self.force(x, SEGMENTED),
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
