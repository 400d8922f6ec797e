"""What tests of several formulations ask of a stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmark.model.arm import Regressors
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.problem import Problem
from benchmark.problem.projection import CoupledRecording
from datasets.parameters import SYNERGIES

Array = NDArray[np.float64]

STEP = 1e-7  # of the parameters' scale; longer ones straddle kinks of eq. (18)


def point_of(stage: AccelerationStage, values: Mapping[str, float]) -> Array:
    """A point of a stage, (p,), from parameters by name."""
    return np.array([values[name] for name in stage.space.names])


def squares(residual: Array) -> float:
    """Their sum."""
    return float(residual @ residual)


def owners_of(stage: AccelerationStage) -> dict[str, NDArray[np.bool_]]:
    """Which of a stage's parameters, (p,), belong to bones, to muscles, to all muscles, and to synergies, if any do."""
    owners = [name.partition(".")[0] if "." in name else "shared" for name in stage.space.names]
    kinds = np.array([owner if owner in ("shared", SYNERGIES) else _kind(stage, owner) for owner in owners])
    return {kind: kinds == kind for kind in sorted(set(kinds.tolist()))}


def gradient_errors(
    stage: AccelerationStage, loss: Callable[[Array], float], x: Array, gradient: Array
) -> dict[str, float]:
    """Errors of a loss's gradient at x, (p,), by owner, as shares of the gradient's size.

    Along a seeded random direction of each owner's parameters, against central differences.
    """
    rng, scale = np.random.default_rng(1), stage.space.scale
    errors: dict[str, float] = {}
    for owner, own in owners_of(stage).items():
        direction = np.where(own, scale * rng.standard_normal(scale.size), 0.0)
        direction /= np.linalg.norm(direction / scale)
        slope = (loss(x + STEP * direction) - loss(x - STEP * direction)) / (2.0 * STEP)
        errors[owner] = abs(slope - float(gradient @ direction)) / float(np.linalg.norm((gradient * scale)[own]))
    return errors


def jacobian_error(stage: AccelerationStage, x: Array, jacobian: Array) -> float:
    """Error of the residual's change along a seeded random direction, (n,), as a share of that change."""
    direction = stage.space.scale * np.random.default_rng(1).standard_normal(x.size)
    direction /= np.linalg.norm(direction / stage.space.scale)
    expected = (stage.residual(x + STEP * direction) - stage.residual(x - STEP * direction)) / (2.0 * STEP)
    return float(np.linalg.norm(jacobian @ direction - expected) / np.linalg.norm(expected))


def with_emg(problem: Problem, change: Callable[[Array], Array]) -> Problem:
    """The problem with other EMG in its recordings, from that which they have, (all samples, muscles)."""
    coupled = [
        replace(entry, recording=replace(entry.recording, emg=change(entry.recording.emg))) for entry in problem.coupled
    ]
    return Problem(problem.name, coupled)


def all_measured(problem: Problem) -> Problem:
    """The problem with no deep muscle: the EMG of all is measured."""
    coupled = [replace(entry, recording=replace(entry.recording, deep_muscles=())) for entry in problem.coupled]
    return Problem(problem.name, coupled)


def only(entry: CoupledRecording, kept: NDArray[np.bool_]) -> CoupledRecording:
    """A recording of which some of the samples count, (T,)."""
    dynamics = Regressors(*(getattr(entry.dynamics, name)[kept] for name in Regressors.__dataclass_fields__))
    return replace(entry, counted=entry.counted[kept], arms=entry.arms[kept], dynamics=dynamics)


def _kind(stage: AccelerationStage, owner: str) -> str:
    return "muscles" if owner in stage.projection.muscles else "bones"
