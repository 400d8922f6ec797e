"""Muscle lengths, speeds and moment arms of a laboratory's model along a motion, by OpenSim.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.model.lines import Line
from datasets.laboratory.model.moved import Motion, MuscleKinematics
from datasets.laboratory.model.posed import PosedModel


def muscle_kinematics(
    path: Path,
    lines: Mapping[str, Line],
    independent: tuple[str, ...],
    muscles: tuple[str, ...],
    motion: Motion,
    report: Callable[[int], None],
) -> MuscleKinematics:
    """Move a model, and read its muscles.

    Parameters
    ----------
    path
        The model's file.
    lines
        What each of its coordinates is.
    independent, muscles
        Names along the axes.
    motion
        The motion.
    report
        Called with the number of samples done, after each.

    Raises
    ------
    LaboratoryError
        If a figure of a muscle is not finite.
    """
    posed = PosedModel(path, lines, independent, muscles)
    about = [posed.model.getCoordinateSet().get(name) for name in independent]
    units = [posed.model.getMuscles().get(name) for name in muscles]
    samples, kinds = len(motion.time_s), len(units)
    found = MuscleKinematics(
        np.empty((samples, kinds)), np.empty((samples, kinds)), np.empty((samples, kinds, len(about)))
    )
    for t in range(samples):
        state = posed.place(motion.position_rad[t], motion.velocity_rad_per_s[t])
        found.length_m[t] = [unit.getLength(state) for unit in units]
        found.velocity_m_per_s[t] = [unit.getLengtheningSpeed(state) for unit in units]
        found.moment_arm_m[t] = [[unit.computeMomentArm(state, item) for item in about] for unit in units]
        _check(path, found, muscles, t, motion.time_s[t])
        report(t + 1)
    return found


def _check(path: Path, found: MuscleKinematics, muscles: tuple[str, ...], t: int, time_s: float) -> None:
    finite = [np.isfinite(values[t].reshape(len(muscles), -1)).all(axis=1) for values in found]
    for name, values in zip(("length", "lengthening speed", "moment arm"), finite, strict=True):
        if not values.all():
            muscle = muscles[int(np.argmin(values))]
            raise LaboratoryError(
                f"{path}: the {name} of muscle {muscle} is not finite at {time_s:.3f} s; look at its path and wrap "
                f"surfaces in that pose, or leave the muscle out of the channels"
            )
