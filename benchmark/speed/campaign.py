"""The processes that measure: one for each problem and number of threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmark.harness.errors import HarnessError
from benchmark.speed.clock import Timing
from benchmark.threads import thread_limits

DEFAULT_PROBLEMS = (
    *("m1-a-published", "m1-ab-published", "m2-ab-published"),
    *("m1-ab-published-fibres_unknown", "moments-deg-published"),
)
DEFAULT_THREADS = (1, 2)


class Block(NamedTuple):
    """All timings of a process."""

    problem: str
    threads: int
    timings: list[Timing]


def time_problems(problems: Sequence[str], threads: Sequence[int], quick: bool = False) -> Iterator[Block]:
    """Time all operations of each problem on each number of threads, one process after another.

    Parameters
    ----------
    problems
        Names of problems whose recordings are there.
    threads
        Numbers of threads that libraries may use.
    quick
        Whether one call of each, after a first one, is enough.

    Raises
    ------
    HarnessError
        If a number of threads makes no sense or a process fails.
    """
    if bad := [count for count in threads if count < 1]:
        raise HarnessError(f"--threads {bad[0]} computes nothing: give at least 1")
    for problem in dict.fromkeys(problems):
        for count in dict.fromkeys(threads):
            print(f"{problem} on {thread_count(count)}", flush=True)
            yield Block(problem, count, _time_in_process(problem, count, "quick" if quick else "full"))


def thread_count(count: int) -> str:
    """A number of threads in words."""
    return "1 thread" if count == 1 else f"{count} threads"


def _time_in_process(problem: str, threads: int, effort: str) -> list[Timing]:
    with TemporaryDirectory() as folder:
        file = Path(folder, "timings.json")
        done = subprocess.run(
            [sys.executable, "-m", "benchmark.speed.worker", problem, effort, str(file)],
            env=os.environ | thread_limits(threads) | {"NUMBA_CACHE_DIR": folder},  # empty, so that compiling is seen
            check=False,
        )
        if done.returncode != 0:
            raise HarnessError(f"timing {problem} on {thread_count(threads)} ended with status {done.returncode}")
        return [Timing(*entry) for entry in json.loads(file.read_text())]
