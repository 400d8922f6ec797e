"""The only stage of an identification with unknown fibres: all parameters of the muscles at once.

A laboratory knows the lengths of muscle and tendon together, from motion and geometry. What the fibre has of them
follows from the balance of both forces, eq. (15) = eq. (16), as a course in time from a recording's first sample; a
rigid tendon leaves the fibre its path less its slack length, which is identified like any other parameter here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.contraction import MuscleParameters
from benchmark.model.fibres.musculotendon import FibreStates, MusculotendonPath, drive_from_emg
from benchmark.model.fibres.states import FibreModel, fibre_states
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.recorded_path import musculotendon_path
from benchmark.problem.stage import NoSuchFormError
from datasets.parameters import MUSCLE_UNITS

if TYPE_CHECKING:
    from benchmark.problem.collocation import Collocation

Array = NDArray[np.float64]

WHY = "its fibre states are stepped in time, which is compiled code"


class EquilibriumStage(AccelerationStage):
    """All parameters from the residual of eq. (14), the fibres in equilibrium with their tendons.

    The states go over whole recordings; those at the samples that count enter the residual. Between two samples a path
    is taken as the cubic through both. In M2 two paths jump there as their muscles come onto a surface, and their
    forces are off by up to 1 % (INFSP) and 2 % (PQ) behind a jump, beside 0.05 % at most of all others. No sample is
    left out for that: both are off by more than 0.01 % in most samples, and a laboratory has such paths as well.
    """

    name = "equilibrium"
    muscle_kinds = tuple(MUSCLE_UNITS)

    def force(self, x: Any, xp: Backend = NUMPY) -> Any:
        """Forces (N) of the muscles along their tendons, (T, n); in numpy and in torch."""
        _, own, shared = self.unpack(x, xp)
        if xp is NUMPY:
            return self.compiled_force(own, shared)
        from benchmark.model.fibres.torch_states import torch_fibre_states

        muscle, seen = MuscleParameters(*own), self.projection
        forces = [
            torch_fibre_states(FibreModel.DYNAMIC, path, emg, muscle, shared)[2]
            for path, emg in zip(self._paths, seen.emg, strict=True)
        ]
        return xp.concatenate([force[rows] for force, rows in zip(forces, seen.counted, strict=True)])

    def compiled_force(self, own: Sequence[Array], shared: Array) -> Array:
        """The same, compiled."""
        return self._counted([states.force for states in self._states(own, shared, with_partials=False)])

    def compiled_partials(self, own: Sequence[Array], shared: Array) -> tuple[Array, Array]:
        """Forces (N), (T, n), and their partial derivatives by muscle and shared parameters, (T, 10, n), compiled."""
        found = self._states(own, shared, with_partials=True)
        forces, partials = ([getattr(states, name) for states in found] for name in ("force", "force_partials"))
        return self._counted(forces), self._counted(partials)

    def _states(self, own: Sequence[Array], shared: Array, *, with_partials: bool) -> list[FibreStates]:
        """States of the fibres over each whole recording."""
        return [
            fibre_states(
                FibreModel.DYNAMIC,
                path,
                drive_from_emg(emg, shared, path.sample_time_s, with_partials),
                MuscleParameters(*own),
            )
            for path, emg in zip(self._paths, self.projection.emg, strict=True)
        ]

    def states(self, x: Array) -> list[FibreStates]:
        """States of the fibres over each whole recording at `x`, (p,)."""
        _, own, shared = self.unpack(x, NUMPY)
        return self._states(own, shared, with_partials=False)

    def left_range(self, x: Array) -> tuple[str, ...]:
        """Names of the muscles that leave at `x`, (p,), what the model is made for, or whose balance is not solved."""
        found = self.states(x)
        bad = np.any([states.left_range | ~states.converged for states in found], axis=0)
        return tuple(name for name, is_bad in zip(self.projection.muscles, bad, strict=True) if is_bad)

    def symbolic(self) -> NoReturn:
        """There is none.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError(f"with unknown fibres the loss has no symbolic form: {WHY}")

    def collocation(self) -> Collocation:
        """The loss in CasADi, with the fibres' states as unknowns and their equilibrium as constraints."""
        from benchmark.problem.collocation import collocate

        return collocate(self, self._paths, self.states(self.space.start))

    def literal(self) -> NoReturn:
        """There is none: the paper takes its fibres' states from a simulation.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError(f"with unknown fibres the loss has no literal form: {WHY}")

    @cached_property
    def _paths(self) -> tuple[MusculotendonPath, ...]:
        return tuple(musculotendon_path(entry.recording, self.projection.muscles) for entry in self.projection.coupled)

    def _counted(self, arrays: Sequence[Array]) -> Array:
        return np.concatenate([array[rows] for array, rows in zip(arrays, self.projection.counted, strict=True)])
