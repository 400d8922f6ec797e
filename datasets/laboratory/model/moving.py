"""From a laboratory's model and motion to an arm of the suite that moves.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import opensim

from datasets.laboratory.files.channels import ChannelMap
from datasets.laboratory.model.agreement import check_dynamics
from datasets.laboratory.model.angles import departures, measured_angles, measured_rates, out_of_range
from datasets.laboratory.model.coordinates import check_coupled, coordinate_lines
from datasets.laboratory.model.differences import differences
from datasets.laboratory.model.kinematics import muscle_kinematics
from datasets.laboratory.model.locks import ModelChoices
from datasets.laboratory.model.moved import Array, Motion, MotionTables, MovedArm
from datasets.laboratory.model.muscles import describe_muscles
from datasets.laboratory.model.opened import open_model
from datasets.laboratory.model.skeleton import describe_skeleton, with_muscles
from datasets.laboratory.signals.motion import MotionSettings, smooth_motion


def move_model(
    path: Path,
    choices: ModelChoices,
    channels: ChannelMap,
    tables: MotionTables,
    settings: MotionSettings,
    at_s: Array,
    report: Callable[[int], None],
) -> MovedArm:
    """Describe a model, and move it as a laboratory's motion says.

    Parameters
    ----------
    path
        The model's file.
    choices
        What a person says of the model.
    channels
        Which muscles there are.
    tables, settings
        The motion, and how it is smoothed.
    at_s
        Times that the result is for (s), (S,).
    report
        Called with the number of samples done, after each.

    Raises
    ------
    LaboratoryError
        If the model or the motion cannot be used.
    """
    model = open_model(path)
    lines = coordinate_lines(model, choices.locks)
    if not choices.uncoupled:
        check_coupled(model, lines)
    skeleton = describe_skeleton(model, lines, choices.bodies)
    muscles = describe_muscles(model, channels.measured, channels.unmeasured, channels.source)
    arm = with_muscles(model, skeleton, muscles)
    independent = arm.independent_coordinates
    angles, notes = measured_angles(model, tables.angles, independent)
    check_dynamics(path, lines, arm)
    motion = _smoothed(model, tables, independent, angles, settings, at_s)
    notes += departures(model, tables.angles, lines, independent, angles) + out_of_range(arm, motion.position_rad)
    kinematics = muscle_kinematics(path, lines, independent, arm.muscle_names, motion, report)
    return MovedArm(arm, motion, kinematics, differences(model, arm) + notes, opensim.GetVersion())


def _smoothed(
    model: opensim.Model,
    tables: MotionTables,
    independent: Sequence[str],
    angles: Array,
    settings: MotionSettings,
    at_s: Array,
) -> Motion:
    """The motion at the times asked for: angles, (T, n) in rad, with their rates as delivered or as they change."""
    position, velocity, acceleration = smooth_motion(tables.angles.time_s, angles, at_s, settings)
    if tables.speeds is not None and tables.accelerations is not None:
        velocity, acceleration = (
            smooth_motion(table.time_s, measured_rates(model, table, independent), at_s, settings)[0]
            for table in (tables.speeds, tables.accelerations)
        )
    return Motion(at_s, position, velocity, acceleration)
