from collections import Counter
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import methods
from benchmark.harness.campaign import carry_out_work
from benchmark.harness.keys import SHARED_CODE, RunKeys
from benchmark.harness.progress import Progress, TimeLeft
from benchmark.harness.provenance import REPOSITORY
from benchmark.harness.scheduler import Scheduler
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store, load_rows
from benchmark.harness.work import Key, Reuse, missing_work
from tests.harness.dummies import by_method, counted, spec


class Folders:
    """A results folder, a folder of methods and a repository, all small."""

    def __init__(self, root: Path) -> None:
        self.results, self.methods, self.marks = root / "results", root / "methods", root / "marks"
        self.methods.mkdir()
        self.marks.mkdir()
        for name in ("one", "two"):
            (self.methods / f"{name}.py").write_text("first")
        self.repository = root / "repository"
        for entry in SHARED_CODE:
            path = self.repository / entry
            path = path if path.suffix else path / "module.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("first")

    def keys(self, checksum: str = "abc") -> RunKeys:
        return RunKeys({"m1-a-published": {"a-published": checksum}}, self.repository)

    def specs(self) -> list[RunSpec]:
        options = {"marks": str(self.marks)}
        return [spec(method, seed, options=options) for seed in range(2) for method in ("one", "two")]

    def run(self, reuse: Reuse = Reuse.ALL) -> int:
        """Run what is missing; return how many runs that were."""
        store = Store(self.results)
        work = missing_work(self.specs(), store, self.keys().key, reuse)
        progress = _silent_progress([spec for spec, _ in work.missing])
        carry_out_work(work, store, Scheduler(1, counted), progress)
        return len(work.missing)

    def marked(self) -> Counter[str]:
        return Counter(path.name.rpartition("-")[0] for path in self.marks.iterdir())


def _silent_progress(specs: Sequence[RunSpec]) -> Progress:
    return Progress(specs, 1, Console(file=StringIO()))


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    made = Folders(tmp_path)
    monkeypatch.setattr(methods, "__path__", [str(made.methods)])
    return made


def test_what_is_stored_is_not_run_again(folders: Folders) -> None:
    assert (folders.run(), folders.run()) == (4, 0)
    assert set(folders.marked().values()) == {1}


def test_an_interrupted_campaign_goes_on(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Progress, "finished", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            folders.run()
    assert len(load_rows(folders.results)) == 1
    assert folders.run() == 3
    assert len(load_rows(folders.results)) == 4
    assert folders.marked()["one-0"] == 1


def test_an_edited_method_is_run_again_alone(folders: Folders) -> None:
    folders.run()
    (folders.methods / "one.py").write_text("second")
    assert folders.run() == 2
    assert folders.marked() == {"one-0": 2, "one-1": 2, "two-0": 1, "two-1": 1}


@pytest.mark.parametrize("entry", SHARED_CODE)
def test_edited_shared_code_makes_every_run_stale(folders: Folders, entry: str) -> None:
    before = folders.keys().key(folders.specs()[0])
    path = folders.repository / entry
    (path if path.is_file() else path / "module.py").write_text("second")
    assert folders.keys().key(folders.specs()[0]) != before


@pytest.mark.parametrize("name", ["targets.py", "targets.toml"])
def test_another_target_makes_no_run_stale(folders: Folders, name: str) -> None:
    path = folders.repository / "benchmark" / "problem" / name
    path.write_text("first")
    before = folders.keys().key(folders.specs()[0])
    path.write_text("second")
    assert folders.keys().key(folders.specs()[0]) == before


def test_the_shared_code_of_the_repository_is_there() -> None:
    assert [entry for entry in SHARED_CODE if not (REPOSITORY / entry).exists()] == []


def test_another_recording_makes_a_run_stale(folders: Folders) -> None:
    run = folders.specs()[0]
    assert folders.keys("abc").key(run) != folders.keys("def").key(run)


@pytest.mark.parametrize("change", [{"budget_s": 2.0}, {"budget_evaluations": 5}, {"options": {"rate": 1}}])
def test_other_settings_make_a_run_stale(folders: Folders, change: dict[str, Any]) -> None:
    key: Key = folders.keys().key
    assert key(spec("one")) == key(spec("one"))
    assert key(spec("one", **change)) != key(spec("one"))


def test_a_damaged_row_is_run_again(folders: Folders) -> None:
    folders.run()
    Store(folders.results).row_path(spec("two", 1)).write_text("{")
    assert folders.run() == 1
    assert len(load_rows(folders.results)) == 4


def test_fresh_runs_everything_again(folders: Folders) -> None:
    folders.run()
    assert folders.run(Reuse.NONE) == 4


def test_failures_are_rows_that_stand_unless_asked(tmp_path: Path) -> None:
    store, specs = Store(tmp_path), [spec("good"), spec("raises")]
    work = missing_work(specs, store, lambda run: run.id, Reuse.ALL)
    assert carry_out_work(work, store, Scheduler(1, by_method), _silent_progress(specs)) == 1
    rows = {row["method"]: row for row in load_rows(tmp_path)}
    assert rows["raises"]["status"] == "failed"
    assert rows["raises"]["key"] == spec("raises").id
    assert {"commit", "dirty", "python", "cpu", "cores", "packages", "date"} <= rows["raises"]["provenance"].keys()
    assert missing_work(specs, store, lambda run: run.id, Reuse.ALL).stored == 2
    again = missing_work(specs, store, lambda run: run.id, Reuse.DELIVERED)
    assert [run.method for run, _ in again.missing] == ["raises"]


def test_progress_tells_a_finished_run_in_a_line() -> None:
    console = Console(file=StringIO(), soft_wrap=True)
    runs = [spec("torch_adam", 3), spec("torch_adam", 4)]
    with Progress(runs, 1, console) as progress:
        progress.started(runs[0])
        progress.finished(runs[0], {"loss": 1.2e-6, "cr2m_start": 9.1, "cr2m": 1.3, "status": "budget"})
        progress.started(runs[1])
        progress.finished(runs[1], {"loss": None, "status": "failed", "message": "ValueError: [x]"})
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert lines == [
        "[1/2] m1-a-published torch_adam 10 % seed 3: loss 1.2e-06, Cr2m 9.1 -> 1.3 %, 0.0 s (1 s left)",
        "[2/2] m1-a-published torch_adam 10 % seed 4: failed (ValueError: [x]), 0.0 s (0 s left)",
    ]


def test_time_left_is_learnt_from_finished_runs() -> None:
    time = 0.0
    left = TimeLeft([spec("one", 0), spec("one", 1), spec("two", 0, budget_s=30.0)], jobs=1, clock=lambda: time)
    left.started(spec("one", 0))
    time = 10.0
    assert left.finished(spec("one", 0)) == 10.0
    assert left.seconds == pytest.approx(10.0 + 35.0)
    left.started(spec("two", 0, budget_s=30.0))
    time = 30.0
    assert left.seconds == pytest.approx(10.0 + 15.0)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
