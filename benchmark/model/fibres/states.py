"""One interface to the fibre states of elastic and rigid tendons: path lengths and activations in, states out."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np

from benchmark.harness.errors import HarnessError
from benchmark.model.contraction import MuscleParameters
from benchmark.model.fibres.balance import constants, curve_tables
from benchmark.model.fibres.dynamic import march
from benchmark.model.fibres.musculotendon import (
    Drive,
    FibreStates,
    MusculotendonPath,
    check,
    empty_states,
)
from benchmark.model.fibres.quasi_static import frame_by_frame

NO_TIMES_S = (1.0, 1.0)  # where none are looked at


class FibreModel(StrEnum):
    """How a muscle with an elastic tendon is dealt with; one whose tendon is rigid is so in all of them."""

    DYNAMIC = "dynamic"
    QUASI_STATIC = "quasi-static"
    RIGID = "rigid"


def fibre_states(model: FibreModel, path: MusculotendonPath, drive: Drive, muscle: MuscleParameters) -> FibreStates:
    """States of the fibres over a recording, with exact partial derivatives where the drive has a sensitivity.

    Parameters
    ----------
    model
        How muscles with an elastic tendon are dealt with.
    path, drive, muscle
        Paths, activations and muscles, of a whole recording from its first sample.

    Raises
    ------
    HarnessError
        If arrays do not belong together, a parameter is not a positive figure, or a course in time lacks the drive's
        time constants.
    """
    muscle = MuscleParameters(*(np.asarray(values, dtype=np.float64) for values in muscle))
    check(path, drive, muscle)
    if model is FibreModel.DYNAMIC and drive.time_constants_s is None:
        raise HarnessError("a course in time needs the drive's time constants: give them, or another fibre model")
    states = empty_states(len(path.length), drive)
    fill_in = frame_by_frame if model is FibreModel.QUASI_STATIC else march
    rigid = np.ones_like(path.rigid_tendon) if model is FibreModel.RIGID else path.rigid_tendon
    fill_in(*_arrays(path, drive), constants(muscle), rigid, curve_tables(), tuple(vars(states).values()))
    return states


def _arrays(path: MusculotendonPath, drive: Drive) -> tuple[Any, Any]:
    """Paths and activations as the compiled functions take them."""
    none = np.zeros((1, 0, path.length.shape[1]))
    sensitivity = none if drive.sensitivity is None else drive.sensitivity
    length, velocity, activation, slopes = map(
        np.ascontiguousarray, (path.length, path.velocity, drive.activation, sensitivity)
    )
    return (length, velocity, path.sample_time_s), (activation, slopes, drive.time_constants_s or NO_TIMES_S)
