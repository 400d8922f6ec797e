"""M2: the EMG of all muscles is known, the paper's ideal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.formulations.formulation import Formulation

if TYPE_CHECKING:
    from benchmark.problem.acceleration_stage import AccelerationStage
    from benchmark.problem.problem import Problem
    from benchmark.problem.stage import Stage

Array = NDArray[np.float64]


class AllMeasured(Formulation):
    """M2: the deep muscles are measured and modelled as all others are."""

    name = "m2"
    summary = "all EMG measured, the paper's ideal"
    deep_muscles = "modelled"
    is_of_eq_14 = True

    def deep_forces(self, problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> Array:
        """The modelled forces."""
        plain = cast("AccelerationStage", stage)
        return np.asarray(plain.force(x)[:, plain.projection.columns(problem.deep_muscles)])


ALL_MEASURED = AllMeasured()
