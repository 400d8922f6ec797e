"""The negative control: deep muscles are taken as absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.formulations.formulation import Formulation

if TYPE_CHECKING:
    from benchmark.problem.problem import Problem
    from benchmark.problem.stage import Stage

Array = NDArray[np.float64]


class Ignored(Formulation):
    """Deep muscles are taken as absent; what they did is laid at the other muscles' door."""

    name = "ignored"
    summary = "deep muscles taken as absent, the negative control"
    deep_muscles = "absent"

    def deep_forces(self, problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> Array:
        """None at all: zero."""
        return np.zeros((problem.samples, len(problem.deep_muscles)))


IGNORED = Ignored()
