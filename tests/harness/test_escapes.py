"""What runs do to escape who watches over them, or to spoil the run after them."""

import signal
from collections.abc import Iterator
from types import SimpleNamespace

import psutil
import pytest

from benchmark.harness.row import Row
from benchmark.harness.workers import deadline, process_state
from benchmark.harness.workers.deadline import Deadline
from benchmark.harness.workers.messages import Aside, Building, Solving
from benchmark.harness.workers.pool import WorkerPool
from benchmark.harness.workers.process_state import changes
from tests.harness.dummies import spec
from tests.harness.escapes import LONG, MODULE, SLEEPER, TOLD
from tests.harness.processes import WORKER, command_of

GRACE_S = 0.3
BUDGET_S = 0.2


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(MODULE, GRACE_S)
    yield made
    made.close()


def run(pool: WorkerPool, method: str) -> Row:
    row, _ = pool.run(spec(method, budget_s=BUDGET_S))
    assert (row["method"], _sleepers()) == (method, [])
    return row


@pytest.mark.parametrize(
    ("method", "ended"),
    [
        ("leaves_bare_children", 2),
        ("leaves_a_bare_child_and_dies", None),
        ("leaves_bare_children_and_hangs", None),
    ],
)
def test_processes_without_a_mark_are_ended(pool: WorkerPool, method: str, ended: int | None) -> None:
    row = run(pool, method)
    assert ended is None or row["message"] == f"processes that it left behind and that were ended: {ended}"


@pytest.mark.parametrize(
    ("method", "status", "says"),
    [
        ("closes_files_and_hangs", "failed", "it closed the files of its process"),
        ("writes_everywhere", "failed", "it wrote into files that are not its own"),
        ("tells_half", "killed", "0.3 s beyond its budget"),
        ("stops_itself", "killed", "0.3 s beyond its budget"),
        ("ends_its_group", "killed", "ended with signal 9"),
    ],
)
def test_who_watches_over_a_run_never_waits_for_it(pool: WorkerPool, method: str, status: str, says: str) -> None:
    row = run(pool, method)
    assert row["status"] == status
    assert says in row["message"]
    assert row["wall_s"] - row["import_s"] < 5.0


def test_a_fork_that_comes_back_is_not_taken_for_the_run(pool: WorkerPool) -> None:
    for _ in range(3):
        told = run(pool, "comes_back_twice")["identified"]
        assert told["answers"] == told["asked"]
        assert run(pool, "good")["identified"] == {}


def test_a_fork_that_comes_back_ends_in_silence(pool: WorkerPool) -> None:
    assert run(pool, "waits_for_its_fork_and_dies")["message"] == "the process ended with exit status 3"


def test_forks_tell_nothing(pool: WorkerPool) -> None:
    assert run(pool, "tells_from_a_fork")["status"] == "converged"


def test_what_threads_tell_at_a_time_is_whole(pool: WorkerPool) -> None:
    assert run(pool, "tells_from_threads")["counts"] == {str(k): float(LONG * k) for k in range(TOLD)}


@pytest.mark.parametrize(
    ("method", "says"),
    [("goes_on_behind", "threads"), ("moves", "working directory, environment")],
)
def test_what_is_left_changed_is_told_and_meets_nobody_else(pool: WorkerPool, method: str, says: str) -> None:
    worker = _workers()
    assert run(pool, method)["message"] == f"left changed in its process: {says}"
    assert _workers().isdisjoint(worker)
    assert run(pool, "good")["message"] == ""


def test_a_message_can_be_shown_anywhere(pool: WorkerPool) -> None:
    message = run(pool, "talks_nonsense")["message"]
    assert message.startswith("[/bold] [2J xxx")
    assert message.isprintable()
    assert len(message.encode()) < 600


def test_libraries_may_add_to_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = process_state.process_state()
    assert changes(before, process_state.process_state()) == ()
    monkeypatch.setenv("ARM_TEST", "1")
    between = process_state.process_state()
    assert changes(before, between) == ()
    monkeypatch.delenv("ARM_TEST")
    assert changes(between, process_state.process_state()) == ("environment",)


def test_signals_that_are_ignored_or_blocked_are_seen() -> None:
    before = process_state.process_state()
    handler = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    try:
        assert changes(before, process_state.process_state()) == ("signal handlers", "blocked signals")
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
        signal.signal(signal.SIGUSR1, handler)


class _Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: self.now))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    return _Clock(monkeypatch)


def test_a_method_gets_its_grace_once(clock: _Clock) -> None:
    """However often it has the harness work for it meanwhile."""
    limit = Deadline(grace_s=4.0)
    limit.told(Building())
    limit.told(Solving(2.0))
    for spent in range(1, 6):
        clock.now += 1.0
        assert not limit.is_missed()
        limit.told(Aside())
        clock.now += 10.0
        limit.told(Solving(2.0 - spent))
    assert not _is_missed_in(limit, clock, 0.9)
    assert _is_missed_in(limit, clock, 0.2)


def test_a_method_that_is_overdue_is_so_whatever_it_asks_for(clock: _Clock) -> None:
    limit = Deadline(grace_s=4.0)
    limit.told(Solving(-4.1))
    limit.told(Aside())
    assert limit.is_missed()


def test_work_of_the_harness_comes_to_its_end(clock: _Clock) -> None:
    limit = Deadline(grace_s=4.0)
    for _ in range(9):
        limit.told(Solving(2.0))
        limit.told(Aside())
        assert not _is_missed_in(limit, clock, 99.0)
    limit.told(Solving(2.0))
    limit.told(Aside())
    assert not _is_missed_in(limit, clock, 4.0)
    assert _is_missed_in(limit, clock, 4.0)


def _is_missed_in(limit: Deadline, clock: _Clock, seconds: float) -> bool:
    clock.now += seconds
    limit.is_missed()
    clock.now += deadline.RESPITE_S + 0.01  # which it grants
    return limit.is_missed()


def _workers() -> set[int]:
    return {child.pid for child in psutil.Process().children() if WORKER in command_of(child)}


def _sleepers() -> list[int]:
    return [process.pid for process in psutil.process_iter(["cmdline"]) if SLEEPER in (process.info["cmdline"] or [])]
