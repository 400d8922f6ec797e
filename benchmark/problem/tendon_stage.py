"""Stage two of an identification with known fibres: tendon slack lengths from eq. (16)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.contraction import pennation_cosine, tendon_stretch
from benchmark.model.curves import muscle_curves
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.parameters import bounds_of, parameter_space
from benchmark.problem.stage import NoSuchFormError

if TYPE_CHECKING:
    from benchmark.model.backends.casadi_backend import SymbolicLoss

Array = NDArray[np.float64]

TENDON_KIND = "tendon_slack_length"
SHORTEST_TENDON_M = 1e-4


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
        names = [f"{seen.muscles[index]}.{TENDON_KIND}" for index in elastic]
        self.space = parameter_space(names, start, bounds_of(seen.arm))
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

    def residual(self, x: Array) -> Array:
        """The residual, (muscles T,), at `x`."""
        return np.concatenate(self.rows(x))

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (muscles T,), and its Jacobian, which is constant."""
        muscles, samples = self._slope.shape
        jacobian = np.zeros((muscles, samples, muscles))
        jacobian[np.arange(muscles), :, np.arange(muscles)] = self._slope
        return self.residual(x), jacobian.reshape(-1, muscles)

    def symbolic(self) -> SymbolicLoss:
        """The loss in CasADi, with its Hessian."""
        from benchmark.model.backends.casadi_backend import CASADI, loss_of_rows

        return loss_of_rows(self.space.size, lambda x: self.rows(x, CASADI))

    def left_range(self, x: Array) -> tuple[str, ...]:
        """None: the fibres are known."""
        return ()

    def incremental(self) -> NoReturn:
        """There is none.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError("the residual of eq. (16) has no incremental form: it takes no time as it is")

    def literal(self) -> Callable[[Any], Any]:
        """The same residual: eq. (16) leaves nothing to eliminate."""
        from benchmark.model.backends.torch_backend import TORCH

        return lambda x: sum(row.square().sum() for row in self.rows(x, TORCH))
