"""Processes that a run leaves behind: ended, wherever they hide."""

from __future__ import annotations

import os
import time
from contextlib import suppress

import psutil

MARK = "ARM_BENCHMARK_WORKER"
PATIENCE_S = 2.0  # for processes that start others while they are being ended


class Family:
    """A worker's process and all that it has started.

    They are found by descent, which orphans keep as workers adopt them, while the worker lives; by the worker's
    session; and by a mark in the environment that they inherit. Whoever escapes two of these is caught by the third.

    Parameters
    ----------
    pid
        The worker's process, which leads a session.
    mark
        Value of the variable `MARK` in its environment.
    """

    def __init__(self, pid: int, mark: str) -> None:
        self.worker = psutil.Process(pid)
        self._mark = mark
        self._known: set[psutil.Process] = set()

    def descendants(self) -> list[psutil.Process]:
        """The worker's children and theirs; they are remembered for when it is gone."""
        try:
            found = self.worker.children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        self._known.update(found)
        return found

    def end_others(self) -> int:
        """Kill all but the worker; return how many there were."""
        ended: set[int] = set()
        until = time.monotonic() + PATIENCE_S
        while (found := self._others()) and time.monotonic() < until:
            for process in found:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
                ended.add(process.pid)
            psutil.wait_procs(found, timeout=0.1)
        return len(ended)

    def _others(self) -> list[psutil.Process]:
        self.descendants()
        found = {*self._known, *filter(self._belongs, psutil.process_iter())} - {self.worker}
        return [process for process in found if _is_alive(process)]

    def _belongs(self, process: psutil.Process) -> bool:
        try:
            return os.getsid(process.pid) == self.worker.pid or process.environ().get(MARK) == self._mark
        except (psutil.Error, OSError):  # somebody else's, or gone, or a zombie
            return False


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
