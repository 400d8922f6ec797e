"""The deep muscles by the parameters that an identification starts from: what nobody identifies of them is known so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from benchmark.model.compiled_forces import forces_with_partials
from benchmark.model.contraction import fibre_parameters
from benchmark.problem.problem import Problem

Array = NDArray[np.float64]


class DeepModel:
    """Forces of the deep muscles over their activations, with parameters that stay.

    Parameters
    ----------
    problem
        The problem.
    start
        All start values by name.

    Attributes
    ----------
    passive, capacity
        The force (N) along the tendon of each deep muscle is passive + capacity times its activation: (T, muscles).
    """

    def __init__(self, problem: Problem, start: Mapping[str, float]) -> None:
        muscle = fibre_parameters(start, problem.deep_muscles)
        length, velocity = (self._of(problem, field) for field in ("fibre_length_m", "fibre_velocity_m_per_s"))
        # Forces are affine in activations: what ones in the place of sensitivities give are the slopes.
        ones = np.ones((len(length), 1, length.shape[1]))
        self.passive, partials = forces_with_partials(np.zeros_like(length), ones, length, velocity, muscle)
        self.capacity = np.maximum(0.0, partials[:, -1])

    @staticmethod
    def _of(problem: Problem, field: str) -> Array:
        """A quantity of the deep muscles at the samples that count, (T, muscles)."""
        return np.concatenate(
            [
                getattr(entry.recording.states, field)[np.ix_(entry.counted, problem.deep_columns)]
                for entry in problem.coupled
            ]
        )
