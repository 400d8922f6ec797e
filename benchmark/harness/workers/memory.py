"""How much memory a worker and its children hold."""

from __future__ import annotations

import time

import psutil

from benchmark.harness.workers.leftovers import Family

GIB = 2**30
MIB = 2**20
CHILDREN_EVERY_S = 1.0  # finding children reads all of the process table


class MemoryMeter:
    """Looks at the resident memory of a process, often, and of its descendants, now and then.

    Parameters
    ----------
    family
        The process with its descendants.
    """

    def __init__(self, family: Family) -> None:
        self._family = family
        self._children = 0
        self._children_at = time.monotonic()
        self.peak = 0

    def look(self) -> int:
        """Resident bytes now; 0 once the process is gone."""
        now = _resident(self._family.worker)
        if now and time.monotonic() - self._children_at > CHILDREN_EVERY_S:
            self._children = sum(map(_resident, self._family.descendants()))
            self._children_at = time.monotonic()
        total = now + self._children if now else 0
        self.peak = max(self.peak, total)
        return total


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
