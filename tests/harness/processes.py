"""What tests ask of processes that may end at any time."""

from __future__ import annotations

import psutil

WORKER = "benchmark.harness.workers.worker"


def command_of(process: psutil.Process) -> list[str]:
    """A process's command line; empty once it has ended, also while it waits to be told of."""
    try:
        return [*process.cmdline()]
    except psutil.Error:
        return []
