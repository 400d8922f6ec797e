"""Problems made of changed recordings, and results of problems."""

from dataclasses import replace

import numpy as np

from benchmark.identifiability.refine import refine
from benchmark.model.arm import Regressors
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.projection import CoupledRecording

NOISY, NOISE = "m1-ab-published-noise0.01", 0.01
NOISE_FREE = "m1-a-published"


def replicate(seed: int) -> Problem:
    return load_problem(NOISY).replicate(seed)


def refined(problem: Problem) -> dict[str, float]:
    """The result next to the truth."""
    stage = problem.fibre_stage(problem.truth)
    return stage.space.values(refine(stage, stage.space.start).x)


def shortened(samples: int) -> Problem:
    """The recording's first samples that count, and no others."""
    entry = load_problem(NOISE_FREE).coupled[0]
    dynamics = Regressors(*(getattr(entry.dynamics, name)[:samples] for name in Regressors.__dataclass_fields__))
    kept = replace(entry, counted=entry.counted[:samples], arms=entry.arms[:samples], dynamics=dynamics)
    return Problem(NOISE_FREE, [kept])


def without_excitation(muscle: str) -> Problem:
    """The recordings without any EMG of a muscle."""
    return Problem(NOISE_FREE, [_silenced(entry, muscle) for entry in load_problem(NOISE_FREE).coupled])


def _silenced(entry: CoupledRecording, muscle: str) -> CoupledRecording:
    silent = np.array([name == muscle for name in entry.recording.muscles])
    return replace(entry, recording=replace(entry.recording, emg=np.where(silent, 0.0, entry.recording.emg)))
