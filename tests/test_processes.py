"""Tasks in several processes: order, progress, and what goes wrong."""

import math
import os
import time
from multiprocessing import active_children

import pytest

from benchmark.harness.errors import HarnessError
from benchmark.processes import in_processes, one_by_one
from benchmark.threads import THREAD_LIMITS


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_are_in_order_and_progress_is_told(jobs: int) -> None:
    told: list[tuple[int, int]] = []
    found = in_processes(math.sqrt, [float(n * n) for n in range(40)], jobs, lambda done, of: told.append((done, of)))
    assert found == list(map(float, range(40)))
    assert told == [(done, 40) for done in range(1, 41)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_a_task_is_raised(jobs: int) -> None:
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        in_processes(math.sqrt, [1.0, -1.0], jobs)


def test_each_process_has_a_thread_and_this_one_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before = dict(os.environ)
    assert in_processes(os.getenv, THREAD_LIMITS, 2) == ["1"] * len(THREAD_LIMITS)
    assert dict(os.environ) == before


def test_a_lost_process_is_an_error_of_a_line() -> None:
    with pytest.raises(HarnessError, match="a process was lost"):
        in_processes(os._exit, [3, 3], 2)


@pytest.mark.parametrize("jobs", [0, -1])
def test_no_process_is_an_error(jobs: int) -> None:
    with pytest.raises(HarnessError, match=f"--jobs {jobs} runs nothing"):
        in_processes(math.sqrt, [1.0], jobs)


def test_being_stopped_does_not_wait_for_tasks() -> None:
    """One of a minute is under way: its process goes with it, and those of others stay."""
    before = {*active_children()}
    results = one_by_one(time.sleep, [0.0, 60.0, 60.0], 2)
    next(results)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt())
    assert time.monotonic() - began < 30.0
    assert {*active_children()} <= before
