"""Independent tasks of a second or so, in a few processes where that is asked for."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

from benchmark.harness.errors import HarnessError

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]

PARTS_A_PROCESS = 8  # that tasks are handed out in, as what they share is sent with each part


def in_processes(
    task: Callable[[Item], Result], items: Sequence[Item], jobs: int = 1, progress: Progress | None = None
) -> list[Result]:
    """Results of a task for each of several items, in their order.

    Parameters
    ----------
    task
        What to do; it is sent to the processes.
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
    if jobs < 1:
        raise HarnessError(f"--jobs {jobs} runs nothing: give at least 1")
    found: list[Result] = []
    for result in map(task, items) if jobs == 1 else _results(task, items, jobs):
        found.append(result)
        if progress is not None:
            progress(len(found), len(items))
    return found


def leave_stopping_to_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _results(task: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    part = math.ceil(len(items) / (jobs * PARTS_A_PROCESS))
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), leave_stopping_to_parent)
    try:
        yield from pool.map(task, items, chunksize=part)
    except BrokenProcessPool as error:
        raise HarnessError("a process was lost, perhaps for want of memory: use fewer --jobs") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
