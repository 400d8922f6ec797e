"""Validation on a movement that was not identified from: shoulder torque of the identified muscles, from their EMG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.model.contraction import MuscleParameters, fibre_force, fibre_parameters
from benchmark.model.fibres.musculotendon import Drive, drive_from_emg
from benchmark.model.fibres.states import FibreModel, fibre_states
from benchmark.problem.problem_name import Fibres
from benchmark.problem.projection import CoupledRecording, couple
from benchmark.problem.recorded_path import musculotendon_path
from datasets.parameters import SHARED_UNITS
from datasets.recording import Recording

Array = NDArray[np.float64]

SHOULDER_COORDINATES = ("elv_angle", "shoulder_elv", "shoulder_rot")


@dataclass(frozen=True, eq=False)
class HeldOutTorques:
    """Torques about the three shoulder coordinates at the samples of a held-out movement that count.

    Attributes
    ----------
    time_s
        (T,), in s.
    predicted, measured
        (T, 3), in N m: the identified muscles', and those that the same muscles had in OpenSim.
    """

    time_s: Array
    predicted: Array
    measured: Array


@dataclass(frozen=True)
class HeldOutFit:
    """How well identified muscles predict the torques of a held-out movement.

    Attributes
    ----------
    rmse_nm
        Root mean square error over the three shoulder coordinates and all samples that count, in N m.
    r2
        1 - (squared error) / (squared distance of each coordinate's torque from its mean), over the same.
    """

    rmse_nm: float
    r2: float


def held_out_torques(
    identified: Mapping[str, float],
    muscles: tuple[str, ...],
    recording_name: str,
    fibres: Fibres = "known",
    seen: CoupledRecording | None = None,
) -> HeldOutTorques:
    """Torque of `muscles` about the shoulder, predicted from EMG, beside OpenSim's.

    Parameters
    ----------
    identified
        Identified parameters by name; the muscles' and the shared ones are used.
    muscles
        The muscles that were identified.
    recording_name
        The held-out recording.
    fibres
        Whether its fibre lengths and velocities are data or follow from the identified parameters, as in
        identification.
    seen
        The held-out recording as it is seen, to predict from; None for the simulated one as it is.
    """
    true = couple(recording_name)
    entry = true if seen is None else seen
    recording, rows = entry.recording, entry.counted
    columns = np.array([recording.muscles.index(name) for name in muscles])
    forces = _forces if fibres == "known" else _forces_in_equilibrium
    predicted = _shoulder_torque(entry, columns, forces(identified, muscles, recording)[rows])
    counted = np.isin(true.counted, rows)  # a recording that is seen may be shorter
    measured = _shoulder_torque(true, columns, true.recording.states.tendon_force_n[np.ix_(true.counted, columns)])[
        counted
    ]
    return HeldOutTorques(recording.time_s[rows], predicted, measured)


def _shoulder_torque(entry: CoupledRecording, columns: NDArray[np.intp], force: Array) -> Array:
    """Torque (N m) of some muscles about the shoulder's coordinates, (T, 3), from their forces (N), (T, n)."""
    shoulder = [entry.recording.coordinates.index(name) for name in SHOULDER_COORDINATES]
    return np.asarray(np.einsum("tcn,tn->tc", entry.arms[:, shoulder][:, :, columns], force))


def _forces(identified: Mapping[str, float], muscles: Sequence[str], recording: Recording) -> Array:
    """Forces (N) at the recorded fibre states, (all samples, n)."""
    columns = [recording.muscles.index(name) for name in muscles]
    drive = _drive(identified, recording, columns)
    length, velocity = recording.states.fibre_length_m[:, columns], recording.states.fibre_velocity_m_per_s[:, columns]
    return np.asarray(fibre_force(drive.activation, length, velocity, fibre_parameters(identified, muscles)))


def _forces_in_equilibrium(identified: Mapping[str, float], muscles: Sequence[str], recording: Recording) -> Array:
    """Forces (N) of fibres in equilibrium with their tendons, (all samples, n)."""
    columns = [recording.muscles.index(name) for name in muscles]
    slack = np.array([identified[f"{name}.tendon_slack_length"] for name in muscles])
    muscle = MuscleParameters(*fibre_parameters(identified, muscles), slack)
    path = musculotendon_path(recording, muscles)
    return fibre_states(FibreModel.DYNAMIC, path, _drive(identified, recording, columns), muscle).force


def _drive(identified: Mapping[str, float], recording: Recording, columns: Sequence[int]) -> Drive:
    """Activations of some muscles by the identified shared parameters."""
    shared = np.array([identified[name] for name in SHARED_UNITS])
    emg = np.ascontiguousarray(recording.emg[:, columns])
    return drive_from_emg(emg, shared, 1.0 / recording.sampling_rate_hz, with_sensitivity=False)


def held_out_fit(
    identified: Mapping[str, float],
    muscles: tuple[str, ...],
    recording_name: str,
    fibres: Fibres = "known",
    seen: CoupledRecording | None = None,
) -> HeldOutFit:
    """Compare the torques of `held_out_torques`.

    Parameters
    ----------
    identified, muscles, recording_name, fibres, seen
        As there.
    """
    torques = held_out_torques(identified, muscles, recording_name, fibres, seen)
    measured = torques.measured
    return HeldOutFit(*goodness_of_fit(torques.predicted - measured, measured - measured.mean(axis=0)))


def goodness_of_fit(error: Array, centred: Array) -> tuple[float, float]:
    """Root mean square of errors, and R2: 1 - (their squares) / (squares of what was measured less its mean)."""
    squares = (error**2).sum()
    return float(np.sqrt(squares / error.size)), float(1.0 - squares / (centred**2).sum())
