"""The deep muscles by the parameters that an identification starts from: what nobody identifies of them is known so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from benchmark.model.compiled_forces import forces_with_partials
from benchmark.model.contraction import FibreParameters
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
        names = problem.deep_muscles
        kinds = FibreParameters._fields
        muscle = FibreParameters(*(np.array([start[f"{name}.{kind}"] for name in names]) for kind in kinds))
        length, velocity = (self._of(problem, field) for field in ("fibre_length_m", "fibre_velocity_m_per_s"))
        sensitivity = np.ones((len(length), 1, len(names)))
        self.passive, partials = forces_with_partials(np.zeros_like(length), sensitivity, length, velocity, muscle)
        self.capacity = np.maximum(0.0, partials[:, len(kinds)])

    @staticmethod
    def _of(problem: Problem, field: str) -> Array:
        """A quantity of the deep muscles at the samples that count, (T, muscles)."""
        columns = [problem.coupled[0].recording.muscles.index(name) for name in problem.deep_muscles]
        return np.concatenate([getattr(entry.recording, field)[entry.counted][:, columns] for entry in problem.coupled])
