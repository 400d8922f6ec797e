"""How well joint angles and muscle forces are predicted: by a method's own predictor, or by identified parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.analysis.heldout import goodness_of_fit
from benchmark.problem.problem import Problem
from benchmark.problem.projection import CoupledRecording, couple

Array = NDArray[np.float64]
Errors = dict[str, tuple[float, float]]  # root mean square error and R2 by coordinate or muscle

TRAINING, HELD_OUT = "training", "held_out"
ANGLE: Final = "angle_rad"
FORCE: Final = "force_n"


class Prediction(NamedTuple):
    """What is predicted of a whole recording.

    Attributes
    ----------
    position_rad
        Positions of the independent coordinates, (T, 5), in rad; None if they are not predicted.
    force_n
        Forces of all muscles along their tendons, (T, muscles), in N; columns of NaN of those that are not predicted,
        None if none is.
    """

    position_rad: Array | None
    force_n: Array | None


# From the times (s) of a recording, (T,), and the EMG (1) of the muscles that it is known of, (T, measured).
Predictor = Callable[[Array, Array], Prediction]


def prediction_errors(predictor: Predictor, problem: Problem) -> dict[str, dict[str, Errors]]:
    """Errors of a predictor on the movements that it was trained on, and on the first that it was not.

    Parameters
    ----------
    predictor
        The predictor; it sees EMG as an identification does, with all imperfections.
    problem
        The problem that it was trained on.

    Returns
    -------
    dict
        By ``training`` and ``held_out``, then by ``angle_rad`` and ``force_n`` as far as predicted: root mean square
        error (rad, N) and R2 by coordinate or muscle, over all samples that count.
    """
    muscles = problem.coupled[0].recording.muscles
    columns = [muscles.index(name) for name in problem.measured_muscles]
    return {
        movement: errors(
            [predictor(entry.recording.time_s, np.array(entry.recording.emg[:, columns])) for entry in seen], true
        )
        for movement, (seen, true) in _movements(problem).items()
    }


def model_errors(problem: Problem, identified: Mapping[str, float]) -> dict[str, dict[str, Errors]]:
    """The same of the forces that identified parameters give: eq. (15), and of deep muscles what the formulation says.

    Parameters
    ----------
    problem
        The problem.
    identified
        All parameters by name; those that were not identified as at the start.
    """
    found, muscles = {}, problem.coupled[0].recording.muscles
    for movement, on_these in ((TRAINING, problem), (HELD_OUT, _on_held_out(problem))):
        stage = on_these.acceleration_stage(identified)
        true = _forces(on_these.coupled)
        forces = np.full_like(true, np.nan)
        forces[:, [muscles.index(name) for name in stage.projection.muscles]] = stage.force(stage.space.start)
        formulation = problem.parsed.formulation
        forces[:, problem.deep_columns] = formulation.deep_forces(on_these, stage, stage.space.start, identified)
        found[movement] = {FORCE: _by_name(forces, true, muscles)}
    return found


def errors(predicted: Sequence[Prediction], true: Sequence[CoupledRecording]) -> dict[str, Errors]:
    """Root mean square error and R2 of predictions of whole recordings, at the samples that count, over all of them."""
    found, recording = {}, true[0].recording
    pairs = [*zip(predicted, true, strict=True)]
    positions = [entry.position_rad[one.counted] for entry, one in pairs if entry.position_rad is not None]
    forces = [entry.force_n[one.counted] for entry, one in pairs if entry.force_n is not None]
    if positions:
        recorded = np.concatenate([one.recording.position_rad[one.counted] for one in true])
        found[ANGLE] = _by_name(np.concatenate(positions), recorded, recording.coordinates)
    if forces:
        found[FORCE] = _by_name(np.concatenate(forces), _forces(true), recording.muscles)
    return found


@lru_cache(maxsize=4)
def _on_held_out(problem: Problem) -> Problem:
    """The same problem on its first held-out movement; no imperfection changes true forces."""
    return Problem(problem.name, coupled=(problem.as_seen(couple(problem.parsed.held_out[0])),))


def _movements(problem: Problem) -> dict[str, tuple[tuple[CoupledRecording, ...], tuple[CoupledRecording, ...]]]:
    """Recordings as seen and as they are, those trained on and the first held-out one."""
    held_out = couple(problem.parsed.held_out[0])
    return {TRAINING: (problem.coupled, problem.noise_free), HELD_OUT: ((problem.as_seen(held_out),), (held_out,))}


def _forces(entries: Sequence[CoupledRecording]) -> Array:
    return np.concatenate([entry.recording.states.tendon_force_n[entry.counted] for entry in entries])


def _by_name(predicted: Array, true: Array, names: Sequence[str]) -> Errors:
    columns = zip(names, (predicted - true).T, (true - true.mean(axis=0)).T, strict=True)
    return {name: goodness_of_fit(error, spread) for name, error, spread in columns if np.isfinite(error).all()}
