"""Recordings with imperfections: made anew whenever they are read, and stored nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from benchmark.problem.imperfections import IMPERFECTIONS
from benchmark.problem.projection import CoupledRecording, couple_recording
from datasets.description import ArmDescription
from datasets.recording import Recording

# What regressors and coupled arms are computed from: where it is as it was, they are, too.
COUPLED: Final = ("time_s", "position_rad", "velocity_rad_per_s", "acceleration_rad_per_s2", "moment_arm_m")


def imperfect(
    entry: CoupledRecording, arm: ArmDescription, imperfections: Sequence[tuple[str, float]], seed: int
) -> CoupledRecording:
    """A recording with imperfections; itself, if none is asked for.

    Parameters
    ----------
    entry
        The recording as it was simulated.
    arm
        The arm that it was simulated with.
    imperfections
        Names and sizes, each in the imperfection's own unit.
    seed
        Seed of what is drawn.

    Raises
    ------
    HarnessError
        If an imperfection is too large for the arm.
    """
    drawn = [(IMPERFECTIONS[name], size) for name, size in imperfections]
    recording, believed = entry.recording, arm
    for imperfection, size in drawn:
        recording, believed = imperfection.recording(recording, size, seed), imperfection.arm(believed, size)
    if believed is not arm or _moves_otherwise(recording, entry.recording):
        entry = couple_recording(recording, believed)
    elif recording is not entry.recording:
        entry = replace(entry, recording=recording)
    for imperfection, size in drawn:
        entry = imperfection.coupled(entry, size, seed)
    return entry


def _moves_otherwise(recording: Recording, other: Recording) -> bool:
    return any(getattr(recording, name) is not getattr(other, name) for name in COUPLED)
