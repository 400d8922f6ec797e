"""What OpenSim tells of a laboratory's model and motion; knows nothing of OpenSim itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datasets.description import ArmDescription
from datasets.laboratory.files.table import Table

Array = NDArray[np.float64]


class MotionTables(NamedTuple):
    """What a laboratory delivers of a motion: the angles, and their rates or None where these are to be found."""

    angles: Table
    speeds: Table | None = None
    accelerations: Table | None = None


class Motion(NamedTuple):
    """A motion of the independent coordinates: times (T,) in s, the rest (T, n) in rad, rad/s and rad/s2."""

    time_s: Array
    position_rad: Array
    velocity_rad_per_s: Array
    acceleration_rad_per_s2: Array


class MuscleKinematics(NamedTuple):
    """Lengths (m) and lengthening speeds (m/s) of muscles with tendons, (T, m), and moment arms (m), (T, m, n).

    A moment arm is that about an independent coordinate, the dependent ones moving along.
    """

    length_m: Array
    velocity_m_per_s: Array
    moment_arm_m: Array


@dataclass(frozen=True, eq=False)
class MovedArm:
    """An imported arm and what it did.

    Attributes
    ----------
    arm
        Its description.
    motion, muscles
        What it did, and its muscles meanwhile.
    notes
        What the person who imports it should know, a line each.
    opensim_version
        Of the program that read it.
    """

    arm: ArmDescription
    motion: Motion
    muscles: MuscleKinematics
    notes: tuple[str, ...]
    opensim_version: str
