"""The clock of a stage: wall and processor seconds of the method alone."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Wall and processor seconds since it was made, without the pauses."""

    def __init__(self) -> None:
        self._wall_from, self._cpu_from = time.perf_counter(), _processor_s()
        self._wall_until: float | None = None
        self.cpu_s = 0.0

    @property
    def wall_s(self) -> float:
        """Wall seconds until now, or until it was stopped."""
        return (time.perf_counter() if self._wall_until is None else self._wall_until) - self._wall_from

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What passes meanwhile does not count: the beginning is as much later."""
        wall, cpu = time.perf_counter(), _processor_s()
        try:
            yield
        finally:
            self._wall_from += time.perf_counter() - wall
            self._cpu_from += _processor_s() - cpu

    def stop(self) -> None:
        """Stop it for good."""
        self._wall_until = time.perf_counter()
        self.cpu_s = _processor_s() - self._cpu_from


def _processor_s() -> float:
    """Seconds of processors, from any origin, of all threads and of child processes that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
