"""The commands ``missing`` and ``rerun-failed``."""

from pathlib import Path

import pytest

from benchmark.cli import main
from benchmark.commands import missing, report, run
from benchmark.harness.keys import RunKeys
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store
from benchmark.harness.suites import Selection, load_suites, plan
from benchmark.harness.work import Missing, Reuse
from tests.harness.dummies import good, spec

ASKED = ["random_search", "--suite", "smoke", "--problems", "m1-a-published", "--seeds", "0", "1", "2", "3"]
SELECTION = Selection("smoke", ["random_search"], ["m1-a-published"], seeds=[0, 1, 2, 3])


@pytest.fixture(autouse=True)
def no_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Problems need no recordings."""
    monkeypatch.setattr(run, "verified_recordings", lambda problems: {name: {} for name in problems})


def _save(results: Path, run: RunSpec, status: str = "converged", **changed: str) -> None:
    keys = RunKeys({"m1-a-published": {}})
    row, trace = good(run)
    row |= {"status": status, "key_parts": keys.parts(run) | changed, "key": str(changed) if changed else keys.key(run)}
    Store(results).save(run, row, trace)


def _told(results: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["missing", *(arguments or ASKED), "--results", str(results)]) == 0
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_missing_tells_what_there_is_to_do_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fine, failed, stale, never = plan(SELECTION, load_suites(), ["random_search"])
    _save(tmp_path, fine)
    _save(tmp_path, failed, status="failed")
    _save(tmp_path, stale, method="of yesterday")
    lines = _told(tmp_path, capsys)
    assert lines[:2] == [
        "suite smoke: 4 runs, 2 of them stored and up to date",
        "1 of these ended without a result: rerun-failed runs them again",
    ]
    assert "m1-a-published random_search 1 never run" in lines
    assert "m1-a-published random_search 1 out of date: method changed" in lines
    assert lines[-1].startswith("2 runs are missing: ")
    assert not Store(tmp_path).row_path(never).exists()


def test_missing_is_short_where_nothing_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for entry in plan(SELECTION, load_suites(), ["random_search"]):
        _save(tmp_path, entry)
    assert _told(tmp_path, capsys) == ["suite smoke: 4 runs, 4 of them stored and up to date"]


def test_missing_means_all_methods_where_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _told(tmp_path, capsys, "--suite", "smoke")
    assert {"gauss_newton", "torch_adam"} <= {line.split()[1] for line in lines if line.startswith("m1-")}
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(("cores", "seconds"), [(1, 90.0), (2, 45.0), (64, 30.0)])
def test_the_time_is_that_of_budgets_on_cores(cores: int, seconds: float) -> None:
    runs = [spec(budget_s=10.0), spec(seed=1, budget_s=20.0), spec(seed=2, budget_s=30.0, threads=2)]
    entries = [Missing(entry, "key", {}, {}, "never run", None) for entry in runs]
    assert missing.longest_time_s(entries, cores) == seconds


def test_rerun_failed_runs_nothing_but_what_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(run, "run", lambda *arguments: asked.extend(arguments))
    monkeypatch.setattr(report, "report", lambda *_, **__: None)
    assert main(["rerun-failed", *ASKED, "--jobs", "3", "--results", str(tmp_path)]) == 0
    assert asked == [SELECTION, tmp_path, run.Execution(3), Reuse.ALL_BUT_FAILED]


def test_rerun_failed_means_all_methods_where_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Selection] = []
    monkeypatch.setattr(run, "run", lambda selection, *_: asked.append(selection))
    monkeypatch.setattr(report, "report", lambda *_, **__: None)
    assert main(["rerun-failed", "--results", str(tmp_path)]) == 0
    assert asked == [Selection()]
