"""Why parameters cannot be known, or are not to be trusted: causes in words, found in the problem."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.parameters import ParameterSpace
from benchmark.problem.problem import Problem
from benchmark.problem.tendon_stage import TENDON_KIND
from datasets.parameters import MUSCLE_UNITS
from methods._coordinates import ANGLE, SMALLEST_ANGLE

Array = NDArray[np.float64]

LEAST_EMG = 0.05  # of its maximum: a muscle whose EMG stays below is called never excited
AT_BOUND = 1e-6  # of the distance between the bounds


def causes(problem: Problem, stage: AccelerationStage, values: Array) -> tuple[dict[str, str], tuple[str, ...]]:
    """Causes by the parameter's name, and remarks on the problem as a whole.

    Parameters
    ----------
    problem
        The problem.
    stage
        Its stage one.
    values
        Stage one's parameters, (p,).
    """
    found = dict(_of_muscles(problem, stage)) | dict(_at_bounds(stage.space, values))
    return found, tuple(_remarks(stage))


def _of_muscles(problem: Problem, stage: AccelerationStage) -> Iterator[tuple[str, str]]:
    seen = stage.projection
    for muscle in problem.coupled[0].recording.muscles:
        for kind in MUSCLE_UNITS:
            name = f"{muscle}.{kind}"
            if muscle in seen.eliminated:
                yield name, f"{muscle} is eliminated: its force is whatever the equations ask for"
            elif muscle not in seen.muscles:
                yield name, f"{muscle} acts only where the eliminated muscles can make up for it: no influence at all"
            elif name.endswith(TENDON_KIND) and muscle in problem.rigid_tendons and name not in stage.space.names:
                yield name, f"{muscle} has a rigid tendon, which carries any force at the same length"
    for column, muscle in enumerate(seen.muscles):
        largest = max(float(emg[:, column].max()) for emg in seen.emg)
        if largest < LEAST_EMG:
            why = f"{muscle} is never excited: its EMG stays below {100.0 * LEAST_EMG:g} % of its maximum"
            yield from ((f"{muscle}.{kind}", why) for kind in MUSCLE_UNITS)


def at_bounds(space: ParameterSpace, point: Array) -> NDArray[np.bool_]:
    """Which parameters of a point, (p,), are at a bound.

    The searches put a pennation angle that is at its lower bound, zero, at `SMALLEST_ANGLE`.
    """
    room = AT_BOUND * (space.upper - space.lower)
    angles = np.array([name.endswith(ANGLE) for name in space.names])
    lowest = np.where(angles, np.maximum(space.lower, SMALLEST_ANGLE), space.lower)
    return np.asarray((point <= lowest + room) | (point >= space.upper - room))


def _at_bounds(space: ParameterSpace, point: Array) -> Iterator[tuple[str, str]]:
    for index in np.flatnonzero(at_bounds(space, point)):
        low, high = space.lower[index], space.upper[index]
        side, bound = ("lower", low) if point[index] - low < high - point[index] else ("upper", high)
        unit = "" if space.units[index] == "1" else f" {space.units[index]}"
        told = f"at its {side} bound, {bound:g}{unit}: intervals that reach beyond say nothing"
        yield space.names[index], told


def _remarks(stage: AccelerationStage) -> Iterator[str]:
    seen = stage.projection
    equations, needed = seen.equations * seen.samples, stage.space.size / seen.equations * seen.sample_time_s
    if equations < stage.space.size:
        yield (
            f"the recording is too short: {seen.samples} samples that count give {equations} equations for "
            f"{stage.space.size} parameters; record at least {needed:.2g} s beyond the settling time, and far more in "
            "practice"
        )
