"""Processes that a run leaves behind, found by a mark in the environment that they inherit, wherever they hide."""

from __future__ import annotations

import time
from contextlib import suppress

import psutil

MARK = "ARM_BENCHMARK_WORKER"
PATIENCE_S = 2.0  # for processes that start others while they are being ended


def end_all(mark: str, spared: int | None = None) -> int:
    """Kill every process with the mark but the one that is spared; return how many there were."""
    ended: set[int] = set()
    until = time.monotonic() + PATIENCE_S
    while (found := _marked(mark, spared)) and time.monotonic() < until:
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
            ended.add(process.pid)
        psutil.wait_procs(found, timeout=0.1)
    return len(ended)


def _marked(mark: str, spared: int | None) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if process.pid != spared and _mark_of(process) == mark]


def _mark_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):  # somebody else's, or gone, or a zombie
        return None
