"""What happens in a worker process: one thread, and a run that ends in a row whatever it raises."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmark.harness.row import ACCURACY_MEASURES, COSTS, Row, Trace
from benchmark.harness.spec import RunSpec

Execute = Callable[[RunSpec], tuple[Row, Trace]]

THREAD_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")  # torch: OMP
MEASURES = (*ACCURACY_MEASURES, *COSTS)


@contextmanager
def one_thread_for_children() -> Iterator[None]:
    """Processes started meanwhile compute on one thread each: libraries read this before they load."""
    before = {name: os.environ.get(name) for name in THREAD_LIMITS}
    os.environ.update(dict.fromkeys(THREAD_LIMITS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def prepare_worker() -> None:
    """Make a worker end at once when it is told to, and keep solvers' chatter out of the progress."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a Python handler would wait for C code to return
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.close(silence)


def run_one(execute: Execute, spec: RunSpec) -> tuple[Row, Trace]:
    """Execute a run; what escapes becomes a row too."""
    try:
        return execute(spec)
    except BaseException as error:  # SystemExit of a method must not look like the end of the worker
        return row_without_result(spec, "failed", traceback.format_exception_only(error)[-1].strip()), {}


def row_without_result(spec: RunSpec, status: str, message: str, wall_s: float | None = None) -> Row:
    """The row of a run that left nothing but the way it ended."""
    row: dict[str, Any] = {
        "suite": spec.suite,
        "problem": spec.problem,
        "method": spec.method,
        "start_level": spec.start_level,
        "seed": spec.seed,
        "status": status,
        "message": message,
    }
    return row | dict.fromkeys(MEASURES) | {"wall_s": wall_s, "counts": {}, "identified": {}}


def default_execute(spec: RunSpec) -> tuple[Row, Trace]:
    """Run `spec` on the benchmark's problems; imported in the worker, where its libraries see one thread."""
    from benchmark.harness.execute import execute

    return execute(spec)
