"""Whoever is killed while writing leaves whole files or none, and nothing that is in somebody's way."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from benchmark.cli import main
from benchmark.harness.files import STALE_S
from benchmark.harness.store import Store, load_rows, load_trace
from tests.harness.dummies import good, spec

KILLS = 20


@pytest.fixture(scope="module")
def killed_saves(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Results folders, each as it was when a process that saved to it was killed."""
    root = tmp_path_factory.mktemp("saves")
    subprocess.run([sys.executable, "-m", "tests.harness.killed_saves", str(root), str(KILLS)], check=True)
    return sorted(root.iterdir())


def test_a_kill_leaves_a_row_with_its_trace_or_none(killed_saves: list[Path]) -> None:
    rows = [(results, row) for results in killed_saves for row in load_rows(results)]
    assert len(rows) == sum(1 for results in killed_saves for _ in results.rglob("*.json"))
    assert len(rows) > KILLS
    for results, row in rows:
        assert set(load_trace(results, row)["numbers"].tolist()) == {row["number"]}


@pytest.mark.parametrize("step", [0, 1])
def test_a_run_that_is_replaced_has_its_own_trace_or_is_missing(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted before either file is put in its place."""
    store, run = Store(tmp_path), spec()
    row, _ = good(run)
    store.save(run, row | {"number": 1}, {"numbers": np.array([1])})
    replace, calls = Path.replace, count()

    def interrupted(path: Path, target: Path) -> Path:
        if next(calls) == step:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.save(run, row | {"number": 2}, {"numbers": np.array([2])})
    assert all(load_trace(tmp_path, left)["numbers"] == left["number"] for left in load_rows(tmp_path))
    assert [*tmp_path.rglob(".*.*")] == []


def test_half_written_files_are_in_nobodys_way(killed_saves: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    halves = [path for results in killed_saves for path in results.rglob(".*")]
    assert len(halves) > 0
    results = next(results for results in killed_saves if halves[0].is_relative_to(results))
    Store(results).save(spec(), *good(spec()))
    rows = load_rows(results)
    assert main(["keep", "tiny", "--results", str(results)]) == 0
    assert f"{len(rows)} runs" in capsys.readouterr().out
    assert [path.name for path in (results / "reference").rglob(".*")] == []
    assert main(["report", "--results", str(results)]) == 0
    assert len((results / "tables" / "runs.csv").read_text().splitlines()) == 1 + len(rows)


@pytest.mark.parametrize(("slow", "calls"), [("copy", 2), ("rmtree", 3)])
def test_keeping_runs_that_is_stopped_leaves_what_was_kept(
    tmp_path: Path, slow: str, calls: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    for seed in (0, 1):
        store.save(spec(seed=seed), *good(spec(seed=seed)))
    store.keep("tiny")
    kept = load_rows(tmp_path)
    assert len(kept) == 2
    monkeypatch.setattr(shutil, slow, _interrupted(getattr(shutil, slow), calls))
    with pytest.raises(KeyboardInterrupt):
        store.keep("tiny")
    assert load_rows(tmp_path) == kept
    (tmp_path / "runs").rename(tmp_path / "runs-elsewhere")
    assert load_rows(tmp_path) == kept


def _interrupted(function: Callable[..., object], calls: int) -> Callable[..., None]:
    """Do what a function does, and then, after so many calls, interrupt."""
    numbers = count(1)

    def interrupted(*arguments: object, **named: object) -> None:
        function(*arguments, **named)
        if next(numbers) == calls:
            raise KeyboardInterrupt

    return interrupted


def test_a_campaign_removes_half_written_files_that_are_old(tmp_path: Path) -> None:
    Store(tmp_path).save(spec(), *good(spec()))
    names = Store(tmp_path).row_path(spec()), Store(tmp_path).row_path(spec()).with_suffix(".npz")
    old, young = (names[0].with_name(f".{name.name}.abcd1234.unfinished") for name in names)
    for path, age_s in ((old, STALE_S + 60.0), (young, STALE_S - 60.0), *((name, 2 * STALE_S) for name in names)):
        path.touch()
        os.utime(path, (time.time() - age_s,) * 2)
    Store(tmp_path).prepare()
    assert sorted(young.parent.iterdir()) == sorted([young, *names])
