"""Whatever ends a campaign or its workers, no finished run is lost, none is made twice, and nothing is left over."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from benchmark.harness.row import Row
from benchmark.harness.store import load_rows
from benchmark.harness.workers.deadline import RESPITE_S, Deadline
from benchmark.harness.workers.messages import Solving
from tests.harness.crash_scene import JOBS, METHODS, RUNS, WAYS, Scene, Told, Way, told, wait_until
from tests.harness.quick_cli import SEEN_LOSS

KILLS = 5
PROMPT_S = 3.0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """The rows of a campaign that nothing happens to."""
    scene = Scene(tmp_path_factory.mktemp("undisturbed"))
    assert scene.carry_out(jobs=4).status == 0
    assert len(scene.rows()) == RUNS
    return scene.rows()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.end()


def test_killed_again_and_again_a_campaign_loses_only_the_runs_in_flight(
    scene: Scene, undisturbed: dict[str, Row]
) -> None:
    rng = np.random.default_rng(1)
    for _ in range(KILLS):
        campaign = scene.start()
        scene.wait_for_starts(sum(scene.starts().values()) + int(rng.integers(0, 5)))
        time.sleep(rng.uniform(0.0, 0.2))
        campaign.kill()
        assert told(campaign).status == -signal.SIGKILL
        assert scene.is_deserted()
    assert len(scene.unfinished()) > 0
    assert scene.carry_out().status == 0
    assert scene.rows() == undisturbed
    assert sum(scene.starts().values()) <= RUNS + KILLS * JOBS


def test_a_killed_worker_costs_its_run_alone_and_that_can_be_made_again(
    scene: Scene, undisturbed: dict[str, Row]
) -> None:
    rng = np.random.default_rng(2)
    campaign = scene.start()
    killed = set()
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.0, 0.2))
        killed.add(scene.kill_worker(rng))
    assert told(campaign).number(r"(\d+) of them without a result") == KILLS
    rows = scene.rows()
    assert {run for run, row in rows.items() if row != undisturbed[run]} == killed
    for row in (rows[run] for run in killed):
        assert (row["status"], row["loss"]) == ("killed", SEEN_LOSS if row["seed"] % 2 else None)
        assert "ended with signal 9" in row["message"]
    assert scene.carry_out("rerun-failed").number(r"(\d+) runs done, 0 of them without") == KILLS
    assert scene.rows() == undisturbed
    assert {run for run, count in scene.starts().items() if count > 1} == killed


class _Stopped(NamedTuple):
    """What came of stopping a campaign in runs that do not end, and of the same command afterwards."""

    end: Told
    seconds: float
    deserted: bool
    rows: dict[str, Row]
    later: Told
    rows_later: dict[str, Row]
    starts: Counter[str]


FIRST = {f"{method}-0" for method in METHODS}  # these end


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, _Stopped]]:
    """What came of all ways to stop a campaign."""
    scenes = [Scene(tmp_path_factory.mktemp("stopped")) for _ in WAYS]
    try:
        yield dict(zip(WAYS, _stop_and_go_on(scenes), strict=True))
    finally:
        for scene in scenes:
            scene.end()


def _stop_and_go_on(scenes: Sequence[Scene]) -> Iterator[_Stopped]:
    """Scenes share the time that processes take to start, but are stopped one by one, as that is timed."""
    with ThreadPoolExecutor() as threads:
        campaigns = [*threads.map(_start_and_wait_for_endless_runs, scenes)]
        stops = [_stop(*stop) for stop in zip(WAYS.values(), campaigns, scenes, strict=True)]
        later = threads.map(lambda scene: scene.carry_out(seeds=[0, 1], jobs=1), scenes)
    for stop, end, scene in zip(stops, later, scenes, strict=True):
        yield _Stopped(*stop, end, scene.rows(), scene.starts())


def _start_and_wait_for_endless_runs(scene: Scene) -> subprocess.Popen[str]:
    campaign = scene.start(seeds=[0, 1], endless_from=1)
    wait_until(lambda: len(scene.unfinished()) == JOBS and len(load_rows(scene.results)) == len(FIRST))
    return campaign


def _stop(way: Way, campaign: subprocess.Popen[str], scene: Scene) -> tuple[Told, float, bool, dict[str, Row]]:
    began = time.monotonic()
    way.send(campaign, way.number)
    end = told(campaign)
    return end, time.monotonic() - began, scene.is_deserted(), scene.rows()


@pytest.mark.parametrize("way", WAYS)
def test_a_stopped_campaign_leaves_nothing_and_goes_on_later(
    way: str, stopped: dict[str, _Stopped], undisturbed: dict[str, Row]
) -> None:
    found = stopped[way]
    assert found.end.status in WAYS[way].statuses
    assert found.end.err == WAYS[way].says
    assert found.seconds < PROMPT_S
    assert found.deserted
    assert found.rows.keys() == FIRST
    assert found.later.status == 0
    assert found.rows_later == {run: undisturbed[run] for run in found.starts}
    assert len(found.rows_later) == 2 * len(FIRST)
    assert all(found.starts[run] == 1 for run in FIRST)


def test_what_a_process_is_started_to_ignore_it_ignores() -> None:
    """Shells have background jobs ignore Ctrl-C."""
    code = (
        "import os, signal; from benchmark.stopping import stop_tidily; signal.signal(signal.SIGINT, signal.SIG_IGN);"
        "stop_tidily(); os.kill(os.getpid(), signal.SIGINT)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_two_campaigns_on_one_folder_share_the_work(scene: Scene, undisturbed: dict[str, Row]) -> None:
    both = [told(campaign) for campaign in [scene.start(), scene.start()]]
    assert [end.status for end in both] == [0, 0]
    assert scene.rows() == undisturbed
    assert scene.starts() == dict.fromkeys(undisturbed, 1)
    done = [end.number(r"(\d+) runs done") for end in both]
    elsewhere = [end.number(r"(\d+) done by other processes") for end in both]
    stored = [end.number(r"(\d+) of them stored") for end in both]
    assert sum(done) == RUNS
    assert [sum(counts) for counts in zip(done, elsewhere, stored, strict=True)] == [RUNS, RUNS]
    assert min(elsewhere) > 0


def test_one_campaign_finishes_what_another_was_killed_at(scene: Scene, undisturbed: dict[str, Row]) -> None:
    first, second = scene.start(), scene.start()
    scene.wait_for_starts(RUNS // 4)
    first.kill()
    assert told(first).status == -signal.SIGKILL
    assert told(second).status == 0
    assert scene.rows() == undisturbed
    assert sum(scene.starts().values()) <= RUNS + JOBS
    assert scene.is_deserted()


def test_a_campaign_that_was_stopped_for_a_while_hears_its_workers_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-Z and fg, all deadlines are over, and what workers have told in time has yet to be read."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    deadline = Deadline(grace_s=1.0)
    deadline.told(Solving(seconds_left=1.0))
    for clock.now, missed in ((1.9, False), (100.0, False), (100.1, False), (100.1 + RESPITE_S, True)):
        assert deadline.is_missed() == missed
    deadline.told(Solving(seconds_left=1.0))
    assert not deadline.is_missed()


def test_a_full_disk_stops_a_campaign_with_a_line(scene: Scene, undisturbed: dict[str, Row]) -> None:
    """A limit on the size of files stands in for it."""
    seeds = range(3)
    campaign = scene.start(seeds=seeds)
    wait_until(lambda: len(load_rows(scene.results)) >= 4)
    resource.prlimit(campaign.pid, resource.RLIMIT_FSIZE, (0, 0))
    stopped = told(campaign)
    assert stopped.status == 2
    assert stopped.err.startswith(f"error: cannot write to {scene.results}/runs/smoke/m1-a-published/")
    assert stopped.err.count("\n") == 1
    assert scene.is_deserted()
    assert scene.rows().items() <= undisturbed.items()
    assert [*scene.results.rglob(".*.*")] == []
    assert scene.carry_out(seeds=seeds, jobs=1).status == 0
    assert len(scene.rows()) == len(METHODS) * len(seeds)


@pytest.mark.parametrize("command", ["run", "rerun-failed"])
def test_results_that_cannot_be_written_are_told_before_anything_runs(scene: Scene, command: str) -> None:
    _forbid(scene.results)
    ended = scene.carry_out(command)
    scene.results.chmod(0o700)
    assert ended.status == 2
    assert ended.err.startswith(f"error: cannot write to {scene.results}")
    assert ended.err.count("\n") == 1
    assert ended.out == ""
    assert scene.starts() == {}


def _forbid(results: Path) -> None:
    """Leave nothing there that can be written to: a read-only folder, or for root, who may do anything, a file."""
    if os.geteuid() == 0:
        results.touch()
    else:
        results.mkdir(mode=0o500)
