"""The loss of moment tracking, recomputed only for the muscles that changed, as CEINMS's annealing has it.

A move of one muscle's parameter then costs about one muscle; a move that is taken back costs nothing, as the last two
results of every muscle are kept.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmark.model.shape_factor import ShapedExcitation
from benchmark.problem.muscle_moments import muscle_moments

if TYPE_CHECKING:
    from benchmark.problem.moment_stage import MomentStage

Array = NDArray[np.float64]

KEPT = 2  # results a muscle: before and after a move

Result = tuple[list[Array], float]  # weighted moments of a muscle in each trial, and its penalty over all trials


class IncrementalLoss:
    """The loss of a stage at a point, (p,), with the results of unchanged muscles kept."""

    def __init__(self, stage: MomentStage) -> None:
        self._stage = stage
        self._kept: list[OrderedDict[bytes, Result]] = [OrderedDict() for _ in stage.muscles]
        self._measured = [w * trial.moment for w, trial in zip(stage.weights, stage.trials, strict=True)]

    def __call__(self, x: Array) -> float:
        """Loss at `x`."""
        own, shared = self._stage.unpack(x)
        results = [self._result(muscle, own[:, muscle], shared) for muscle in range(len(self._kept))]
        moments = zip(*(moments for moments, _ in results), strict=True)
        errors = (sum(parts) - measured for parts, measured in zip(moments, self._measured, strict=True))
        return sum(float(np.vdot(error, error)) for error in errors) + sum(penalty for _, penalty in results)

    def _result(self, muscle: int, own: Array, shared: ShapedExcitation) -> Result:
        kept, key = self._kept[muscle], own.tobytes() + np.array(shared).tobytes()
        if key not in kept:
            kept[key] = self._compute(muscle, own, shared)
        kept.move_to_end(key)
        if len(kept) > KEPT:
            kept.popitem(last=False)
        return kept[key]

    def _compute(self, muscle: int, own: Array, shared: ShapedExcitation) -> Result:
        stage, columns = self._stage, np.array([muscle])
        pennation = stage.pennation[columns]
        found = [
            muscle_moments(trial, columns, own[:, None], shared, pennation, stage.smooth_penalty)
            for trial in stage.trials
        ]
        moments = [weight * entry.moment[:, :, 0] for weight, entry in zip(stage.weights, found, strict=True)]
        return moments, sum(float(entry.penalty[0] ** 2) for entry in found)
