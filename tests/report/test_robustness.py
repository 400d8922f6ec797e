"""Whatever is stored, there is a report, and it says what is not in it."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmark.harness.errors import HarnessError
from benchmark.harness.store import Store
from benchmark.report.report import write_report

from .synthetic import failed_row, row, spec, store_failure, store_run, trace

# What rows had before there were prices, other ways to stop, or limits of memory and threads.
NEWER = ("counts", "loss_unit_rad2_per_s4", "objective_rad2_per_s4", "budget_s", "budget_evaluations", "provenance")


def read(results: Path, name: str) -> str:
    return (results / "tables" / name).read_text()


def figures(results: Path, suite: str = "paper") -> set[str]:
    return {path.stem for path in (results / "figures" / suite).glob("*.png")}


def spoil(results: Path, name: str, content: bytes) -> str:
    """Give a stored file of the paper's suite another content; its path below the results folder."""
    path = results / "runs" / "paper" / "m1-a-published" / name
    path.write_bytes(content)
    return path.relative_to(results).as_posix()


def test_one_run(tmp_path: Path) -> None:
    store_run(tmp_path, spec())
    write_report(tmp_path)
    assert "Runs: 1 (1 budget)." in read(tmp_path, "summary-paper.md")
    assert figures(tmp_path) >= {"accuracy-against-time", "boxplots", "convergence", "heldout"}


def test_only_failed_runs(tmp_path: Path) -> None:
    store_failure(tmp_path, spec())
    write_report(tmp_path)
    assert figures(tmp_path) == set()
    text = read(tmp_path, "summary-paper.md")
    assert "There are no figures, as no run delivered a result." in text
    assert "seed 0: killed: no end within 90 s" in text


def test_only_skipped_runs(tmp_path: Path) -> None:
    run = spec()
    Store(tmp_path).save(run, failed_row(run, "skipped", "needs five muscles"), {})
    write_report(tmp_path)
    text = read(tmp_path, "summary-paper.md")
    assert "seed 0: skipped: needs five muscles" in text
    assert "nor skipped: 0." in text


def test_a_method_that_ran_on_one_problem_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmark.report.report.suite_drawings", lambda *_: ())
    store_run(tmp_path, spec("m1-a-published", "torch_adam"))
    store_run(tmp_path, spec("m2-a-published", "torch_adam"))
    store_run(tmp_path, spec("m2-a-published", "lbfgs"))
    write_report(tmp_path)
    assert "- `lbfgs` has no runs of `m1-a-published` from 10 % starts" in read(tmp_path, "summary-paper.md")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b"[]", "it is no row of a run"),
        (b"{}", "it has no suite"),
        (json.dumps(row(spec(seed=1), start_level="near")).encode(), "its start_level makes no sense"),
        (json.dumps(row(spec(seed=1), cr2m="small")).encode(), "its cr2m makes no sense"),
        (json.dumps(row(spec(seed=1), counts=[3])).encode(), "its counts makes no sense"),
        (json.dumps(row(spec(seed=0))).encode(), "it is stored under another name than its run's"),
    ],
)
def test_a_damaged_row(tmp_path: Path, content: bytes, why: str) -> None:
    for seed in range(2):
        store_failure(tmp_path, spec(seed=seed))
    file = spoil(tmp_path, "torch_adam-10-1.json", content)
    write_report(tmp_path)
    assert "Runs: 1 (1 killed)." in read(tmp_path, "summary-paper.md")
    assert f"- `{file}`: {why}" in read(tmp_path, "summary-paper.md")
    assert pd.read_csv(tmp_path / "tables" / "damaged.csv").to_numpy().tolist() == [[file, why]]
    assert f"| {file} | {why} " in read(tmp_path, "damaged.md")
    assert f">{file}<" in (tmp_path / "report.html").read_text()


def test_nothing_but_damaged_rows(tmp_path: Path) -> None:
    store_run(tmp_path, spec())
    spoil(tmp_path, "torch_adam-10-0.json", b"")
    with pytest.raises(HarnessError, match=r"no runs in .* that can be read, 1 are damaged: run them again"):
        write_report(tmp_path)


def test_damaged_and_missing_traces(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for seed in range(4):
        store_run(tmp_path, spec(seed=seed), with_trace=seed > 0)
    damaged = spoil(tmp_path, "torch_adam-10-1.npz", b"damaged")
    missing = tmp_path / spoil(tmp_path, "torch_adam-10-2.npz", b"")
    missing.unlink()
    with caplog.at_level(logging.WARNING):
        write_report(tmp_path)
    text = read(tmp_path, "summary-paper.md")
    assert "Runs without a trace: 3." in text
    assert f"- `{damaged}`: " in text
    assert f"- `{missing.relative_to(tmp_path).as_posix()}`: No such file or directory" in text
    assert str(tmp_path) not in text
    assert "convergence" in figures(tmp_path)


def test_rows_of_before(tmp_path: Path) -> None:
    run = spec()
    stored: dict[str, Any] = {name: value for name, value in row(run).items() if name not in NEWER}
    old_trace = {name: values for name, values in trace(row(run)).items() if name not in ("counts", "kinds")}
    Store(tmp_path).save(run, stored, old_trace)
    write_report(tmp_path)
    text = read(tmp_path, "summary-paper.md")
    assert "Runs of unknown cost, as a kind of their evaluations has no price: 1." in text
    assert "unknown" in read(tmp_path, "provenance-paper.md")
    assert figures(tmp_path) >= {"accuracy-against-time", "boxplots", "convergence", "heldout"}


def test_no_rows(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match=r"no runs in .*: make them with python -m benchmark run all"):
        write_report(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    store_run(tmp_path, spec())
    (tmp_path / "tables").write_text("in the way")
    with pytest.raises(HarnessError, match=r"cannot write to .*tables"):
        write_report(tmp_path)
