"""A results folder, the command that fills it with 40 quick runs, what can be seen of both, and ways to stop it."""

import math
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from benchmark.harness.row import COSTS, Row
from benchmark.harness.store import load_rows, load_trace
from tests.harness import quick_cli
from tests.harness.processes import WORKER
from tests.harness.quick_cli import ENDLESS_FROM, MARKS

METHODS = ("gauss_newton", "lbfgs", "cma_es", "from_truth")
SEEDS = range(10)
RUNS = len(METHODS) * len(SEEDS)
JOBS = 2
PATIENCE_S = 30.0
KILLED = ".killed"


class Told(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str

    def number(self, pattern: str) -> int:
        """The number that stands in the group of a pattern in the output; 0 without it."""
        found = re.search(pattern, self.out)
        return int(found[1]) if found else 0


class Scene:
    """The folder of results, and that of marks.

    Parameters
    ----------
    root
        Where they lie.
    """

    def __init__(self, root: Path) -> None:
        self.results, self.marks = root / "results", root / "marks"
        self.marks.mkdir(parents=True)

    def start(
        self, command: str = "run", seeds: Sequence[int] = SEEDS, jobs: int = JOBS, endless_from: float = math.inf
    ) -> subprocess.Popen[str]:
        """Start the command, as the head of a process group of its own; runs from a seed on may be endless."""
        settings = f"--suite smoke --budget 60 --jobs {jobs} --no-report --results {self.results} --seeds".split()
        return subprocess.Popen(
            [sys.executable, "-m", quick_cli.MODULE, command, *METHODS, *settings, *map(str, seeds)],
            env=os.environ | {MARKS: str(self.marks), ENDLESS_FROM: str(endless_from)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def carry_out(self, command: str = "run", seeds: Sequence[int] = SEEDS, jobs: int = JOBS) -> Told:
        """Start the command and wait for its end."""
        return told(self.start(command, seeds, jobs))

    def starts(self) -> Counter[str]:
        """How often each run was started."""
        return Counter(_run_of(mark) for mark in self.marks.iterdir())

    def unfinished(self) -> list[Path]:
        """Marks of runs that began and did not end, and whose workers are not known to be killed."""
        return [mark for mark in self.marks.iterdir() if not mark.suffix]

    def wait_for_starts(self, count: int) -> None:
        wait_until(lambda: sum(self.starts().values()) >= count)

    def kill_worker(self, rng: np.random.Generator) -> str:
        """Kill a worker process that is at a run; return which run."""
        while True:
            for mark in rng.permutation(sorted(self.unfinished())):
                worker = psutil.Process(int(mark.name.split("-")[2]))
                assert WORKER in worker.cmdline()
                worker.suspend()
                if mark.exists():  # it has not got to the end of its run, and now it will not
                    worker.kill()
                    mark.rename(mark.with_suffix(KILLED))
                    return _run_of(mark)
                worker.resume()

    def processes(self) -> list[psutil.Process]:
        """All processes that have to do with it."""
        return [process for process in psutil.process_iter() if _marks_of(process) == str(self.marks)]

    def is_deserted(self) -> bool:
        """Whether all its processes are gone, or go now."""
        return not psutil.wait_procs(self.processes(), timeout=3.0)[1]

    def end(self) -> None:
        """Kill what a test that failed has left."""
        for process in self.processes():
            process.kill()

    def rows(self) -> dict[str, Row]:
        """Its rows by run, each with its trace, and without what differs from time to time."""
        rows = load_rows(self.results)
        assert len(list((self.results / "runs").rglob("*.json"))) == len(rows)
        by_run = {f"{row['method']}-{row['seed']}": self._without_clocks(row) for row in rows}
        assert len(by_run) == len(rows)
        return by_run

    def _without_clocks(self, row: Row) -> Row:
        trace = {name: values.tolist() for name, values in load_trace(self.results, row).items()}
        return {name: value for name, value in row.items() if name not in (*COSTS, "provenance")} | {"trace": trace}


def told(process: subprocess.Popen[str]) -> Told:
    """Wait for the end of a command."""
    out, err = process.communicate(timeout=PATIENCE_S)
    return Told(process.returncode, out, err)


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def _run_of(mark: Path) -> str:
    method, seed, *_ = mark.name.split("-")
    return f"{method}-{seed}"


def _marks_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARKS)
    except (psutil.Error, OSError):
        return None


def _to_main(campaign: subprocess.Popen[str], number: int) -> None:
    campaign.send_signal(number)


def _to_group(campaign: subprocess.Popen[str], number: int) -> None:
    """As a terminal does."""
    os.killpg(campaign.pid, number)


def _to_all(campaign: subprocess.Popen[str], number: int) -> None:
    """As batch systems do."""
    main = psutil.Process(campaign.pid)
    for process in (*main.children(recursive=True), main):
        process.send_signal(number)


def _repeatedly(campaign: subprocess.Popen[str], number: int) -> None:
    """As a terminal and tox do, and people without patience."""
    for _ in range(10):
        campaign.send_signal(number)
        time.sleep(0.003)


class Way(NamedTuple):
    """A way to stop a campaign, and how that is to end."""

    send: Callable[[subprocess.Popen[str], int], None]
    number: int
    statuses: tuple[int, ...]
    says: str = "\nstopped; finished runs are stored, and the same command goes on from there\n"


WAYS = {
    "SIGINT to main": Way(_to_main, signal.SIGINT, (130,)),
    "SIGINT to its group": Way(_to_group, signal.SIGINT, (130,)),
    # One that comes when all is tidy, and Python is going, ends the process at once; for shells that is the same.
    "SIGINT repeatedly": Way(_repeatedly, signal.SIGINT, (130, -signal.SIGINT)),
    "SIGTERM to main": Way(_to_main, signal.SIGTERM, (143,)),
    "SIGTERM to all": Way(_to_all, signal.SIGTERM, (143,)),
    "SIGKILL to main": Way(_to_main, signal.SIGKILL, (-signal.SIGKILL,), ""),
}
