"""Coverage: whether 95 % intervals hold the truth in 95 of 100 noisy replicates.

Each replicate is a recording with noise of its own, identified by going down from the truth: what is tested is the
estimator and its intervals, not a search for the best minimum. The intervals are those that a user gets of one result,
see :mod:`benchmark.uncertainty.estimates`; nothing that they are made of knows the truth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.identifiability.analysis import analyse
from benchmark.identifiability.classes import IDENTIFIABLE, classes
from benchmark.identifiability.refine import refine
from benchmark.problem.problem import load_problem
from benchmark.problem.problem_name import NOISE
from benchmark.processes import in_processes
from benchmark.uncertainty.covered import Coverage
from benchmark.uncertainty.estimates import uncertainty

Array = NDArray[np.float64]

FEWEST_REPLICATES = 2  # for a spread over replicates
TOLD_EVERY = 10  # replicates


class Outcome(NamedTuple):
    """Intervals that a replicate gave of q quantities.

    Attributes
    ----------
    errors, deviations
        Estimate less truth, and the standard deviation that the replicate itself shows, (q,), in the quantities' units.
    covers
        Whether the 95 % interval holds the truth, (q,).
    noise_found_rad_per_s2
        The noise as the residual shows it.
    held
        Parameters at a bound.
    """

    errors: Array
    deviations: Array
    covers: NDArray[np.bool_]
    noise_found_rad_per_s2: float
    held: tuple[str, ...]


class Truth(NamedTuple):
    """True values of the quantities whose intervals are tested.

    Attributes
    ----------
    names
        The quantities.
    values
        In their units, (q,).
    """

    names: tuple[str, ...]
    values: Array


def coverage(
    problem: str,
    noise_rad_per_s2: float,
    replicates: int,
    first_seed: int = 0,
    jobs: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> Coverage:
    """How often the intervals of a problem's identifiable quantities hold the truth.

    Parameters
    ----------
    problem
        The problem's name, without noise.
    noise_rad_per_s2
        Standard deviation of the accelerations' noise.
    replicates
        How many times noise is drawn.
    first_seed
        Seed of the first one's noise.
    jobs
        How many processes identify.
    progress
        Is told what goes on.

    Raises
    ------
    HarnessError
        If there are less than two replicates, or no quantity is identifiable at this noise.
    """
    if replicates < FEWEST_REPLICATES:
        raise HarnessError(f"{replicates} replicates say nothing of coverage: give at least {FEWEST_REPLICATES}")
    noisy = f"{problem}-{NOISE}{noise_rad_per_s2:g}"
    truth, percent = _identifiable(problem, load_problem(noisy).parsed.noise_rad_per_s2)

    def tell(done: int, total: int) -> None:
        if done % TOLD_EVERY == 0 or done == total:
            progress(f"coverage: replicate {done} of {total}")

    seeds = range(first_seed, first_seed + replicates)
    outcomes = in_processes(partial(identified, noisy, truth), seeds, jobs, tell)
    return _counted(problem, noise_rad_per_s2, first_seed, truth.names, percent, outcomes)


def identified(noisy: str, truth: Truth, seed: int) -> Outcome:
    """Identify a replicate from the truth, and compare its intervals with it.

    Parameters
    ----------
    noisy
        The problem's name, with its noise.
    truth
        What the intervals are to hold.
    seed
        Seed of the replicate's noise.
    """
    problem = load_problem(noisy).replicate(seed)
    stage = problem.acceleration_stage(problem.truth)
    minimum = refine(stage, stage.space.start)
    found = uncertainty(problem, stage.space.values(minimum.x))
    estimates = {estimate.name: estimate for estimate in found.estimates}
    own = [estimates[name] for name in truth.names]
    columns = zip(*((entry.value, entry.standard_deviation, entry.lower, entry.upper) for entry in own), strict=True)
    values, deviations, lower, upper = (np.array(column) for column in columns)
    covers = (lower <= truth.values) & (truth.values <= upper)
    return Outcome(values - truth.values, deviations, covers, found.noise_rad_per_s2, found.held)


def _identifiable(problem: str, noise: float) -> tuple[Truth, Array]:
    """The quantities that are identifiable at a noise, at the truth, and their bounds in percent, (q,)."""
    analysis = analyse(load_problem(problem))
    percent = analysis.percent(noise)
    which = np.array([found == IDENTIFIABLE for found in classes(percent)])
    if not which.any():
        raise HarnessError(f"{problem}: nothing is identifiable at {noise:g} rad/s2, no interval to test: take less")
    names, values = analysis.quantities.names, analysis.quantities.values
    true = load_problem(problem).truth
    targets = np.array([true.get(name, value) for name, value in zip(names, values.tolist(), strict=True)])
    return Truth(tuple(np.array(names)[which].tolist()), targets[which]), percent[which]


def _counted(
    problem: str,
    noise: float,
    first_seed: int,
    names: tuple[str, ...],
    percent: Array,
    outcomes: Sequence[Outcome],
) -> Coverage:
    covers = np.array([outcome.covers for outcome in outcomes])
    z = np.array([outcome.errors / outcome.deviations for outcome in outcomes])
    at_bounds = Counter(name for outcome in outcomes for name in outcome.held)
    return Coverage(
        problem=problem,
        noise_rad_per_s2=noise,
        first_seed=first_seed,
        names=names,
        bounds_percent=percent,
        covered=covers.sum(axis=0),
        z_means=z.mean(axis=0),
        z_root_mean_squares=np.sqrt((z**2).mean(axis=0)),
        replicate_shares=covers.mean(axis=1),
        noise_found_rad_per_s2=np.array([outcome.noise_found_rad_per_s2 for outcome in outcomes]),
        at_bounds=dict(at_bounds.most_common()),
        replicates_at_bounds=sum(bool(outcome.held) for outcome in outcomes),
    )
