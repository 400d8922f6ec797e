"""Calibration by moment tracking, as CEINMS does it: a problem of its own, with all EMG measured."""

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


class MomentTracking(Formulation):
    """All EMG is measured, segments are known, fibres are not; :mod:`benchmark.problem.moment_problem` builds it."""

    name = "moments"
    summary = "moment tracking as CEINMS calibrates: all EMG measured, segments known, fibres unknown"
    deep_muscles = "modelled"
    held_out_movements = ("f", "h")
    tracks_moments = True

    def deep_forces(self, problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> None:
        """Not asked for: deep muscles are nothing special here."""


MOMENT_TRACKING = MomentTracking()
