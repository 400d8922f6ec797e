"""What a biomechanist would beware of in an identification, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from benchmark.identifiability.causes import LEAST_EMG
from benchmark.identification.courses import Course, Fit
from benchmark.identification.search import Attempt, agreeing
from benchmark.problem.own_problem import OwnProblem
from benchmark.uncertainty.consistency import bone_faults
from datasets.parameters import USUAL_FIBRE_LENGTHS

SATURATED_EMG = 0.999  # of the maximum
MUCH_SATURATED = 0.01  # of the samples
FAR_FROM_MODEL = 0.5  # of the model's value: between people no muscle's figures differ as much
WORSE_HELD_OUT = 2.0  # times the error of the recordings that were identified from,
UNEXPLAINED = 0.05  # where that is a share of the held-out torques' squares that matters
FAR_FROM_MINIMUM = 0.01  # of the sum of squares, that a linear step would still remove


def warnings(
    problem: OwnProblem,
    attempts: Sequence[Attempt],
    left_to_gain: float,
    held: Sequence[str],
    values: Mapping[str, float],
    courses: Sequence[Course],
    fits: Sequence[Fit],
) -> tuple[str, ...]:
    """All that there is to beware of, a line each.

    Parameters
    ----------
    problem
        The problem.
    attempts
        The searches.
    left_to_gain
        Share of the sum of squares that a linear step from the best search's end would still remove.
    held
        Names of the parameters at their bounds.
    values
        All parameters by name, identified ones and those of the model.
    courses
        The recordings as these explain them.
    fits
        How well they do: of the recordings that were identified from, then of those held out, if any.
    """
    return (
        *_of_search(attempts, left_to_gain),
        *_of_bounds(problem, held),
        *_of_emg(problem),
        *_of_muscles(problem, held, values),
        *_of_fibres(courses),
        *(f"implausible inertia: {fault}" for fault in bone_faults(values, problem.identified_bodies)),
        *_of_fits(fits),
    )


def _of_search(attempts: Sequence[Attempt], left_to_gain: float) -> Iterator[str]:
    if left_to_gain > FAR_FROM_MINIMUM:
        yield (
            "the best search ended above its minimum: a linear step would remove "
            f"{100.0 * left_to_gain:.2g} % more of the sum of squares; take more --budget, or another --method"
        )
    without = [attempt for attempt in attempts if not attempt.delivered]
    if without:
        yield f"{len(without)} of {len(attempts)} searches ended without a result ({without[0].status})"
    if len(attempts) > 1 and agreeing(attempts) == 1:
        yield (
            f"only one of {len(attempts)} searches came as far as the best: others may come further; take more --starts"
        )


def _of_bounds(problem: OwnProblem, held: Sequence[str]) -> Iterator[str]:
    muscles = [name for name in held if name.partition(".")[0] not in problem.identified_bodies]
    bones = [name for name in held if name not in muscles]
    for what, names in (("muscle and shared parameters", muscles), ("bone parameters", bones)):
        if names:
            yield f"{len(names)} {what} at a bound, of which nothing is known: {', '.join(names)}"


def _of_emg(problem: OwnProblem) -> Iterator[str]:
    for column, muscle in enumerate(problem.projection.muscles):
        emg = np.concatenate([values[:, column] for values in problem.projection.emg])
        if emg.max() < LEAST_EMG:
            yield f"{muscle} is never excited: its EMG stays below {100.0 * LEAST_EMG:g} % of its maximum"
        if (share := float((emg >= SATURATED_EMG).mean())) > MUCH_SATURATED:
            yield (
                f"{muscle}'s EMG is at its maximum for {100.0 * share:.0f} % of the time: was the maximum voluntary "
                "contraction one?"
            )


def _of_muscles(problem: OwnProblem, held: Sequence[str], values: Mapping[str, float]) -> Iterator[str]:
    seen = problem.projection
    unseen = [name for name in problem.measured_muscles if name not in seen.muscles]
    if unseen:
        yield (
            f"{', '.join(unseen)}: measured, but they act only where the muscles without EMG can make up for it; they "
            "keep the model's parameters"
        )
    for name in (name for name in values if name.partition(".")[0] in seen.muscles and name not in held):
        model = problem.nominal[name]
        if model > 0.0 and abs(values[name] / model - 1.0) > FAR_FROM_MODEL:
            yield f"{name} is {values[name] / model:.2g} times the model's value"


def _of_fibres(courses: Sequence[Course]) -> Iterator[str]:
    low, high = USUAL_FIBRE_LENGTHS
    for column, muscle in enumerate(courses[0].muscles):
        length = np.concatenate([course.fibre_length[:, column] for course in courses])
        if length.min() < low or length.max() > high:
            share = float(((length < low) | (length > high)).mean())
            yield (
                f"{muscle}'s fibres are {length.min():.2f} to {length.max():.2f} times their optimal length, beyond "
                f"{low:g} to {high:g} for {100.0 * share:.1f} % of the time"
            )
        outside = max(float(course.outside[column]) for course in courses)
        if outside > 0.0:
            yield (
                f"{muscle} leaves what its model is made for in {100.0 * outside:.1f} % of a recording: its tendon is "
                "slack, or its fibres too short, too long or too pennate"
            )


def _of_fits(fits: Sequence[Fit]) -> Iterator[str]:
    for fit in fits:
        if fit.r2 < 0.0:
            told = "held-out recordings" if fit.is_held_out else "recordings"
            yield f"the {told} are explained worse than by the mean of each torque (R2 {fit.r2:.2g})"
    worse = len(fits) > 1 and fits[1].rmse_n_m > WORSE_HELD_OUT * fits[0].rmse_n_m
    if worse and fits[1].r2 < 1.0 - UNEXPLAINED:
        yield (
            f"held-out error {fits[1].rmse_n_m:.3g} N m, against {fits[0].rmse_n_m:.3g} N m where it was identified: "
            "the result does not carry over; record more, and movements that differ"
        )
