"""The whole report from stored runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import psutil
import pytest

from benchmark.problem.start_level import UNIFORM
from benchmark.report.drawings import drawing_processes
from benchmark.report.report import write_report

from .latex_rules import assert_sound
from .synthetic import spec, store_failure, store_run

MANY_METHODS = ("from_truth", "torch_adam")
SHOWN = ("boxplots", "accuracy-against-time", "heldout", "convergence")


def figure_names(results: Path, suite: str) -> set[str]:
    return {path.name for path in (results / "figures" / suite).glob("*")}


def both(*names: str) -> set[str]:
    return {f"{name}.{kind}" for name in names for kind in ("pdf", "png")}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paper suite with a failed run, and a suite of several methods that has uniform starts, too."""
    folder = tmp_path_factory.mktemp("results")
    for problem in ("m1-a-published", "m2-a-published"):
        for seed in range(2):
            store_run(folder, spec(problem, seed=seed))
        for method in MANY_METHODS:
            for level in (0.1, UNIFORM):
                store_run(folder, spec(problem, method, suite="default", start_level=level))
    store_failure(folder, spec(seed=2))
    return folder


@pytest.fixture(scope="module")
def written(results: Path) -> dict[Path, bytes]:
    """Content of the files that the report names."""
    return {path: path.read_bytes() for path in write_report(results, processes=1)}


def test_report_writes_all_tables_and_figures(results: Path, written: dict[Path, bytes]) -> None:
    assert all(written.values())
    tables = {path.name for path in (results / "tables").glob("*")}
    suites = ("paper", "default")
    own = {"epochs", *(f"summary-{suite}" for suite in suites)}
    written_thrice = {f"{name}.{kind}" for name in own for kind in ("csv", "md", "tex")}
    assert tables >= written_thrice | {"runs.csv"} | {f"provenance-{suite}.md" for suite in suites}
    assert figure_names(results, "paper") == both(*SHOWN, "parameters", "parameter-errors", "waterfall")
    of_methods = (f"parameters-{method}" for method in MANY_METHODS)
    of_problems = (f"parameter-errors-{problem}" for problem in ("m1-a-published", "m2-a-published"))
    assert figure_names(results, "default") == both(*SHOWN, *of_methods, *of_problems)


def test_report_leaves_nothing_but_the_files_it_names(results: Path, written: dict[Path, bytes]) -> None:
    found = {path for path in results.rglob("*") if path.is_file() and "runs" not in path.parts}
    assert found == set(written)


def test_every_table_for_papers_is_sound(written: dict[Path, bytes]) -> None:
    tables = [content.decode() for path, content in written.items() if path.suffix == ".tex"]
    assert len(tables) > 3
    for table in tables:
        assert_sound(table)


def test_same_rows_give_the_same_bytes_whoever_draws(results: Path, written: dict[Path, bytes]) -> None:
    assert {path: path.read_bytes() for path in write_report(results, processes=2)} == written
    assert active_children() == []


def test_many_figures_are_worth_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert [drawing_processes(figures) for figures in (0, 4, 8, 1000)] == [1, 1, 2, 3]


def test_processes_end_with_the_one_that_started_them_even_if_it_is_killed() -> None:
    code = "import time; from benchmark.report.drawings import Drawers; d = Drawers(2); time.sleep(60)"
    until = time.monotonic() + 30.0
    drawers: list[psutil.Process] = []
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        while len(drawers) < 2 and time.monotonic() < until:
            time.sleep(0.05)
            drawers = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    assert len(drawers) >= 2
    assert psutil.wait_procs(drawers, timeout=20.0)[1] == []
