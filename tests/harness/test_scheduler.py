import multiprocessing
import time
from contextlib import closing

import pytest

from benchmark.harness.row import Row
from benchmark.harness.scheduler import Scheduler
from benchmark.harness.worker import MEASURES, THREAD_LIMITS
from tests.harness.dummies import by_method, slow, spec

BAD = {"raises": "failed", "exits": "failed", "dies": "failed", "unpicklable": "failed", "hangs": "killed"}


def _workers() -> list[str]:
    return [child.name for child in multiprocessing.active_children()]


@pytest.fixture(scope="module")
def zoo() -> dict[str, Row]:
    """Rows of bad runs and of good ones beside them, by method."""
    names = ["good", *BAD, "times_out_by_itself", "prints", "environment"]
    scheduler = Scheduler(jobs=2, execute=by_method, grace_s=1.0)
    rows = {done.method: row for done, row, _ in scheduler.run([spec(name, budget_s=0.5) for name in names])}
    assert rows.keys() == set(names)
    return rows


@pytest.mark.parametrize(("method", "status"), BAD.items())
def test_a_bad_run_becomes_a_row(zoo: dict[str, Row], method: str, status: str) -> None:
    row = zoo[method]
    assert row["status"] == status
    assert (row["suite"], row["problem"], row["start_level"], row["seed"]) == ("tiny", "m1-a-published", 0.1, 0)
    assert [row[name] for name in MEASURES if name != "wall_s"] == [None] * (len(MEASURES) - 1)


def test_the_message_says_what_happened(zoo: dict[str, Row]) -> None:
    assert zoo["raises"]["message"] == "ZeroDivisionError: no such luck"
    assert "exit code 7" in zoo["dies"]["message"]
    assert "no end within 1.5 s" in zoo["hangs"]["message"]


def test_a_hanging_run_is_killed_at_its_deadline(zoo: dict[str, Row]) -> None:
    assert 1.5 <= zoo["hangs"]["wall_s"] < 6.5


def test_a_timeout_that_a_method_raises_is_a_failure(zoo: dict[str, Row]) -> None:
    assert zoo["times_out_by_itself"]["status"] == "failed"


def test_good_runs_beside_bad_ones_are_untouched(zoo: dict[str, Row]) -> None:
    assert zoo["good"]["status"] == zoo["prints"]["status"] == "converged"
    assert zoo["good"]["loss"] == 1.0


def test_workers_compute_on_one_thread(zoo: dict[str, Row]) -> None:
    assert [zoo["environment"]["identified"][name] for name in THREAD_LIMITS] == ["1"] * len(THREAD_LIMITS)


def test_no_worker_is_left(zoo: dict[str, Row]) -> None:
    assert _workers() == []


def test_a_worker_is_used_again() -> None:
    scheduler = Scheduler(jobs=1, execute=by_method)
    rows = [row for _, row, _ in scheduler.run([spec("environment", seed) for seed in range(3)])]
    assert len({row["identified"]["pid"] for row in rows}) == 1


def test_what_workers_print_does_not_reach_the_progress(capfd: pytest.CaptureFixture[str]) -> None:
    list(Scheduler(jobs=1, execute=by_method).run([spec("prints")]))
    assert "chatter" not in capfd.readouterr().out


def test_closing_stops_the_workers() -> None:
    specs = [spec(seed=seed, budget_s=60.0) for seed in range(100)]
    began = time.perf_counter()
    with closing(Scheduler(jobs=2, execute=slow).run(specs)) as finished:
        next(finished)
    assert _workers() == []
    assert time.perf_counter() - began < 15.0


def test_every_death_at_once_becomes_a_row() -> None:
    scheduler = Scheduler(jobs=2, execute=by_method, grace_s=20.0)
    rows = [row for _, row, _ in scheduler.run([spec("dies", seed) for seed in range(6)])]
    assert [row["status"] for row in rows] == ["failed"] * 6
