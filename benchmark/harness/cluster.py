"""A crew on a Dask cluster: its workers supervise the same worker processes that a local crew has."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from distributed import Client, Worker, WorkerPlugin, get_worker

from benchmark.harness.errors import HarnessError
from benchmark.harness.keys import RunKeys
from benchmark.harness.recordings import verified_recordings
from benchmark.harness.row import Row, Trace
from benchmark.harness.spec import RunSpec
from benchmark.harness.workers.messages import EXECUTE
from benchmark.harness.workers.pool import WorkerPool
from benchmark.harness.workers.process import GRACE_S

CONNECT_S = 5.0
PLUGIN = "arm-identification-benchmark"


class ClusterCrew:
    """Runs on the workers of a Dask cluster, as many at a time as these have threads.

    A worker that is lost takes nothing along: Dask gives its runs to another.

    Parameters
    ----------
    scheduler
        Its address, such as ``tcp://10.0.0.1:8786``.
    module
        Name of the module whose ``execute`` and ``recover`` the worker processes call.
    grace_s
        Seconds beyond its budget after which a method's process is killed.

    Raises
    ------
    HarnessError
        If there is no scheduler at the address.
    """

    def __init__(self, scheduler: str, module: str = EXECUTE, grace_s: float = GRACE_S) -> None:
        try:
            self._client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
            self._client.register_plugin(_Workers(module, grace_s), name=PLUGIN)
        except (OSError, ValueError) as error:
            raise HarnessError(f"no Dask scheduler at {scheduler} ({error}): start one with dask scheduler") from error
        self._executor = self._client.get_executor(pure=False)

    @property
    def slots(self) -> int:
        """Threads of all workers that there are now."""
        return sum(self._client.nthreads().values())

    def submit(self, spec: RunSpec, key: str) -> Future[tuple[Row, Trace]]:
        """Begin a run on some worker."""
        submitted: Future[tuple[Row, Trace]] = self._executor.submit(_run, spec, key)
        return submitted

    def close(self) -> None:
        """End the processes of all workers and leave the cluster; its workers stay."""
        self._client.unregister_worker_plugin(PLUGIN)
        self._client.close()


class _Workers(WorkerPlugin):  # type: ignore[misc]
    """The worker processes that a Dask worker supervises."""

    def __init__(self, module: str, grace_s: float) -> None:
        self._module, self._grace_s = module, grace_s
        self.pool: WorkerPool | None = None

    def setup(self, worker: Worker) -> None:
        """Begin with none; they come with the runs."""
        self.pool = WorkerPool(self._module, self._grace_s)

    def teardown(self, worker: Worker) -> None:
        """Kill them."""
        if self.pool is not None:
            self.pool.close()


def _run(spec: RunSpec, key: str) -> tuple[Row, Trace]:
    """Carry out a run on the Dask worker that this is called on."""
    plugin: Any = get_worker().plugins[PLUGIN]
    own = RunKeys(verified_recordings([spec.problem])).key(spec)
    if own != key:
        raise HarnessError(
            "a worker of the cluster has other code, recordings or packages than this machine: install the same there"
        )
    row: Row
    trace: Trace
    row, trace = plugin.pool.run(spec)
    return row, trace
