"""Worker processes and what watches over them."""

import os
import time
from collections.abc import Iterator

import psutil
import pytest

from benchmark.harness.row import ACCURACY_MEASURES, Row
from benchmark.harness.workers.leftovers import MARK
from benchmark.harness.workers.pool import WorkerPool
from benchmark.threads import THREAD_LIMITS
from tests.harness.dummies import MODULE, SLEEPER, spec
from tests.harness.processes import WORKER, command_of

GRACE_S = 0.3
STATUSES = {
    "raises": "failed",
    "exits": "failed",
    "times_out_by_itself": "failed",
    "dies": "failed",
    "unpicklable": "failed",
    "leaves_children_and_dies": "failed",
    "hangs": "killed",
    "hangs_after_a_point": "killed",
    "allocates": "out of memory",
    "leaves_children": "converged",
    "prints": "converged",
    "environment": "converged",
    "good": "converged",
}


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(MODULE, GRACE_S)
    yield made
    made.close()


@pytest.fixture(scope="module")
def zoo() -> dict[str, Row]:
    """Rows of bad runs and of good ones beside them, by method, all from one pool, which is closed."""
    pool = WorkerPool(MODULE, GRACE_S)
    budgets = {"allocates": 30.0}  # it is to be ended for its memory, on a slow machine too
    rows = {name: pool.run(spec(name, budget_s=budgets.get(name, 0.2), memory_gib=0.3))[0] for name in STATUSES}
    pool.close()
    return rows


@pytest.mark.parametrize(("method", "status"), STATUSES.items())
def test_every_run_gets_its_status(zoo: dict[str, Row], method: str, status: str) -> None:
    row = zoo[method]
    assert row["status"] == status, row["message"]
    assert (row["suite"], row["problem"], row["start_level"], row["seed"]) == ("tiny", "m1-a-published", 0.1, 0)


@pytest.mark.parametrize("method", ["raises", "dies", "hangs", "allocates"])
def test_a_run_that_left_nothing_has_no_figures_but_its_clock(zoo: dict[str, Row], method: str) -> None:
    row = zoo[method]
    assert [row[name] for name in ACCURACY_MEASURES] == [None] * len(ACCURACY_MEASURES)
    assert row["wall_s"] > 0.0


def test_the_message_says_what_happened(zoo: dict[str, Row]) -> None:
    assert zoo["raises"]["message"] == "ZeroDivisionError: no such luck"
    assert zoo["dies"]["message"] == "the process ended with exit status 7: Fatal: out of luck"
    assert "0.3 s beyond its budget" in zoo["hangs"]["message"]
    assert "more than 0.3 GiB" in zoo["allocates"]["message"]
    assert zoo["leaves_children"]["message"] == "done; processes that it left behind and that were ended: 1"


def test_a_hanging_run_is_killed_at_its_deadline(zoo: dict[str, Row]) -> None:
    took = zoo["hangs"]["wall_s"] - zoo["hangs"]["import_s"]
    assert 0.2 + GRACE_S <= took < 60.0  # of the hour that it would take; it is some 0.6 s on an idle machine


def test_what_was_seen_of_a_killed_run_is_in_its_row(zoo: dict[str, Row]) -> None:
    row = zoo["hangs_after_a_point"]
    assert (row["loss"], row["counts"]) == (0.25, {"loss": 7})


def test_the_clocks_of_a_run_add_up(zoo: dict[str, Row]) -> None:
    row = zoo["good"]
    assert row["wall_s"] == pytest.approx(row["import_s"] + row["overhead_s"])
    assert row["peak_memory_mib"] > 10.0


def test_workers_compute_on_the_threads_they_are_given(pool: WorkerPool) -> None:
    for threads in (1, 2):
        row, _ = pool.run(spec("environment", threads=threads))
        assert [row["identified"][name] for name in THREAD_LIMITS] == [str(threads)] * len(THREAD_LIMITS)


def test_a_sound_worker_is_used_again(pool: WorkerPool) -> None:
    rows = [pool.run(spec("environment", seed))[0] for seed in range(3)]
    assert len({row["identified"]["pid"] for row in rows}) == 1


def test_a_worker_whose_run_failed_is_not_used_again(pool: WorkerPool) -> None:
    before = pool.run(spec("environment"))[0]["identified"]["pid"]
    pool.run(spec("raises"))
    assert pool.run(spec("environment"))[0]["identified"]["pid"] != before
    assert not psutil.pid_exists(before)


def test_a_run_costs_little_on_a_warm_worker(pool: WorkerPool) -> None:
    """A run of nothing: starting it, watching it and looking for what it left behind take a fraction of an import."""
    first, *later = [pool.run(spec())[0] for _ in range(4)]
    assert min(row["wall_s"] for row in later) < first["import_s"] / 5.0


@pytest.mark.usefixtures("zoo")
def test_nothing_is_left_over() -> None:
    ours = psutil.Process().children(recursive=True)
    assert [line for line in map(command_of, ours) if WORKER in line] == []
    assert [process.pid for process in psutil.process_iter() if SLEEPER in command_of(process)] == []


def test_closing_ends_a_run_that_is_under_way() -> None:
    from concurrent.futures import ThreadPoolExecutor

    pool = WorkerPool(MODULE, grace_s=60.0)
    with ThreadPoolExecutor() as threads:
        running = threads.submit(pool.run, spec("hangs", budget_s=60.0))
        while not _workers():
            time.sleep(0.01)
        began = time.monotonic()
        pool.close()
        row, _ = running.result()
    assert row["status"] == "killed"
    assert time.monotonic() - began < 5.0
    assert _workers() == []


def test_a_worker_ends_with_the_process_that_it_works_for() -> None:
    """Killed so that nothing can be tidied up."""
    import subprocess
    import sys

    code = (
        "from tests.harness.dummies import MODULE, spec; from benchmark.harness.workers.pool import WorkerPool;"
        "WorkerPool(MODULE, 60.0).run(spec('hangs', budget_s=60.0))"
    )
    main = subprocess.Popen([sys.executable, "-c", code])
    while not (workers := psutil.Process(main.pid).children()):
        time.sleep(0.01)
    time.sleep(0.5)
    main.kill()
    main.wait()
    _, alive = psutil.wait_procs(workers, timeout=5.0)
    assert alive == []


def _workers() -> list[int]:
    children = psutil.Process().children(recursive=True)
    return [child.pid for child in children if WORKER in command_of(child)]


def test_the_mark_is_in_the_environment_of_a_worker(pool: WorkerPool) -> None:
    pool.run(spec())
    assert all(MARK in psutil.Process(pid).environ() for pid in _workers())
    assert MARK not in os.environ
