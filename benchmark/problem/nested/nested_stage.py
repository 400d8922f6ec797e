"""Stages with a problem inside: what deep muscles do is found by bounded least squares, sample by sample.

The inner unknowns z of a sample minimise the same sum of squares that the parameters x do, so that x is searched for
with z(x) put in: a nested minimum is one of both together, the fixed point of any alternation between the two. The
gradient of the loss is exact, as z's own derivative does not enter it; Jacobians are Kaufman's (1975, *BIT* 15,
49-57), without what the free unknowns would imitate.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.problem.acceleration_stage import standard
from benchmark.problem.compiled_residual import residual_and_jacobian, residual_rows
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.residual import whiten
from benchmark.problem.stage import NoSuchFormError

Array = NDArray[np.float64]


class NestedStage(FibreStage):
    """Stage one of a formulation with inner unknowns; its equations are those without deep muscles.

    Attributes
    ----------
    deep_arms
        Coupled moment arms of the deep muscles, (T, 5, deep muscles), in m.
    """

    deep_arms: Array

    @abstractmethod
    def inner_solution(self, x: Array) -> Array:
        """The inner unknowns at `x`, (p,): (T, n)."""

    @abstractmethod
    def deep_forces_of(self, z: Array) -> Array:
        """Forces (N) of the deep muscles along their tendons, (T, deep muscles), with the inner unknowns `z`."""

    def force_at(self, x: Any, z: Array, xp: Backend = NUMPY) -> Any:
        """Forces (N) of the muscles in the equations along their tendons, (T, n), with the inner unknowns `z`."""
        return super().force(x, xp)

    def costs(self, x: Any, z: Array, xp: Backend = NUMPY) -> list[Any]:
        """Rows beyond the equations of motion, (T,) each: what the inner unknowns cost by themselves."""
        return []

    def deep_forces(self, x: Array) -> Array:
        """Forces (N) of the deep muscles along their tendons at `x`, (T, deep muscles)."""
        return self.deep_forces_of(self.inner_solution(x))

    def force(self, x: Any, xp: Backend = NUMPY) -> Any:
        """Forces (N) of the muscles in the equations along their tendons at `x`, (T, n)."""
        return self.force_at(x, self.inner_solution(_values(x)), xp)

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows written out: the equations of motion and the costs, (T,) each, with the inner unknowns held.

        Their squares add up to those of :meth:`residual`, and to differentiate them z may be held.
        """
        z = self.inner_solution(_values(x))
        torque, inertia = self.equations(x, self.force_at(x, z, xp), xp)
        deep = np.einsum("tcn,tn->ct", self.deep_arms, self.deep_forces_of(z))
        left = [row - xp.constant(own) for row, own in zip(torque, deep, strict=True)]
        return [*(self.weight * row for row in whiten(left, inertia, xp)), *self.costs(x, z, xp)]

    def symbolic(self) -> NoReturn:
        """There is none.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError("what deep muscles do is found sample by sample by compiled code: no symbolic form")

    def literal(self) -> NoReturn:
        """There is none.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError("the paper eliminates deep muscles without bounds: this formulation has no literal form")

    def unexplained(self, x: Array, force: Array, deep_force: Array | None = None) -> Array:
        """What forces (N) leave of the equations of motion, weighted, (5 T,), compiled."""
        bones = standard(self.unpack(x, NUMPY)[0], NUMPY)
        rows = residual_rows(self._regressor[0], self._known(deep_force), bones, self.projection.arms, force)
        return np.asarray(self.weight * rows.ravel())

    def unexplained_jacobian(self, x: Array, force: Array, partials: Array, deep_force: Array) -> tuple[Array, Array]:
        """The same and its derivatives, (5 T, p), with the deep forces held and partials of the others as given."""
        bones = self.unpack(x, NUMPY)[0]
        found = residual_and_jacobian(
            self._regressor[0],
            self._known(deep_force),
            standard(bones, NUMPY),
            self._by_bones(bones),
            self.projection.arms,
            force,
            partials,
            self._free,
            self.weight,
        )
        return found[0], found[1]

    def _known(self, deep_force: Array | None) -> Array:
        """What is known of the equations, with the deep muscles' torques."""
        known = self._regressor[1]
        if deep_force is None:
            return known
        changed = known.copy()
        changed[:, : self.deep_arms.shape[1]] -= np.einsum("tcn,tn->tc", self.deep_arms, deep_force)
        return changed


def _values(x: Any) -> Array:
    """The numbers of a point, whatever library holds it."""
    return np.asarray(x.detach() if hasattr(x, "detach") else x, dtype=np.float64)
