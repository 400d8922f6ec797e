"""Who carries out runs: so many at a time, on this machine; another crew does so on a cluster."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from benchmark.harness.row import Row, Trace
from benchmark.harness.spec import RunSpec
from benchmark.harness.workers.messages import EXECUTE
from benchmark.harness.workers.pool import WorkerPool
from benchmark.harness.workers.process import GRACE_S

Result = Future[tuple[Row, Trace]]


class Crew(Protocol):
    """Carries out runs."""

    @property
    def slots(self) -> int:
        """Threads that runs may use altogether, now."""

    def submit(self, spec: RunSpec, key: str) -> Result:
        """Begin a run whose key is to be `key`."""

    def close(self) -> None:
        """Stop, at once, what is under way."""


class LocalCrew:
    """Runs in worker processes of this machine.

    Parameters
    ----------
    jobs
        Threads that runs may use altogether, mostly one each.
    module
        Name of the module whose ``execute`` and ``recover`` the workers call.
    grace_s
        Seconds beyond its budget after which a method's process is killed.
    """

    def __init__(self, jobs: int, module: str = EXECUTE, grace_s: float = GRACE_S) -> None:
        self.slots = jobs
        self._pool = WorkerPool(module, grace_s)
        # A worker process ends with the thread that started it; these threads last as long as the crew.
        self._threads = ThreadPoolExecutor(jobs)

    def submit(self, spec: RunSpec, key: str) -> Result:
        """Begin a run; this machine's code has the key anyway."""
        return self._threads.submit(self._pool.run, spec)

    def close(self) -> None:
        """Kill all workers."""
        self._pool.close()
        self._threads.shutdown(cancel_futures=True)
