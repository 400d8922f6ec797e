"""A real Dask cluster on the loopback, started with Dask's own commands: the same rows as on this machine alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest
from distributed import Client

from benchmark.cli import main
from benchmark.harness.row import Row
from benchmark.harness.store import load_rows
from tests.harness.processes import WORKER, command_of

PATIENCE_S = 60.0
CLOCKS = ("import_s", "build_s", "compile_s", "solve_s", "solve_cpu_s", "overhead_s", "wall_s", "peak_memory_mib")
RUNS = "run random_search gauss_newton --suite smoke --evaluations 24 --seeds 0 1 --no-report"


class Cluster:
    """A scheduler and two workers of one thread each, every one a command of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        self._folder = folder
        self._commands = [self._dask("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")]
        self.workers = [
            self._dask("worker", self.address, "--nthreads", "1", "--no-dashboard", "--name", name) for name in "ab"
        ]
        self._commands += self.workers

    def _dask(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            cwd=self._folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        with Client(self.address, timeout=PATIENCE_S, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE_S)

    def kill(self, command: subprocess.Popen[bytes]) -> None:
        """Kill a command with all its children, so that nobody starts them again."""
        family = [psutil.Process(command.pid), *psutil.Process(command.pid).children(recursive=True)]
        for process in family:
            process.send_signal(signal.SIGSTOP)  # a nanny must not see its worker die
        for process in family:
            process.kill()

    def close(self) -> None:
        for command in self._commands:
            if command.poll() is None:
                self.kill(command)
            command.wait()


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("dask"))
    started.wait()
    yield started
    started.close()


def _run(results: Path, *more: str) -> list[Row]:
    assert main([*RUNS.split(), "--results", str(results), *more]) == 0
    return load_rows(results)


def _numbers(rows: Sequence[Row]) -> list[Row]:
    """Rows without what differs from run to run: clocks, and where they ran."""
    return [{name: value for name, value in row.items() if name not in (*CLOCKS, "provenance")} for row in rows]


def test_the_same_rows_as_locally(cluster: Cluster, tmp_path: Path) -> None:
    here, there = _run(tmp_path / "here"), _run(tmp_path / "there", "--scheduler", cluster.address)
    assert len(here) == 4
    assert _numbers(there) == _numbers(here)
    assert all(row["provenance"]["commit"] for row in there)


def test_a_worker_that_is_killed_takes_no_run_along(cluster: Cluster, tmp_path: Path) -> None:
    arguments = "run random_search --suite smoke --budget 4 --seeds 0 1 2 3 --no-report"
    command = [sys.executable, "-m", "benchmark", *arguments.split()]
    campaign = subprocess.Popen([*command, "--results", str(tmp_path), "--scheduler", cluster.address])
    until = time.monotonic() + PATIENCE_S
    while not _runs_something(cluster.workers[0]):
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(2.0)  # into the run
    cluster.kill(cluster.workers[0])
    assert campaign.wait(PATIENCE_S) == 0
    rows = load_rows(tmp_path)
    assert [row["status"] for row in rows] == ["budget"] * 4, [row["message"] for row in rows]


def _runs_something(command: subprocess.Popen[bytes]) -> bool:
    below = psutil.Process(command.pid).children(recursive=True)
    return any(WORKER in command_of(process) for process in below)


def test_no_scheduler_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        assert main([*RUNS.split(), "--results", str(tmp_path), "--scheduler", address]) == 2
    assert "no Dask scheduler at" in capsys.readouterr().err
