"""Runs in worker processes: warm ones are used again, those that hang or die are replaced."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from multiprocessing import get_context

from pebble import ProcessExpired, ProcessPool

from benchmark.harness.row import Row, Trace
from benchmark.harness.spec import RunSpec
from benchmark.harness.worker import (
    Execute,
    default_execute,
    one_thread_for_children,
    prepare_worker,
    row_without_result,
    run_one,
)

GRACE_S = 30.0  # beyond the budget, for importing, building, and evaluating what was found

Finished = tuple[RunSpec, Row, Trace]
Outcome = Future[tuple[Row, Trace]]


@dataclass(frozen=True)
class _Running:
    spec: RunSpec
    pool: ProcessPool
    deadline_s: float
    began: float


class Scheduler:
    """Runs specs in parallel, each with a hard deadline, and gives back a row for every one.

    Parameters
    ----------
    jobs
        Number of worker processes.
    execute
        What makes row and trace of a spec, in a worker; it must be importable there.
    grace_s
        Seconds beyond a run's own budget after which its worker is killed.
    """

    def __init__(self, jobs: int, execute: Execute = default_execute, grace_s: float = GRACE_S) -> None:
        self._jobs = jobs
        self._execute = execute
        self._grace_s = grace_s

    def run(
        self, specs: Iterable[RunSpec], started: Callable[[RunSpec], None] = lambda _: None
    ) -> Generator[Finished, None, None]:
        """Run `specs` and yield each as it finishes; closing the generator stops the workers.

        Parameters
        ----------
        specs
            What to run, in this order.
        started
            Called with each spec when a worker gets it.
        """
        waiting = deque(specs)
        # A pool a worker: a shared queue could lose the run of a worker that dies while taking it.
        idle = [_new_pool() for _ in range(min(self._jobs, len(waiting)))]
        running: dict[Outcome, _Running] = {}
        try:
            with one_thread_for_children():
                while waiting or running:
                    while waiting and idle:
                        spec = waiting.popleft()
                        running.update([self._start(spec, idle.pop())])
                        started(spec)
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        run = running.pop(future)
                        idle.append(_usable(run.pool))
                        yield run.spec, *_row_and_trace(future, run)
        finally:
            _stop([*idle, *(run.pool for run in running.values())])

    def _start(self, spec: RunSpec, pool: ProcessPool) -> tuple[Outcome, _Running]:
        deadline_s = spec.budget_s + self._grace_s
        future = pool.schedule(run_one, args=(self._execute, spec), timeout=deadline_s)
        return future, _Running(spec, pool, deadline_s, time.perf_counter())


def _new_pool() -> ProcessPool:
    # spawn: a fork would inherit this process's threads in whatever state they are in
    return ProcessPool(max_workers=1, initializer=prepare_worker, context=get_context("spawn"))


def _usable(pool: ProcessPool) -> ProcessPool:
    """`pool`, which has replaced its worker if need be, or another one if it could not."""
    if pool.active:
        return pool
    _stop([pool])
    return _new_pool()


def _row_and_trace(future: Outcome, run: _Running) -> tuple[Row, Trace]:
    """Row and trace of a finished run, whichever way it finished."""
    try:
        return future.result()
    except TimeoutError:
        status, message = "killed", f"no end within {run.deadline_s:g} s (budget {run.spec.budget_s:g} s)"
    except ProcessExpired as error:
        status, message = "failed", f"the worker process died with exit code {error.exitcode}"
    except Exception as error:  # the pool broke, or the row cannot be sent
        status, message = "failed", f"{type(error).__name__}: {error}"
    return row_without_result(run.spec, status, message, wall_s=time.perf_counter() - run.began), {}


def _stop(pools: Sequence[ProcessPool]) -> None:
    for pool in pools:
        pool.stop()  # type: ignore[no-untyped-call]
    for pool in pools:
        pool.join()
