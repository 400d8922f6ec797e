"""How well a formulation knows what the deep muscles did: its forces against those of the simulation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.problem import Problem
from benchmark.problem.stage import Stage

Array = NDArray[np.float64]


def deep_force_errors(problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> dict[str, float]:
    """Errors of the deep muscles' forces in the recordings to identify from, in percent, by muscle.

    The root mean square of a muscle's error over that of its true force: 100 % is what no force at all would have.

    Parameters
    ----------
    problem
        The problem.
    stage
        Its stage one.
    x
        A point of it, (p,).
    start
        Where the identification started: values of what is not identified.

    Returns
    -------
    dict
        Empty where the formulation does not think about deep muscles.
    """
    found = problem.parsed.formulation.deep_forces(problem, stage, x, start)
    if found is None:
        return {}
    true = true_deep_forces(problem)
    percent = 100.0 * np.linalg.norm(found - true, axis=0) / np.linalg.norm(true, axis=0)
    return dict(zip(problem.deep_muscles, percent.tolist(), strict=True))


def true_deep_forces(problem: Problem) -> Array:
    """Forces (N) of the deep muscles along their tendons at the samples that count, (T, deep muscles)."""
    entries = zip(problem.coupled, problem.noise_free, strict=True)
    return np.concatenate(
        [true.recording.states.tendon_force_n[np.ix_(seen.counted, problem.deep_columns)] for seen, true in entries]
    )
