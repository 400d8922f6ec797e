"""Stage one of an identification with known fibres: eq. (15) in the residual of eq. (14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.compiled_forces import forces, forces_with_partials
from benchmark.model.contraction import FibreParameters, fibre_force
from benchmark.model.scan import activations, activations_with_sensitivities
from benchmark.problem.acceleration_stage import BONE_KINDS, AccelerationStage, standard
from datasets.parameters import MUSCLE_UNITS

if TYPE_CHECKING:
    from benchmark.model.backends.casadi_backend import SymbolicLoss

Array = NDArray[np.float64]

__all__ = ["BONE_KINDS", "FIBRE_KINDS", "FibreStage"]

FIBRE_KINDS = tuple(MUSCLE_UNITS)[:4]


class FibreStage(AccelerationStage):
    """Stage one: bones, fibre parameters and shared parameters, with eq. (15) at the recorded fibre states."""

    name = "fibre"
    muscle_kinds = FIBRE_KINDS

    def force(self, x: Any, xp: Backend = NUMPY) -> Any:
        """Forces (N) of the muscles along their tendons, eq. (15), (T, n)."""
        seen = self.projection
        activation = xp.activations(seen.emg, seen.counted, self.unpack(x, xp)[2], seen.sample_time_s)
        return self.force_of(x, activation, xp)

    def force_of(self, x: Any, activation: Any, xp: Backend = NUMPY) -> Any:
        """Forces (N) along the tendons with given activations, (T, n), instead of those of the EMG."""
        seen = self.projection
        muscle = FibreParameters(*(xp.spread(part, seen.samples) for part in self.unpack(x, xp)[1]))
        return fibre_force(activation, xp.constant(seen.length), xp.constant(seen.velocity), muscle, xp)

    def compiled_force(self, own: Sequence[Array], shared: Array) -> Array:
        """The same, compiled."""
        seen = self.projection
        return self.compiled_force_of(own, activations(seen.emg, seen.counted, shared, seen.sample_time_s))

    def compiled_force_of(self, own: Sequence[Array], activation: Array) -> Array:
        """The same with given activations, (T, n)."""
        return forces(activation, self.projection.length, self.projection.velocity, FibreParameters(*own))

    def compiled_partials(self, own: Sequence[Array], shared: Array) -> tuple[Array, Array]:
        """Forces (N), (T, n), and their partial derivatives by fibre and shared parameters, (T, 9, n), compiled."""
        seen = self.projection
        activation, sensitivity = activations_with_sensitivities(seen.emg, seen.counted, shared, seen.sample_time_s)
        return self.compiled_partials_of(own, activation, sensitivity)

    def compiled_partials_of(self, own: Sequence[Array], activation: Array, sensitivity: Array) -> tuple[Array, Array]:
        """The same with given activations, (T, n), and derivatives of these by the shared parameters, (T, 5, n)."""
        seen = self.projection
        return forces_with_partials(activation, sensitivity, seen.length, seen.velocity, FibreParameters(*own))

    def fibre_parameters(self, x: Array) -> FibreParameters:
        """Parameters of eq. (15) at `x`, one array over muscles each."""
        return FibreParameters(*self.unpack(x, NUMPY)[1])

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
            lambda x: standard(self.unpack(x, SEGMENTED)[0], SEGMENTED),
            lambda x: self.force(x, SEGMENTED),
        )
