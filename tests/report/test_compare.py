"""Two result folders beside each other, printed and written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmark.cli import main

from .synthetic import PROVENANCE, row, spec, store_failure, store_run

PARTS = {"settings": "0", "method": "1", "shared code": "2"}


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """Two methods with seven runs each."""
    for method in ("one", "other"):
        for seed in range(7):
            store_run(tmp_path / "before", spec(method=method, seed=seed), with_trace=False, key_parts=PARTS)
    return tmp_path / "before"


@pytest.fixture
def after(before: Path) -> Path:
    """The same, but that one method takes twice as long, with another version of its code and of numpy."""
    folder = before.with_name("after")
    shutil.copytree(before, folder)
    packages = PROVENANCE["packages"] | {"numpy": "2.1.0"}  # type: ignore[operator]
    for seed in range(7):
        run = spec(method="other", seed=seed)
        changes: dict[str, Any] = {
            "key_parts": PARTS | {"method": "new"},
            "provenance": PROVENANCE | {"packages": packages},
        }
        store_run(folder, run, with_trace=False, solve_s=2.0 * row(run)["solve_s"], **changes)
    return folder


def line_of(text: str, start: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return next(line for line in lines if line.startswith(start))


def test_what_changed_is_told(before: Path, after: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(before), str(after)]) == 0
    told = capsys.readouterr().out
    assert line_of(told, "A:") == f"A: {before}, 14 runs"
    assert line_of(told, "paper one") == "paper one 7 7 0/7 0/7 1 1 same numbers"
    assert line_of(told, "paper other") == "paper other 7 7 0/7 0/7 1 2 same numbers, slower"
    assert line_of(told, "numpy") == "numpy 2.0.0 2.0.0 (7 of 14 runs); 2.1.0 (7 of 14 runs) yes"
    assert line_of(told, "Part: method") == "Part: method - - in 7 of 14 pairs"
    assert "torch" not in told


def test_the_same_folder_twice(before: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(before), str(before), "--methods", "one"]) == 0
    told = capsys.readouterr().out
    assert "paper    one" in told
    assert "paper    other" not in told
    assert "in 0 of 7 pairs" in told
    assert "A: Narrowed to method `one`" in told


def test_tables_are_written_where_that_is_asked_for(before: Path, after: Path, tmp_path: Path) -> None:
    store_failure(after, spec(method="other", seed=9))
    out = tmp_path / "out"
    assert main(["compare", str(before), str(after), "--out", str(out)]) == 0
    names = ("compare-methods", "compare-origin", "compare-runs")
    assert {path.name for path in out.iterdir()} == {f"{name}.{kind}" for name in names for kind in ("csv", "md")}
    runs = pd.read_csv(out / "compare-runs.csv")
    assert len(runs) == 15
    assert runs["found_in"].value_counts().to_dict() == {"both": 14, "b": 1}
    assert runs["time_ratio_1"].dropna().tolist() == pytest.approx([1.0] * 7 + [2.0] * 7)
    methods = pd.read_csv(out / "compare-methods.csv").set_index("method")
    assert methods["only_b"].to_dict() == {"one": 0, "other": 1}
    assert methods["verdict"].to_dict() == {"one": "same numbers", "other": "same numbers, slower"}
    assert "| B alone |" in (out / "compare-runs.md").read_text()


def test_folders_without_a_run_in_common(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store_failure(tmp_path / "a", spec(seed=0))
    store_failure(tmp_path / "b", spec(seed=1))
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 0
    assert line_of(capsys.readouterr().out, "paper torch_adam").endswith("no pairs")


def test_damaged_rows_are_named(before: Path, after: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = after / "runs" / "paper" / "m1-a-published" / "one-10-0.json"
    damaged.write_bytes(b"{")
    assert main(["compare", str(before), str(after)]) == 0
    told = capsys.readouterr().out
    assert "B: Damaged or missing files" in told
    assert f"`{damaged.relative_to(after).as_posix()}`" in told


def test_a_folder_without_runs_is_one_line(before: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(before), str(tmp_path / "nothing")]) == 2
    assert f"no runs in {tmp_path / 'nothing'}" in capsys.readouterr().err
