"""Which movement to record next: the windows of candidate recordings that add most to what a problem has.

The gain is that of Bayesian D-optimality: the bits by which the volume of the parameters' uncertainty shrinks, where a
prior as wide as the paper's starts, eq. (24), keeps directions that nothing sees from mattering. Beside it stands
E-optimality, the largest standard deviation that is left, without a prior.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.analysis import NO_VALUES, Analysis
from benchmark.identifiability.classes import IDENTIFIABLE, classes
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import magnitudes
from benchmark.problem.problem import Problem
from benchmark.problem.projection import SETTLING_TIME_S, couple
from datasets.recording import Recording
from datasets.recording_files import RecordingError

Array = NDArray[np.float64]

PRIOR = 0.1  # standard deviation of every parameter, relative to its magnitude: the paper's starts
ROUNDING_S = 1e-9  # of budgets and windows that are sums of decimal fractions
MOST = 3  # quantities to name that gain most


@dataclass(frozen=True, eq=False)
class Window:
    """A part of a candidate recording.

    Attributes
    ----------
    recording
        The recording's name.
    start_s, end_s, information
        Where it begins and ends in the recording, and what its samples that count say.
    """

    recording: str
    start_s: float
    end_s: float
    information: Information

    @property
    def seconds(self) -> float:
        """How long it is, in s."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class Effect:
    """What further information does to a problem's uncertainty.

    Attributes
    ----------
    gain_bits
        By how much the volume of the parameters' uncertainty shrinks, with the prior.
    mean_factor
        By how much standard deviations shrink, the geometric mean over all directions that are seen, with the prior.
    largest_percent
        The largest standard deviation of a direction that is seen, in % of magnitudes, without the prior; it may be
        inf.
    becomes_identifiable, gains_most
        Quantities that become identifiable, and those whose standard deviations shrink most, with the factors; inf
        where one was not seen at all before.
    """

    gain_bits: float
    mean_factor: float
    largest_percent: float
    becomes_identifiable: tuple[str, ...]
    gains_most: tuple[tuple[str, float], ...]


def candidate_windows(
    problem: Problem, recordings: Sequence[str], window_s: float | None, values: Mapping[str, float] = NO_VALUES
) -> list[Window]:
    """Cut recordings into windows, one after the other, and see each as the problem sees its own recordings.

    Parameters
    ----------
    problem
        The problem: its formulation, and its variant of the arm.
    recordings, window_s
        Names or paths, and seconds of a window; what is left at an end is left out. None for whole recordings.
    values
        Values of parameters by name; those that are not given are true.

    Raises
    ------
    HarnessError
        If a recording is not there or is of another variant, or a window is not positive or longer than a recording
        beyond the settling time.
    """
    point = problem.nominal | dict(values)
    return [window for name in recordings for window in _windows(problem, name, window_s, point)]


def gain_bits(known: Information, added: Information, noise_rad_per_s2: float) -> float:
    """Bits by which `added` shrinks the volume of the parameters' uncertainty, for noise in rad/s2."""
    return _log2_volume(known, noise_rad_per_s2) - _log2_volume(known + added, noise_rad_per_s2)


def seen_directions(known: Information, windows: Sequence[Window]) -> Array:
    """Directions that the problem or any of the windows sees, (rank, p)."""
    everything = sum((window.information for window in windows), known)
    return np.asarray(everything.directions[: everything.rank])


def largest_deviation(known: Information, directions: Array, noise_rad_per_s2: float) -> float:
    """The largest relative standard deviation within orthonormal directions, (n, p), without a prior; it may be inf."""
    deviations = known.standard_deviations(noise_rad_per_s2, directions)
    if np.isinf(deviations).any():
        return math.inf
    return float(np.linalg.norm(directions @ known.relative_root, ord=2) * noise_rad_per_s2)


def effect(analysis: Analysis, added: Information, directions: Array, noise_rad_per_s2: float) -> Effect:
    """What `added` does to the uncertainty of a problem that has been analysed.

    Parameters
    ----------
    analysis, added
        Of the problem, and further information about its parameters.
    directions, noise_rad_per_s2
        Orthonormal directions that are seen, (n, p), see :func:`seen_directions`; standard deviation of the noise.
    """
    known, matrix = analysis.information, analysis.quantities.matrix
    bits = gain_bits(known, added, noise_rad_per_s2)
    before, after = (each.standard_deviations(noise_rad_per_s2, matrix) for each in (known, known + added))
    names = np.array(analysis.quantities.names)
    news = (np.array(classes(100.0 * after)) == IDENTIFIABLE) & (np.array(classes(100.0 * before)) != IDENTIFIABLE)
    factors = np.divide(before, after, out=np.ones_like(before), where=np.isfinite(after))
    most = np.argsort(-factors, kind="stable")[:MOST]
    return Effect(
        gain_bits=bits,
        mean_factor=float(2.0 ** (bits / len(directions))),
        largest_percent=100.0 * largest_deviation(known + added, directions, noise_rad_per_s2),
        becomes_identifiable=tuple(names[news].tolist()),
        gains_most=tuple(zip(names[most].tolist(), factors[most].tolist(), strict=True)),
    )


def more_of_the_same(analysis: Analysis, seconds: float) -> Information:
    """What the problem's own recordings would add if they went on alike for some seconds."""
    known = analysis.information
    return replace(known, root=known.root * math.sqrt(seconds / analysis.recorded_s))


def ranked(known: Information, windows: Sequence[Window], noise_rad_per_s2: float) -> list[tuple[Window, float]]:
    """Windows with their gains in bits, those with most bits a second first."""
    gains = [(window, gain_bits(known, window.information, noise_rad_per_s2)) for window in windows]
    return sorted(gains, key=lambda entry: -entry[1] / entry[0].seconds)


def greedy_choice(
    known: Information, windows: Sequence[Window], budget_s: float, noise_rad_per_s2: float
) -> list[tuple[Window, float]]:
    """Fill a budget window by window, each the one that then gains most bits a second; with these gains.

    A window may be chosen again: a movement that is recorded once more has fresh noise.

    Raises
    ------
    HarnessError
        If no window fits into the budget, or the budget is not positive.
    """
    check_budget(budget_s, windows)
    chosen: list[tuple[Window, float]] = []
    while fitting := [window for window in windows if window.seconds <= budget_s + ROUNDING_S]:
        window, bits = ranked(known, fitting, noise_rad_per_s2)[0]
        chosen.append((window, bits))
        known, budget_s = known + window.information, budget_s - window.seconds
    return chosen


def check_budget(budget_s: float, windows: Sequence[Window]) -> None:
    """Raise a HarnessError if none of the windows fits into a budget."""
    check_seconds("a budget", budget_s)
    shortest = min(window.seconds for window in windows)
    if shortest > budget_s + ROUNDING_S:
        raise HarnessError(
            f"a budget of {budget_s:g} s is below the shortest window, {shortest:g} s: give --seconds {shortest:g} or "
            "more, or a shorter --window"
        )


def check_seconds(what: str, seconds: float) -> None:
    """Raise a HarnessError if seconds are not positive and finite."""
    if not 0.0 < seconds < math.inf:
        raise HarnessError(f"{what} of {seconds:g} s makes no sense: give a positive number of seconds")


def _log2_volume(known: Information, noise_rad_per_s2: float) -> float:
    """Logarithm of the volume of the parameters' uncertainty, but for a constant."""
    precise = np.concatenate([known.root / noise_rad_per_s2, np.eye(len(known.names)) / PRIOR])
    return -float(np.log2(np.abs(np.diag(np.linalg.qr(precise, mode="r")))).sum())


def _windows(problem: Problem, name: str, window_s: float | None, values: Mapping[str, float]) -> list[Window]:
    try:
        entry = couple(name)
    except RecordingError as error:
        raise HarnessError(str(error)) from error
    _check_variant(entry.recording, problem)
    stage = Problem(problem.name, [entry]).acceleration_stage(values)
    _, jacobian = stage.residual_and_jacobian(stage.space.start)
    rows = (jacobian / stage.weight).reshape(stage.projection.equations, -1, stage.space.size)
    scale = magnitudes(stage.space, stage.space.start)
    sample_s = stage.projection.sample_time_s
    windows = []
    for first, last in _cuts(entry.recording, window_s):
        inside = (entry.counted >= first) & (entry.counted < last)
        own = rows[:, inside].reshape(-1, stage.space.size)
        known = Information.of_jacobian(stage.space.names, stage.space.start, scale, own)
        windows.append(Window(entry.recording.name, first * sample_s, last * sample_s, known))
    return windows


def _cuts(recording: Recording, window_s: float | None) -> list[tuple[int, int]]:
    """First samples of windows, and those behind their last ones."""
    first = int(np.searchsorted(recording.time_s, SETTLING_TIME_S))
    there = recording.time_s.size - first
    if window_s is None:
        return [(first, first + there)]
    check_seconds("a window", window_s)
    length = max(round(window_s * recording.sampling_rate_hz), 1)
    if length > there:
        most = there / recording.sampling_rate_hz
        raise HarnessError(
            f"a window of {window_s:g} s is longer than {recording.name}, which has {most:g} s beyond the settling "
            f"time: give --window {math.floor(10 * most) / 10:g} or less, or --window whole"
        )
    starts = range(first, first + there - length + 1, length)
    return [(start, start + length) for start in starts]


def _check_variant(recording: Recording, problem: Problem) -> None:
    if recording.variant != problem.parsed.variant:
        raise HarnessError(
            f"recording {recording.name} is of the variant {recording.variant}, {problem.name} of "
            f"{problem.parsed.variant}: give candidates of one and the same arm"
        )
