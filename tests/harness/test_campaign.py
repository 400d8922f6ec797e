from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmark.harness.campaign import Campaign, Tally
from benchmark.harness.claims import Claims
from benchmark.harness.crew import LocalCrew
from benchmark.harness.errors import HarnessError
from benchmark.harness.progress import Progress, make_progress
from benchmark.harness.row import Row, Trace
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store, load_rows
from benchmark.harness.work import Reuse, Work, missing_work
from tests.harness.dummies import MODULE, good, spec


class FixedKeys:
    """The same keys all the time; told to, they do not hold for one method."""

    edited = ""

    def key(self, spec: RunSpec) -> str:
        return spec.id

    def parts(self, spec: RunSpec) -> dict[str, str]:
        return {"settings": spec.id}

    def recordings(self, spec: RunSpec) -> dict[str, str]:
        return {"a-published": "abc"}

    def hold(self, spec: RunSpec) -> bool:
        return spec.method != self.edited


class Folder:
    """A results folder, and one where every run leaves a mark."""

    def __init__(self, root: Path) -> None:
        self.results, self.marks = root / "results", root / "marks"
        self.marks.mkdir()
        self.store = Store(self.results)
        self.keys = FixedKeys()

    def specs(self, *methods: str) -> list[RunSpec]:
        options = {"marks": str(self.marks)}
        return [spec(method, seed, options=options) for seed in range(2) for method in methods or ("one", "two")]

    def work(self, *methods: str, reuse: Reuse = Reuse.ALL) -> Work:
        return missing_work(self.specs(*methods), self.store, self.keys, reuse)

    def carry_out(self, work: Work, progress: Progress | None = None, jobs: int = 2) -> Tally:
        crew = LocalCrew(jobs, MODULE, grace_s=20.0)
        return Campaign(self.store, crew, self.keys, progress or silent_progress(work)).carry_out(work)

    def marked(self) -> Counter[str]:
        return Counter(path.name.rpartition("-")[0] for path in self.marks.iterdir())


def silent_progress(work: Work) -> Progress:
    return make_progress(
        "people", [missing.spec for missing in work.missing], 2, "tiny", console=Console(file=StringIO())
    )


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_what_is_stored_is_not_run_again(folder: Folder) -> None:
    assert folder.carry_out(folder.work()) == Tally(done=4)
    assert folder.work().missing == []
    assert folder.carry_out(folder.work(reuse=Reuse.NONE)) == Tally(done=4)
    assert set(folder.marked().values()) == {2}


def test_a_row_says_what_it_is_and_where_it_comes_from(folder: Folder) -> None:
    folder.carry_out(folder.work())
    for row in load_rows(folder.results):
        run = spec(row["method"], row["seed"])
        assert (row["key"], row["key_parts"]) == (run.id, {"settings": run.id})
        assert row["recordings"] == {"a-published": "abc"}
        assert {"commit", "dirty", "python", "cpu", "cores", "threads", "load", "date"} <= row["provenance"].keys()
        assert {"import_s", "overhead_s", "wall_s", "peak_memory_mib", "budget_s", "stop"} <= row.keys()


def test_an_interrupted_campaign_goes_on(folder: Folder) -> None:
    work = folder.work()
    progress = silent_progress(work)
    progress.finished = _interrupt  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        folder.carry_out(work, progress, jobs=1)
    assert len(load_rows(folder.results)) == 1
    assert folder.carry_out(folder.work()) == Tally(done=3)
    assert folder.marked()["one-0"] == 1


def test_failures_are_counted_and_stored(folder: Folder) -> None:
    assert folder.carry_out(folder.work("good", "raises")) == Tally(done=4, failed=2)
    assert Counter(row["status"] for row in load_rows(folder.results)) == {"converged": 2, "failed": 2}


def test_what_was_edited_while_it_ran_does_not_stand(folder: Folder) -> None:
    folder.keys.edited = "two"
    folder.carry_out(folder.work())
    again = folder.work().missing
    assert {entry.spec.method for entry in again} == {"two"}
    assert {entry.reason for entry in again} == {"its code was edited while it ran"}


def test_two_campaigns_at_once_share_the_work(folder: Folder) -> None:
    """Both found all of it missing; each run is made once, and both end when all is done."""
    first, second = folder.work("slow", "one"), folder.work("slow", "one")
    with ThreadPoolExecutor() as threads:
        tallies = list(threads.map(lambda work: folder.carry_out(work, jobs=1), (first, second)))
    assert sum(tally.done for tally in tallies) == 4
    assert sum(tally.elsewhere for tally in tallies) == 4
    assert set(folder.marked().values()) == {1}
    assert folder.work("slow", "one").missing == []


def test_what_others_let_go_of_without_a_row_is_run_here(folder: Folder) -> None:
    """Somebody who has claimed a run may die before it is stored."""
    work = folder.work()
    claim = Claims(folder.store.claims).claim(work.missing[0].spec)
    assert claim is not None
    progress = silent_progress(work)
    finished = progress.finished
    others = len(work.missing) - 1

    def let_go(spec: RunSpec, row: Row) -> None:
        finished(spec, row)
        if len(load_rows(folder.results)) == others:
            claim.release()

    progress.finished = let_go  # type: ignore[method-assign]
    assert folder.carry_out(work, progress) == Tally(done=4)


def test_a_claim_is_held_once_and_can_be_had_again(tmp_path: Path) -> None:
    run, claims = spec(), Claims(tmp_path)
    held = claims.claim(run)
    assert held is not None
    assert Claims(tmp_path).claim(run) is None
    assert claims.claim(replace(run, seed=1)) is not None
    held.release()
    assert Claims(tmp_path).claim(run) is not None


class _Crew:
    """Notes how many threads its runs have at a time."""

    slots = 3

    def __init__(self, error: Exception | None = None) -> None:
        self._threads = ThreadPoolExecutor()
        self._error = error
        self._taken = 0
        self.most = 0

    def submit(self, spec: RunSpec, key: str) -> Any:
        self._taken += spec.threads
        self.most = max(self.most, self._taken)
        return self._threads.submit(self._run, spec)

    def _run(self, spec: RunSpec) -> tuple[Row, Trace]:
        self._taken -= spec.threads
        if self._error is not None:
            raise self._error
        return good(spec)

    def close(self) -> None:
        self._threads.shutdown()


def _carry_out(folder: Folder, crew: _Crew, specs: Sequence[RunSpec]) -> Tally:
    work = missing_work(specs, folder.store, folder.keys, Reuse.ALL)
    return Campaign(folder.store, crew, folder.keys, silent_progress(work)).carry_out(work)


def test_runs_with_more_threads_take_more_room(folder: Folder) -> None:
    crew = _Crew()
    assert _carry_out(folder, crew, [spec(seed=seed, threads=2) for seed in range(3)]).done == 3
    assert crew.most == 2
    assert _carry_out(folder, _Crew(), [spec(seed=9, threads=5)]).done == 1


def test_a_run_that_a_cluster_loses_becomes_a_row(folder: Folder) -> None:
    assert _carry_out(folder, _Crew(RuntimeError("lost")), [spec()]) == Tally(done=1, failed=1)
    (row,) = load_rows(folder.results)
    assert (row["status"], row["message"]) == ("failed", "RuntimeError: lost")


def test_what_cannot_be_run_stops_the_campaign(folder: Folder) -> None:
    with pytest.raises(HarnessError, match="other code"):
        _carry_out(folder, _Crew(HarnessError("other code")), [spec()])
    assert load_rows(folder.results) == []


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
