"""Independent tasks of a second or so, in a few processes where that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from benchmark.harness.errors import HarnessError
from benchmark.stopping import leave_stopping_to_parent

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]


def in_processes(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int = 1, progress: Progress | None = None
) -> list[Result]:
    """Results of a task for each of several items, in their order.

    Parameters
    ----------
    task
        What to do; it is sent to the processes with each item.
    items
        What to do it with.
    jobs
        Processes that work on it; 1 for this one alone.
    progress
        Is told how many items of how many are done.

    Raises
    ------
    HarnessError
        If there is no process to work on it, or one is lost.
    """
    found: list[Result] = []
    for result in one_by_one(task, items, jobs):
        found.append(result)
        if progress is not None:
            progress(len(found), len(items))
    return found


def one_by_one(task: Callable[[Item], Result], items: Sequence[Item], jobs: int = 1) -> Iterator[Result]:
    """The same, each result as soon as it and those before it are there; parameters and errors as there."""
    if jobs < 1:
        raise HarnessError(f"--jobs {jobs} runs nothing: give at least 1")
    if jobs == 1:
        yield from map(task, items)
        return
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), leave_stopping_to_parent)
    try:
        yield from pool.map(task, items)  # one at a time: being stopped waits for what was handed out
    except BrokenProcessPool as error:
        raise HarnessError("a process was lost, perhaps for want of memory: use fewer --jobs") from error
    finally:
        pool.shutdown(cancel_futures=True)
