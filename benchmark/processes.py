"""Independent tasks, in a few processes where that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from typing import TypeVar

from benchmark.harness.errors import HarnessError
from benchmark.stopping import leave_stopping_to_parent
from benchmark.threads import one_thread_each

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
        Processes that work on it, on one thread each; 1 for this one alone.
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


def one_by_one(task: Callable[[Item], Result], items: Sequence[Item], jobs: int = 1) -> Generator[Result, None, None]:
    """The same, each result as soon as it and those before it are there; parameters and errors as there."""
    if jobs < 1:
        raise HarnessError(f"--jobs {jobs} runs nothing: give at least 1")
    if jobs == 1:
        yield from map(task, items)
        return
    others = active_children()
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), leave_stopping_to_parent)
    try:
        with one_thread_each():
            results = pool.map(task, items)  # which starts them
        yield from results
    except BrokenProcessPool as error:
        raise HarnessError("a process was lost, perhaps for want of memory: use fewer --jobs") from error
    except BaseException:  # such as being stopped, which is not to wait for tasks that take minutes
        for process in active_children():
            if process not in others:
                process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
