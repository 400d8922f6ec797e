"""Trials of moment tracking: what a laboratory gives a calibration, from a recording.

Measured moments come from inverse dynamics, with the subject's own segments; lengths and moment arms from the motion;
EMG of all muscles. Frames are fewer than samples: movements and EMG have nothing above 6 Hz, and a quasi-static fibre
needs no course in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.model.fibres.musculotendon import MusculotendonPath
from benchmark.model.scan import delayed_emg
from benchmark.model.standard_parameters import standard_values
from benchmark.problem.projection import CoupledRecording
from benchmark.problem.recorded_path import musculotendon_path

Array = NDArray[np.float64]

TRACKED_COORDINATES = ("shoulder_elv", "shoulder_rot", "elbow_flexion")
FRAMES_PER_S = 25.0
# CEINMS's documented example; the recorded arm's own is not known to a laboratory.
ASSUMED_DELAY_S = 0.015


@dataclass(frozen=True, eq=False)
class Trial:
    """A recording as moment tracking sees it: S samples of EMG, F frames of which T count, n muscles.

    Attributes
    ----------
    name
        The recording's name.
    muscles
        Names of the muscles.
    delayed_emg
        EMG the electromechanical delay ago, (S, n).
    sampled
        Which sample each frame is, (F,).
    path
        Musculotendon paths at the frames.
    counted
        Which frames count, (T,).
    time_s
        Time of the frames that count, (T,), in s.
    arms
        Coupled moment arms about the tracked coordinates, (T, 3, n), in m.
    moment
        Measured moments about them, (T, 3), in N m.
    """

    name: str
    muscles: tuple[str, ...]
    delayed_emg: Array
    sampled: NDArray[np.intp]
    path: MusculotendonPath
    counted: NDArray[np.intp]
    time_s: Array
    arms: Array
    moment: Array


def trial(coupled: CoupledRecording, bodies: tuple[str, ...], truth: Mapping[str, float]) -> Trial:
    """A recording as moment tracking sees it.

    Parameters
    ----------
    coupled
        The recording with its motion's regressors.
    bodies, truth
        The segments whose inertial parameters inverse dynamics takes from `truth`, by name.
    """
    recording = coupled.recording
    stride = round(recording.sampling_rate_hz / FRAMES_PER_S)
    sampled = np.arange(0, recording.time_s.size, stride)
    _, rows, counted = np.intersect1d(coupled.counted, sampled, assume_unique=True, return_indices=True)
    tracked = np.array([recording.coordinates.index(name) for name in TRACKED_COORDINATES])
    moment = coupled.dynamics.torque @ standard_values(truth, bodies) + coupled.dynamics.torque_known
    return Trial(
        name=recording.name,
        muscles=recording.muscles,
        delayed_emg=delayed_emg(recording.emg, ASSUMED_DELAY_S * recording.sampling_rate_hz)[0],
        sampled=sampled,
        path=musculotendon_path(recording, recording.muscles).thinned(stride),
        counted=counted,
        time_s=recording.time_s[sampled[counted]],
        arms=np.ascontiguousarray(coupled.arms[np.ix_(rows, tracked)]),
        moment=moment[np.ix_(rows, tracked)],
    )
