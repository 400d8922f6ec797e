"""The problem of moment tracking: calibrate an uncalibrated model of the arm on trials, as CEINMS does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.problem.moment_stage import MomentStage
from benchmark.problem.muscle_moments import CALIBRATED
from benchmark.problem.parameters import Box, draw_start, parameter_space
from benchmark.problem.problem import Problem
from benchmark.problem.projection import couple
from benchmark.problem.stage import Stage
from benchmark.problem.start_level import StartLevel
from benchmark.problem.trial import Trial, trial
from benchmark.problem.uncalibrated import SHARED_BOUNDS, calibration_bounds, uncalibrated

Array = NDArray[np.float64]


class MomentProblem(Problem):
    """Calibration by moment tracking: one stage, no bones, all muscles.

    Starts are drawn around the uncalibrated model, whose errors a laboratory has; the truth is known here for
    comparison alone, and holds no shape factor, as the simulated muscles have activation dynamics instead.

    Parameters
    ----------
    name
        For example ``moments-deg-published``: the movements are the calibration trials.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.uncalibrated = uncalibrated(self.truth, self.compared_muscles)
        self._boxes = calibration_bounds(self.uncalibrated)

    @property
    def compared_muscles(self) -> tuple[str, ...]:
        """All muscles: each has its EMG."""
        return self.coupled[0].recording.muscles

    @property
    def identified_bodies(self) -> tuple[str, ...]:
        """None: the segments are known."""
        return ()

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """The calibration trials."""
        return self._trials(self.parsed.recordings)

    @cached_property
    def held_out_trials(self) -> tuple[Trial, ...]:
        """The trials to validate on."""
        return self._trials(self.parsed.held_out)

    def bounds(self, name: str) -> Box:
        """Bounds of a parameter, most of them relative to the uncalibrated model."""
        return self._boxes[name]

    def start(self, level: StartLevel, seed: int) -> dict[str, float]:
        """Seeded start around the uncalibrated model, or anywhere within the bounds."""
        return draw_start(self.uncalibrated, level, seed, self.bounds)

    def first_stage(self, start: Mapping[str, float]) -> MomentStage:
        """The only stage, from `start`."""
        return self.stage_of(self.trials, start)

    def acceleration_stage(self, start: Mapping[str, float]) -> NoReturn:
        """There is none.

        Raises
        ------
        HarnessError
            Always.
        """
        raise HarnessError(f"{self.name} tracks moments, and this needs the residual of accelerations: give m1 or m2")

    def stage_of(self, trials: Sequence[Trial], start: Mapping[str, float]) -> MomentStage:
        """Moment tracking of given trials, started at the parameters `start` by name."""
        muscles = self.compared_muscles
        names = [f"{muscle}.{kind}" for kind in CALIBRATED for muscle in muscles]
        space = parameter_space([*names, *SHARED_BOUNDS], start, self.bounds)
        pennation = {muscle: self.truth[f"{muscle}.pennation_at_optimal"] for muscle in muscles}
        return MomentStage(trials, space, pennation, self.parsed.smooth_penalty)

    def next_stage(self, stage: Stage, identified: Array, start: Mapping[str, float]) -> None:
        """None."""

    def _trials(self, recordings: Sequence[str]) -> tuple[Trial, ...]:
        bodies = self.arm.identified_bodies
        return tuple(trial(couple(name), bodies, self.truth) for name in recordings)
