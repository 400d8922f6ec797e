"""Recordings as the models of the fibre state take them, with the parameters of the simulated arm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmark.model.contraction import MuscleParameters
from benchmark.model.fibres.musculotendon import Drive, MusculotendonPath
from datasets.recording import Recording
from datasets.recording_files import read_recording

Array = NDArray[np.float64]


def recorded(
    name: str, muscles: tuple[str, ...] | None = None, samples: int | None = None
) -> tuple[Recording, list[int], MusculotendonPath, Drive, MuscleParameters]:
    """A recording, the columns of its muscles, and their paths, OpenSim's activations and the true parameters."""
    recording = read_recording(name)
    columns = [recording.muscles.index(muscle) for muscle in muscles or recording.muscles]
    rigid = np.array([recording.muscles[column] in recording.rigid_tendons for column in columns])
    length, velocity, activation = (
        np.ascontiguousarray(values[:samples, columns])
        for values in (
            recording.musculotendon_length_m,
            recording.musculotendon_velocity_m_per_s,
            recording.states.activation,
        )
    )
    true = recording.true_parameters
    muscle = MuscleParameters(
        *(np.array([true[f"{recording.muscles[c]}.{kind}"] for c in columns]) for kind in MuscleParameters._fields)
    )
    path = MusculotendonPath(length, velocity, 1.0 / recording.sampling_rate_hz, rigid)
    times = (true["activation_time"], true["deactivation_time"])
    return recording, columns, path, Drive(activation, time_constants_s=times), muscle
