"""Imperfections: what is wrong with recordings, a file each and a line in the list below; in the order they are met."""

from __future__ import annotations

from typing import Final

from benchmark.problem.imperfections.acceleration_noise import ACCELERATION_NOISE
from benchmark.problem.imperfections.emg_noise import EMG_NOISE
from benchmark.problem.imperfections.emg_scaling import EMG_SCALING
from benchmark.problem.imperfections.hand_load import HAND_LOAD
from benchmark.problem.imperfections.imperfection import Imperfection
from benchmark.problem.imperfections.moment_arm_bias import MOMENT_ARM_BIAS
from benchmark.problem.imperfections.motion_noise import MOTION_NOISE

IMPERFECTIONS: Final[dict[str, Imperfection]] = {
    imperfection.name: imperfection
    for imperfection in (EMG_NOISE, EMG_SCALING, MOTION_NOISE, MOMENT_ARM_BIAS, HAND_LOAD, ACCELERATION_NOISE)
}
