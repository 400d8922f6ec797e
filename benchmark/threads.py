"""How many threads the libraries beneath numpy, torch and numba compute on, which they read when they are loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

THREAD_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")  # torch: OMP


def thread_limits(count: int) -> dict[str, str]:
    """Environment of a process that is to compute on so many threads."""
    return dict.fromkeys(THREAD_LIMITS, str(count))


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Processes that are started meanwhile compute on one thread each.

    Each would take all cores else, and threads that share a core wait for each other: two searches of `identify` on
    two cores took 62 s instead of 18 s.
    """
    before = {name: os.environ.get(name) for name in THREAD_LIMITS}
    os.environ.update(thread_limits(1))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
