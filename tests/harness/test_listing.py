"""``list runs`` on a few stored rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmark.cli import main
from benchmark.harness.store import Store
from tests.harness.dummies import spec

OBJECTIVE = "objective_rad2_per_s4"


def store(results: Path, seed: int, status: str, objective: float | None = None, **others: Any) -> None:
    run = spec(seed=seed, **others)
    names = ("suite", "problem", "method", "start_level", "seed")
    Store(results).save(
        run, {name: getattr(run, name) for name in names} | {"status": status, OBJECTIVE: objective}, {}
    )


def listed(results: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[list[str]]:
    """Words of the lines of the table below its headings."""
    assert main(["list", "runs", "--results", str(results), *arguments]) == 0
    return [line.split() for line in capsys.readouterr().out.splitlines()[2:] if not line.startswith("---")]


def test_runs_are_counted_by_how_they_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed, status in enumerate(["killed", "converged", "vanished", "out of memory", "converged"]):
        store(tmp_path, seed, status, 2.5e-12 / (1 + seed))
    store(tmp_path, 0, "skipped", start_level="uniform")
    assert main(["list", "runs", "--results", str(tmp_path)]) == 0
    header = capsys.readouterr().out.splitlines()[0]
    assert header.split("runs")[1].split("best")[0].split() == (
        ["converged", "skipped", "out", "of", "memory", "killed", "vanished"]
    )
    assert header.endswith("best objective (rad2/s4)")
    assert listed(tmp_path, capsys) == [
        ["tiny", "m1-a-published", "good", "10", "%", "5", "2", "1", "1", "1", "5e-13"],
        ["tiny", "m1-a-published", "good", "uniform", "1", "1", "-"],
        ["total", "6", "2", "1", "1", "1", "1"],
    ]


def test_the_best_is_of_runs_that_delivered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed, (status, objective) in enumerate([("budget", 3.0), ("diverged", 1.0), ("converged", None)]):
        store(tmp_path, seed, status, objective)
    assert listed(tmp_path, capsys)[0][-1] == "3"


def test_one_suite_may_be_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(tmp_path, 0, "budget", 1.0)
    store(tmp_path, 0, "budget", 1.0, suite="other")
    assert [line[0] for line in listed(tmp_path, capsys)] == ["other", "tiny", "total"]
    assert [line[0] for line in listed(tmp_path, capsys, "--suite", "tiny")] == ["tiny", "total"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["runs", "--suite", "tyni"], "no runs of suite 'tyni' in {}: there are those of tiny"),
        (["runs", "--results", "nowhere"], "no runs in nowhere: make them with"),
        (["suites", "--suite", "tiny"], "use list runs --suite tiny"),
    ],
)
def test_what_cannot_be_listed_is_told(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(tmp_path, 0, "budget", 1.0)
    assert main(["list", "--results", str(tmp_path), *arguments]) == 2
    printed = capsys.readouterr().err
    assert says.format(tmp_path) in printed
    assert printed.count("\n") == 1


def test_list_without_a_kind_leaves_runs_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--results", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "torch_adam" in printed
    assert "best objective" not in printed


def test_listing_runs_loads_no_large_library(tmp_path: Path) -> None:
    store(tmp_path, 0, "budget", 1.0)
    code = (
        f"import sys; from benchmark.cli import main; main(['list', 'runs', '--results', {str(tmp_path)!r}]); "
        "print([name for name in ('torch', 'matplotlib', 'pandas', 'scipy', 'numba', 'casadi') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
