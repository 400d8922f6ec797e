"""Stage one of an identification: the residual of eq. (14), whatever the forces of the muscles are computed from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.standard_parameters import STANDARD_COUNT, standard_jacobian, standard_parameters
from benchmark.problem.compiled_residual import residual_and_jacobian, residual_rows
from benchmark.problem.parameters import bounds_of, parameter_space
from benchmark.problem.projection import Projection, project
from benchmark.problem.residual import whiten
from benchmark.problem.stage import NoSuchFormError
from datasets.parameters import BONE_UNITS, SHARED_UNITS

if TYPE_CHECKING:
    from benchmark.model.backends.casadi_backend import SymbolicLoss

Array = NDArray[np.float64]

BONE_KINDS = tuple(BONE_UNITS)


class AccelerationStage(ABC):
    """Stage one: bones, muscle parameters and shared parameters from the residual of eq. (14).

    Parameters
    ----------
    projection
        The recordings seen through the formulation.
    bodies
        Names of the identified bodies.
    start
        All start values by name; a pennation angle that starts at zero is known and stays there.
    variance
        var(d_t) of eq. (14), in rad2/s4, see :mod:`benchmark.problem.scale`; in N2 m2 where torques are projected.
    bones_are_known
        Whether the bones stay as they are in `start`, as where only muscles are calibrated.

    Attributes
    ----------
    muscle_kinds
        The kinds of parameters that a muscle has in this stage.
    layout
        Names of all parameters, known ones too, in the order in which the model has them.
    start_values
        All start values by name, also of what is not identified.
    variance
        The loss's unit, in rad2/s4: loss times variance is the mean squared acceleration that is left unexplained,
        whatever the start.
    weight
        Factor from accelerations (rad/s2) to the residual, whose squares add up to the loss.
    """

    name: str
    muscle_kinds: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        projection: Projection,
        bodies: tuple[str, ...],
        start: Mapping[str, float],
        variance: float,
        bones_are_known: bool = False,
    ) -> None:
        self.projection = projection
        self.start_values = start
        self._bodies = bodies
        self.layout = _layout(bodies, projection.muscles, self.muscle_kinds)
        bones = len(BONE_KINDS) * len(bodies)
        fixed = [name for name in self.layout if name.endswith("pennation_at_optimal") and start[name] == 0.0]
        fixed += self.layout[:bones] if bones_are_known else []
        free = [name for name in self.layout if name not in fixed]
        self.space = parameter_space(free, start, bounds_of(projection.arm))
        order = [*self.space.names, *fixed]
        self._order = np.array([order.index(name) for name in self.layout])
        self._fixed = np.array([start[name] for name in fixed])
        owners = [len(bodies)] * len(BONE_KINDS) + [len(projection.muscles)] * len(self.muscle_kinds)
        ends = np.cumsum(owners).tolist()
        self._parts = [slice(end - count, end) for end, count in zip(ends, owners, strict=True)]
        self.variance = variance
        self.weight = 1.0 / np.sqrt(projection.samples * variance)
        self._matrix, self._offset = _affine_rows(projection, len(bodies))
        # Sample by sample, as the compiled functions go through them.
        self._regressor = tuple(np.ascontiguousarray(rows.swapaxes(0, 1)) for rows in (self._matrix, self._offset))
        self._free = np.flatnonzero(self._order[bones:] < self.space.size)
        self._free_bones = np.flatnonzero(self._order[:bones] < self.space.size)

    @abstractmethod
    def force(self, x: Any, xp: Backend = NUMPY) -> Any:
        """Forces (N) of the muscles along their tendons, (T, n)."""

    @abstractmethod
    def compiled_force(self, own: Sequence[Array], shared: Array) -> Array:
        """The same, compiled.

        Parameters
        ----------
        own
            Parameters of the muscles, (n,) each, in the order of `muscle_kinds`.
        shared
            The five shared parameters.
        """

    @abstractmethod
    def compiled_partials(self, own: Sequence[Array], shared: Array) -> tuple[Array, Array]:
        """Forces (N) of the muscles, (T, n), and their partial derivatives, (T, kinds + 5, n), compiled.

        A muscle's partials are those by its own parameters and by the shared ones, as for :meth:`compiled_force`.
        """

    @abstractmethod
    def symbolic(self) -> SymbolicLoss:
        """The loss in CasADi."""

    def left_range(self, x: Array) -> tuple[str, ...]:
        """Names of the muscles that leave at `x`, (p,), what the model is made for; none where fibres are known."""
        return ()

    def with_all_equations(self, stride: int) -> AccelerationStage:
        """The same with all five equations a sample, none eliminated, at every `stride`-th sample of each recording.

        Muscles that are measured and not seen where deep ones are eliminated (TRIlat, BRD) are among its muscles.

        Raises
        ------
        NoSuchFormError
            If deep muscles are neither measured nor eliminated: then other equations hold than those of motion.
        """
        seen = self.projection
        are_measured = set(seen.coupled[0].recording.deep_muscles) <= set(seen.muscles)
        if not (are_measured or seen.eliminated):
            raise NoSuchFormError("deep muscles are left out here, and so the equation of motion does not hold")
        thinned = [entry.thinned(stride) for entry in seen.coupled]
        all_equations = project(thinned, "modelled" if are_measured else "absent")
        return type(self)(all_equations, self._bodies, self.start_values, variance=1.0)

    def incremental(self) -> NoReturn:
        """There is none.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError("the residual of accelerations has no incremental form: bones act on all of it")

    @abstractmethod
    def literal(self) -> Callable[[Any], Any]:
        """The loss as the paper's equations have it, in torch."""

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the residual of eq. (14), m of (T,), weighted so that the loss is the sum of their squares."""
        return self.rows_of_force(x, self.force(x, xp), xp)

    def rows_of_force(self, x: Any, force: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the residual with given forces (N) of the muscles, (T, n), instead of those at `x`."""
        return [self.weight * row for row in whiten(*self.equations(x, force, xp), xp)]

    def equations(self, x: Any, force: Any, xp: Backend = NUMPY) -> tuple[list[Any], list[list[Any]]]:
        """Rows of W'e (N m), m of (T,), and of C^(1/2)' Mbar W (kg m2), 5 of m entries of (T,)."""
        linear = xp.affine(self._matrix, standard(self.unpack(x, xp)[0], xp), self._offset)
        m = self.projection.equations
        torque = [linear[k] - xp.row_sums(xp.constant(self.projection.arms[:, k]) * force) for k in range(m)]
        return torque, [linear[first : first + m] for first in range(m, len(linear), m)]

    def residual(self, x: Array) -> Array:
        """The residual, (m T,), at `x`, compiled."""
        bones, own, shared = self.unpack(x, NUMPY)
        force = self.compiled_force(own, shared)
        regressor, known = self._regressor
        rows = residual_rows(regressor, known, standard(bones, NUMPY), self.projection.arms, force)
        return np.asarray(self.weight * rows.ravel())

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (m T,), and its exact Jacobian, (m T, p), at `x`, compiled."""
        bones, own, shared = self.unpack(x, NUMPY)
        force, partials = self.compiled_partials(own, shared)
        regressor, known = self._regressor
        inertial, arms = standard(bones, NUMPY), self.projection.arms
        found = residual_and_jacobian(
            regressor, known, inertial, self._by_bones(bones), arms, force, partials, self._free, self.weight
        )
        return found[0], found[1]

    def _by_bones(self, bones: Sequence[Array]) -> Array:
        """Derivatives of the standard parameters by the bones' parameters that are identified."""
        return np.ascontiguousarray(standard_jacobian(np.array(bones))[:, self._free_bones])

    def unpack(self, x: Any, xp: Backend) -> tuple[list[Any], list[Any], Any]:
        """Bones kind by kind, (bodies,) each; muscle parameters kind by kind, (n,) each; the shared parameters."""
        full = xp.gather(x, self._fixed, self._order)
        parts = [full[part] for part in self._parts]
        return parts[: len(BONE_KINDS)], parts[len(BONE_KINDS) :], full[self._parts[-1].stop :]


def standard(bones: Sequence[Any], xp: Backend) -> Any:
    """Standard inertial parameters, kind by kind, (10 bodies,), from bones, kind by kind, (bodies,) each."""
    return xp.concatenate(standard_parameters(bones[0], bones[1:4], bones[4:]))


def kind_by_kind(rows: Array, bodies: int) -> Array:
    """Rows over standard parameters, (..., 10 bodies), which come body by body, over them kind by kind."""
    return rows.reshape(*rows.shape[:-1], bodies, STANDARD_COUNT).swapaxes(-2, -1).reshape(rows.shape)


def _layout(bodies: Sequence[str], muscles: Sequence[str], muscle_kinds: Sequence[str]) -> list[str]:
    """Names of all parameters of stage one, kind by kind."""
    bones = [f"{body}.{kind}" for kind in BONE_KINDS for body in bodies]
    own = [f"{muscle}.{kind}" for kind in muscle_kinds for muscle in muscles]
    return [*bones, *own, *SHARED_UNITS]


def _affine_rows(seen: Projection, bodies: int) -> tuple[Array, Array]:
    """Torque and inertia as rows over samples: (m + 5m, T, 30), standard parameters kind by kind, and (m + 5m, T)."""
    inertia_known = seen.inertia_known.reshape(seen.samples, -1)
    inertia = seen.inertia.reshape(*inertia_known.shape, seen.inertia.shape[-1])
    matrix = np.concatenate([seen.torque, inertia], axis=1).transpose(1, 0, 2)
    known = np.concatenate([seen.torque_known, inertia_known], axis=1)
    return np.ascontiguousarray(kind_by_kind(matrix, bodies)), np.ascontiguousarray(known.T)
