"""The command and its table."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from benchmark.cli import main
from benchmark.commands import speed
from benchmark.harness.store import Store
from benchmark.speed import campaign
from benchmark.speed.campaign import Block
from benchmark.speed.clock import Timing
from benchmark.speed.stored import StoredTimings, load_timings, store_timings, timings_path
from benchmark.speed.table import speed_markdown, speed_table
from benchmark.threads import THREAD_LIMITS
from tests.harness.dummies import good, spec

PROBLEM = "m1-a-published"
COLUMNS = ["problem", "operation", "backend", "threads", "milliseconds", "ratio_to_residual"]
ROWS = {
    *(("residual", backend) for backend in ("compiled", "numpy", "torch", "casadi")),
    *(("gradient", backend) for backend in ("compiled", "torch", "casadi")),
    ("residual and Jacobian", "compiled"),
    ("Gauss-Newton Hessian", "casadi"),
    ("exact Hessian", "casadi"),
    ("literal residual", "torch"),
    ("literal epoch", "torch"),
    ("network epoch", "torch"),
    ("compile", "compiled"),
    *((f"build {name}", "casadi") for name in ("residual", "gradient", "Gauss-Newton Hessian", "exact Hessian")),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speed")
    asked = ["speed", "--quick", "--problems", PROBLEM, "--threads", "1", "--results", str(folder)]
    assert main(asked) == 0
    return folder


@pytest.fixture(scope="module")
def reported(results: Path) -> Path:
    """The results, with the report of them; there is none without a run."""
    Store(results).save(spec(), *good(spec()))
    assert main(["report", "--results", str(results)]) == 0
    return results


@pytest.fixture(scope="module")
def table(reported: Path) -> pd.DataFrame:
    return pd.read_csv(reported / "tables" / "speed.csv")


def stored_table(results: Path) -> pd.DataFrame:
    timings = load_timings(results)
    assert timings is not None
    return speed_table(timings.blocks)


def test_has_the_documented_columns_and_a_row_an_operation(table: pd.DataFrame) -> None:
    assert list(table.columns) == COLUMNS
    found = list(zip(table["operation"], table["backend"], strict=True))
    assert set(found) == ROWS
    assert len(found) == len(ROWS)
    assert set(table["problem"]) == {PROBLEM}
    assert set(table["threads"]) == {1}


def test_times_are_times_and_ratios_those_to_the_compiled_residual(table: pd.DataFrame) -> None:
    """Ratios are one division: 1e-12 is rounding."""
    assert np.isfinite(table["milliseconds"]).all()
    assert (table["milliseconds"] > 0.0).all()
    base = table[(table["operation"] == "residual") & (table["backend"] == "compiled")]
    assert base["ratio_to_residual"].tolist() == [1.0]
    expected = table["milliseconds"] / base["milliseconds"].item()
    np.testing.assert_allclose(table["ratio_to_residual"], expected, rtol=1e-12)


def test_the_table_for_reading_names_machine_and_operations(reported: Path) -> None:
    text = (reported / "tables" / "speed.md").read_text()
    assert "Machine: " in text
    assert f"## {PROBLEM}" in text
    for operation, backend in ROWS:
        assert any(line.split("|")[1:3] == [operation, backend] for line in _stripped(text)), (operation, backend)


def _stripped(text: str) -> list[str]:
    return ["|".join(cell.strip() for cell in line.split("|")) for line in text.splitlines()]


def test_the_report_makes_the_same_of_the_same_timings_and_nothing_of_none(reported: Path) -> None:
    files = [*(reported / "tables").glob("speed.*"), *(reported / "figures" / "speed").glob("*")]
    before = {path: path.read_bytes() for path in files}
    kinds = {f"{name}.{kind}" for name in ("speed", "exchange-rates") for kind in ("pdf", "png")}
    assert {path.name for path in before} == kinds | {"speed.csv", "speed.md"}
    assert main(["report", "--results", str(reported)]) == 0
    assert {path: path.read_bytes() for path in files} == before
    assert main(["report", "--results", str(reported), "--methods", spec().method]) == 0
    assert not list((reported / "narrowed").rglob("speed*"))


def test_timings_are_stored_as_measured_and_told_with_where_they_come_from(tmp_path: Path) -> None:
    made = {"commit": "abc", "dirty": True, "cpu": "An abacus", "cores": 3, "python": "3.0", "date": "1900-01-01"}
    made |= {"packages": {"numpy": "0.1", "torch": None}}
    block = Block(PROBLEM, 1, [Timing("residual", "compiled", 0.1 + 0.2), Timing("gradient", "torch", 3.0)])
    store_timings(tmp_path, StoredTimings((block,), made, quick=True))
    timings = load_timings(tmp_path)
    assert timings is not None
    assert (timings.blocks, timings.provenance, timings.quick) == ((block,), made, True)
    text = speed_markdown(StoredTimings((block._replace(problem="m1-a-light"),), timings.provenance, timings.quick))
    assert (
        "Machine: An abacus, 3 cores; Python 3.0, numpy 0.1; commit abc with uncommitted changes; 1900-01-01." in text
    )
    assert "each is called twice" in text


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"blocks": 3, "provenance": {}, "quick": false}'])
def test_damaged_timings_are_missing_with_a_warning(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = timings_path(tmp_path)
    assert load_timings(tmp_path) is None
    assert not caplog.messages
    path.parent.mkdir()
    path.write_bytes(content)
    assert load_timings(tmp_path) is None
    assert "speed.json is damaged" in caplog.text


def test_threads_are_limited_and_ratios_taken_within_a_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = []

    def worker(arguments: list[str], env: dict[str, str], check: bool) -> subprocess.CompletedProcess[bytes]:
        count = int(env["OMP_NUM_THREADS"])
        assert all(env[name] == str(count) for name in THREAD_LIMITS)
        assert not list(Path(env["NUMBA_CACHE_DIR"]).iterdir())
        folders.append(env["NUMBA_CACHE_DIR"])
        timings = [("residual", "compiled", 2.0 * count), ("residual", "torch", 6.0), ("gradient", "compiled", 3.0)]
        Path(arguments[-1]).write_text(json.dumps(timings))
        return subprocess.CompletedProcess(arguments, 0)

    monkeypatch.setattr(campaign, "subprocess", SimpleNamespace(run=worker))
    light = "m1-a-light"  # no problem that prices come from, which take more timings than these
    assert main(["speed", "--problems", light, light, "--threads", "1", "2", "--results", str(tmp_path)]) == 0
    table = stored_table(tmp_path)
    assert table["threads"].tolist() == [1, 1, 1, 2, 2, 2]
    assert table["milliseconds"].tolist() == [2.0, 6.0, 3.0, 4.0, 6.0, 3.0]
    assert table["ratio_to_residual"].tolist() == [1.0, 3.0, 1.5, 1.0, 1.5, 0.75]
    assert len(set(folders)) == 2
    assert "|residual|torch|6|3|6|1.5|" in "\n".join(_stripped(capsys.readouterr().out))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--problems", "m7-a-published"], "unknown problem 'm7-a-published'"),
        (["--problems", PROBLEM, "--threads", "1", "0"], "--threads 0"),
    ],
)
def test_a_users_error_is_one_line_and_writes_nothing(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results"
    assert main(["speed", *arguments, "--results", str(results)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert says in error
    assert error.count("\n") == 1
    assert not results.exists()


def test_a_process_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    assert main(["speed", "--problems", PROBLEM, "--results", str(tmp_path / "results")]) == 2
    assert f"timing {PROBLEM} on 1 thread ended with status 1" in capsys.readouterr().err
    assert not (tmp_path / "results").exists()


def test_an_interrupt_does_not_promise_what_speed_cannot_keep(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(speed, "speed", interrupt)
    assert main(["speed"]) == 130
    assert "no timing was stored" in capsys.readouterr().err
