"""Searches for the parameters of an arm of one's own: one from its model, and others from around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.harness.limits import Limits
from benchmark.harness.methods import load_method
from benchmark.harness.prices import load_family_prices
from benchmark.harness.recorder import StageRecorder
from benchmark.harness.row import DELIVERED
from benchmark.harness.seen import UNWATCHED
from benchmark.harness.solve import solve_stage, warm_up
from benchmark.problem.own_problem import OwnProblem
from benchmark.problem.parameters import order_filter
from benchmark.processes import one_by_one
from datasets.checksums import file_checksum
from datasets.recording_files import recording_path

Array = NDArray[np.float64]

SAME_MINIMUM = 1e-3  # of the sum of squares, that searches which found the same differ by at most


@dataclass(frozen=True)
class Task:
    """What is to be searched for, and how.

    Attributes
    ----------
    recordings
        Files to identify from.
    formulation
        How muscles without EMG are treated.
    method
        Name of the method, with or without a preset.
    budget_s
        Wall seconds that a search may take.
    spread
        Standard deviation of the starts around the model, as a share of its values; the first start is the model.
    seed
        Seed of the starts and of the method.
    bones_are_known
        Whether the bones are taken as the model has them.
    """

    recordings: tuple[str, ...]
    formulation: str
    method: str
    budget_s: float
    spread: float
    seed: int
    bones_are_known: bool = False


@dataclass(frozen=True)
class Attempt:
    """A search from one start.

    Attributes
    ----------
    start
        Number of the start, from 0, which is the model itself.
    status, message
        How it ended.
    sum_of_squares_start, sum_of_squares
        Of the residual before and after, in rad2/s4.
    seconds, evaluations
        What it took.
    start_values, values
        Parameters by name, before and after.
    """

    start: int
    status: str
    message: str
    sum_of_squares_start: float
    sum_of_squares: float
    seconds: float
    evaluations: int
    start_values: Mapping[str, float]
    values: Mapping[str, float]

    @property
    def delivered(self) -> bool:
        """Whether it has a result."""
        return self.status in DELIVERED


def search(task: Task, starts: int, jobs: int, tell: Callable[[Attempt, int], None]) -> tuple[Attempt, ...]:
    """Search from several starts.

    Parameters
    ----------
    task
        What to search for.
    starts
        How many starts.
    jobs
        Processes that search at a time.
    tell
        Is told each attempt, and of how many.

    Raises
    ------
    HarnessError
        If no search has a result.
    """
    found = []
    for attempt in one_by_one(partial(attempt_from, task), range(starts), jobs):
        tell(attempt, starts)
        found.append(attempt)
    if not any(attempt.delivered for attempt in found):
        told = "; ".join(dict.fromkeys(f"{attempt.status}: {attempt.message}".rstrip(": ") for attempt in found))
        raise HarnessError(f"{task.method} has no result from any of {starts} starts ({told}): take another --method")
    return tuple(found)


def best_of(attempts: Sequence[Attempt]) -> Attempt:
    """The attempt with a result that explains most."""
    return min((attempt for attempt in attempts if attempt.delivered), key=lambda entry: entry.sum_of_squares)


def agreeing(attempts: Sequence[Attempt]) -> int:
    """How many attempts explain as much as the best one."""
    best = best_of(attempts)
    return sum(explains_as_much(entry, best) for entry in attempts)


def explains_as_much(attempt: Attempt, best: Attempt) -> bool:
    """Whether an attempt has a result that explains as much as the best one."""
    return attempt.delivered and attempt.sum_of_squares <= (1.0 + SAME_MINIMUM) * best.sum_of_squares


def attempt_from(task: Task, number: int) -> Attempt:
    """Search from the start with a number; whatever goes wrong becomes a status."""
    problem = own_problem(task)
    start = problem.nominal if number == 0 else problem.start(task.spread, task.seed + number)
    stage = problem.acceleration_stage(start)
    before = warm_up(stage)
    recorder = StageRecorder(
        stage.space, Limits(task.budget_s), load_family_prices(problem.parsed.family), UNWATCHED, 0
    )
    result = solve_stage(stage, load_method(task.method), {}, task.seed + number, recorder)
    residual = stage.residual(result.x)
    return Attempt(
        start=number,
        status=result.ending.status,
        message=result.ending.message,
        sum_of_squares_start=before / stage.weight**2,
        sum_of_squares=float(residual @ residual) / stage.weight**2,
        seconds=result.history.seconds,
        evaluations=result.history.counts.total(),
        start_values=stage.space.values(stage.space.start),
        values=order_filter(stage.space.values(result.x)),
    )


def own_problem(task: Task) -> OwnProblem:
    """The problem of a task; kept for the next search in this process, as long as the files stay as they are."""
    paths = [recording_path(name) for name in task.recordings]
    checksums = tuple(file_checksum(path) for path in paths if path.is_file())
    return _loaded(task.recordings, task.formulation, task.bones_are_known, checksums)


@lru_cache(maxsize=2)
def _loaded(
    recordings: tuple[str, ...], formulation: str, bones_are_known: bool, checksums: tuple[str, ...]
) -> OwnProblem:
    return OwnProblem(recordings, formulation, bones_are_known)
