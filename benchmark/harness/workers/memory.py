"""How much memory a worker and its children hold."""

from __future__ import annotations

import time

import psutil

GIB = 2**30
MIB = 2**20
CHILDREN_EVERY_S = 1.0  # finding children reads all of the process table


class MemoryMeter:
    """Looks at the resident memory of a process, often, and of its descendants, now and then.

    Parameters
    ----------
    pid
        The process.
    """

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._children = 0
        self._children_at = time.monotonic()
        self.peak = 0

    def look(self) -> int:
        """Resident bytes now; 0 once the process is gone."""
        try:
            now = self._process.memory_info().rss
            if time.monotonic() - self._children_at > CHILDREN_EVERY_S:
                self._children = sum(_resident(child) for child in self._process.children(recursive=True))
                self._children_at = time.monotonic()
        except psutil.NoSuchProcess:
            return 0
        self.peak = max(self.peak, now + self._children)
        return int(now + self._children)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
