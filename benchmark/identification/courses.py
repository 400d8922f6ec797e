"""Courses in time along recordings: torques that are explained and that are not, forces and fibres of the muscles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.analysis.heldout import goodness_of_fit
from benchmark.model.fibres.musculotendon import drive_from_emg
from benchmark.problem.equilibrium_stage import EquilibriumStage
from benchmark.problem.own_problem import OwnProblem
from benchmark.problem.remaining_torque import remaining_torques
from datasets.parameters import SHARED_UNITS

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Course:
    """A recording as identified parameters explain it, at its T samples that count.

    Attributes
    ----------
    recording
        Its name.
    is_held_out
        Whether nothing was identified from it.
    time_s
        (T,)
    coordinates
        Names of the independent coordinates.
    measured_n_m, predicted_n_m
        Torques about them that the eliminated muscles cannot give, (T, coordinates): what motion and bones ask for,
        and what the muscles with EMG give.
    residual_rad_per_s2
        What is left of eq. (14), m numbers a sample, (T, m).
    muscles
        Names of the n muscles that were identified.
    force_n, activation, fibre_length
        Of them, (T, n): force along the tendon, activation, and fibre length in optimal fibre lengths.
    outside
        Shares of the recording's samples, (n,), beyond what the muscle model is made for: tendon slack, fibre shorter
        than 0.4 or longer than 1.6 optimal lengths, or pennate beyond the largest angle.
    deep_muscles
        Names of the muscles without EMG.
    deep_force_n
        What the formulation thinks that they did, (T, deep muscles).
    """

    recording: str
    is_held_out: bool
    time_s: Array
    coordinates: tuple[str, ...]
    measured_n_m: Array
    predicted_n_m: Array
    residual_rad_per_s2: Array
    muscles: tuple[str, ...]
    force_n: Array
    activation: Array
    fibre_length: Array
    outside: Array
    deep_muscles: tuple[str, ...]
    deep_force_n: Array

    @property
    def forces(self) -> tuple[tuple[str, ...], Array]:
        """Names of all muscles with a force, those that were identified first, and the forces in N, (T, names)."""
        others = [place for place, name in enumerate(self.deep_muscles) if name not in self.muscles]
        names = (*self.muscles, *(self.deep_muscles[place] for place in others))
        return names, np.column_stack([self.force_n, self.deep_force_n[:, others]])


@dataclass(frozen=True)
class Fit:
    """How well identified parameters explain recordings.

    Attributes
    ----------
    recordings
        Names of the recordings.
    is_held_out
        Whether nothing was identified from them.
    samples, equations
        How many samples count, and how many equations there are a sample.
    rmse_n_m, r2
        Of the torques about all coordinates that eliminated muscles cannot give: root mean square error in N m, and 1
        less its squares over those of the measured torques less their means.
    rms_rad_per_s2
        Root mean square of the residual of eq. (14).
    """

    recordings: tuple[str, ...]
    is_held_out: bool
    samples: int
    equations: int
    rmse_n_m: float
    r2: float
    rms_rad_per_s2: float


def courses(problem: OwnProblem, values: Mapping[str, float], is_held_out: bool) -> tuple[Course, ...]:
    """Courses along a problem's recordings.

    Parameters
    ----------
    problem
        The recordings.
    values
        All parameters by name; those that were not identified as the model has them.
    is_held_out
        Whether nothing was identified from them.
    """
    stage = problem.acceleration_stage(values)
    assert isinstance(stage, EquilibriumStage)  # of unknown fibres, as of all own problems
    x = np.array([values[name] for name in stage.space.names])  # consistent bones may be beyond their bounds
    torques, states = remaining_torques(problem, stage, x), stage.states(x)
    seen = stage.projection
    ends = np.cumsum([len(entry.counted) for entry in problem.coupled])[:-1]
    residual = np.split(stage.residual(x).reshape(seen.equations, -1).T / stage.weight, ends)
    deep = problem.parsed.formulation.deep_forces(problem, stage, x, values)
    deep_forces = np.split(np.empty((seen.samples, 0)) if deep is None else deep, ends)
    optimal = np.array([values[f"{name}.optimal_fibre_length"] for name in seen.muscles])
    shared = np.array([values[name] for name in SHARED_UNITS])
    found = []
    for i, entry in enumerate(problem.coupled):
        rows = entry.counted
        drive = drive_from_emg(seen.emg[i], shared, seen.sample_time_s, with_sensitivity=False)
        found.append(
            Course(
                recording=entry.recording.name,
                is_held_out=is_held_out,
                time_s=entry.recording.time_s[rows],
                coordinates=entry.recording.coordinates,
                measured_n_m=torques[i].measured,
                predicted_n_m=torques[i].predicted,
                residual_rad_per_s2=residual[i],
                muscles=seen.muscles,
                force_n=states[i].force[rows],
                activation=drive.activation[rows],
                fibre_length=states[i].length[rows] / optimal,
                outside=states[i].outside / len(states[i].length),
                deep_muscles=problem.deep_muscles if deep is not None else (),
                deep_force_n=deep_forces[i],
            )
        )
    return tuple(found)


def fit_of(found: tuple[Course, ...]) -> Fit:
    """How well courses are explained, all of them together."""
    measured, predicted = (
        np.concatenate([getattr(course, name) for course in found]) for name in ("measured_n_m", "predicted_n_m")
    )
    residual = np.concatenate([course.residual_rad_per_s2 for course in found])
    rmse, r2 = goodness_of_fit(predicted - measured, measured - measured.mean(axis=0))
    return Fit(
        recordings=tuple(course.recording for course in found),
        is_held_out=found[0].is_held_out,
        samples=len(residual),
        equations=residual.shape[1],
        rmse_n_m=rmse,
        r2=r2,
        rms_rad_per_s2=float(np.sqrt((residual**2).mean())),
    )
