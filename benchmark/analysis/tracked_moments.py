"""Validation of moment tracking: moments of a calibrated model beside measured ones, over trials it has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.analysis.heldout import goodness_of_fit
from benchmark.problem.moment_problem import MomentProblem
from benchmark.problem.trial import TRACKED_COORDINATES

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TrackedMoments:
    """Moments about the tracked coordinates at the frames of a trial that count.

    Attributes
    ----------
    trial
        Name of the trial.
    time_s
        (T,), in s.
    predicted, measured
        (T, 3), in N m: the calibrated model's, and those of inverse dynamics.
    """

    trial: str
    time_s: Array
    predicted: Array
    measured: Array


@dataclass(frozen=True)
class MomentFit:
    """How well moments are predicted over all trials together.

    Attributes
    ----------
    rmse_nm, r2
        Root mean square error (N m) and 1 - (squared error) / (squared distance of each trial's moment from its mean),
        over all coordinates.
    by_coordinate
        The same two of each tracked coordinate by its name.
    """

    rmse_nm: float
    r2: float
    by_coordinate: dict[str, tuple[float, float]]


def tracked_moments(problem: MomentProblem, identified: Mapping[str, float]) -> list[TrackedMoments]:
    """Moments on the held-out trials of a calibrated model, its parameters given by name."""
    stage = problem.stage_of(problem.held_out_trials, identified)
    predicted = stage.moments(stage.space.start)
    return [
        TrackedMoments(trial.name, trial.time_s, moments, trial.moment)
        for trial, moments in zip(problem.held_out_trials, predicted, strict=True)
    ]


def moment_fit(tracked: list[TrackedMoments]) -> MomentFit:
    """Compare the moments of `tracked_moments`."""
    errors = np.concatenate([trial.predicted - trial.measured for trial in tracked])
    centred = np.concatenate([trial.measured - trial.measured.mean(axis=0) for trial in tracked])
    columns = zip(TRACKED_COORDINATES, errors.T, centred.T, strict=True)
    by_coordinate = {name: goodness_of_fit(error, spread) for name, error, spread in columns}
    return MomentFit(*goodness_of_fit(errors, centred), by_coordinate)
