"""Bounded elimination: M1 with deep muscles that pull, and no more than they can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.formulations.formulation import Formulation

if TYPE_CHECKING:
    from benchmark.problem.nested.bounded_stage import BoundedStage
    from benchmark.problem.problem import Problem
    from benchmark.problem.stage import Stage

Array = NDArray[np.float64]


class Bounded(Formulation):
    """Deep forces by least squares, between none and what the muscles can give; where no bound is met it is M1."""

    name = "bounded"
    summary = "deep muscles eliminated by least squares within what they can give"
    deep_muscles = "absent"
    needs_known_fibres = True

    def _stage(self, problem: Problem, start: Mapping[str, float]) -> BoundedStage:
        from benchmark.problem.nested.bounded_stage import BoundedStage

        return BoundedStage(problem, start)

    def deep_forces(self, problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> Array:
        """The forces that leave the least."""
        return cast("BoundedStage", stage).deep_forces(x)


BOUNDED = Bounded()
