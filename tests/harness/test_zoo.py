"""Methods that misbehave, in one campaign of the real command beside a good one: each becomes a row that says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil
import pytest

from benchmark.harness.row import SETTLED, Row
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import load_rows, load_trace
from benchmark.harness.workers.pool import WorkerPool
from tests.harness.conftest import SitePackages

ZOO = Path(__file__).parent / "zoo"
GOOD = "gauss_newton"
AGAIN = "again"  # the same, under another name, after all the others
BUDGET_S, EVALUATIONS, MEMORY_GIB = 2.0, 60, 1.5
LATE_S = 5.0
SETTINGS = f"--problems m1-a-published --seeds 0 --budget {BUDGET_S} --memory {MEMORY_GIB} --jobs 2 --no-report"


class Ending(NamedTuple):
    """How a run is to end.

    Attributes
    ----------
    status
        Its status, as row.py defines it.
    says
        Its message: a pattern for all of it.
    """

    status: str
    says: str = ""


PLACE = r" \(\w+\.py, line \d+\)"
LATE = "ended from outside, as it was still at it: the method, 4 s beyond its budget"
# In an order in which those that only wait share the cores with those that compute.
ENDINGS = {
    "raises": Ending("failed", "ArithmeticError: no such luck" + PLACE),
    "exits_by_exception": Ending("failed", "SystemExit: enough" + PLACE),
    "is_deaf": Ending("killed", LATE),
    "exits_at_once": Ending("failed", "the process ended with exit status 3"),
    "crashes": Ending("failed", "the process ended with signal 11"),
    "closes_files": Ending("failed", "the process ended with exit status 1: the line to the benchmark is cut: .*"),
    "burns": Ending("killed", LATE),
    "evaluates_wrong_shape": Ending("failed", r"ValueError: .* shape \(68,\) .* expected \(69,\)" + PLACE),
    "returns_wrong_shape": Ending("failed", r"the method returned an array of shape \(70,\): expected \(69,\)"),
    "returns_out_of_bounds": Ending("failed", r"the method returned humerus.mass = .* out of its bounds \[.*\]"),
    "returns_nan": Ending("diverged", "the method returned humerus.mass = nan .*, which is no finite number"),
    "reports_without_end": Ending("killed", LATE),
    "records_zero": Ending("failed", "recorded was a loss of 0 .*: the reference back end finds .* there"),
    "allocates": Ending("out of memory", "it took more than 1.5 GiB"),
    # A claim is nothing that counts, so that the run has converged, however badly; what it leaves is tidied up.
    "claims_zero": Ending("converged", "the method claims a loss of 0.0: the harness finds .*"),
    "shouts": Ending("converged"),
    "comes_back_twice": Ending("converged", "(processes that it left behind and that were ended: .*)?"),
    "leaves_children": Ending("converged", "processes that it left behind and that were ended: 4"),
    "moves": Ending("converged", "left changed in its process: working directory, environment, import path, numpy.*"),
    "goes_on_behind": Ending("converged", "left changed in its process: threads"),
}
BAD = tuple(ENDINGS)
ALL = (GOOD, *BAD, AGAIN)
CLOCKS = ("import_s", "build_s", "compile_s", "solve_s", "solve_cpu_s", "overhead_s", "wall_s", "peak_memory_mib")


class Zoo:
    """The methods, installed as those of another package, and a results folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self.results = folder / "results"
        files = {f"arm_zoo/{path.name}": path.read_text() for path in ZOO.glob("*.py")}
        site = SitePackages(folder / "site-packages", monkeypatch)
        site.install("arm-zoo", {name: f"arm_zoo.{name}" for name in (*BAD, AGAIN)}, files)

    def command(self, command: str, methods: Sequence[str]) -> str:
        """Give the command; return what it prints."""
        asked = [sys.executable, "-m", "benchmark", command, *methods, "--suite", "smoke", *SETTINGS.split()]
        done = subprocess.run(
            [*asked, "--evaluations", str(EVALUATIONS), "--results", str(self.results)],
            cwd=self._folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    @property
    def rows(self) -> dict[str, Row]:
        return {row["method"]: row for row in load_rows(self.results)}

    @property
    def stamps(self) -> dict[str, int]:
        """When each method's row was written."""
        return {path.name.partition("-")[0]: path.stat().st_mtime_ns for path in self.results.rglob("*.json")}

    def left_over(self) -> list[str]:
        """Command lines of processes that show, in these or in their environments, that they come from here."""
        return [" ".join(told) for told in map(_told, psutil.process_iter()) if str(self._folder) in " ".join(told)]


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        zoo = Zoo(tmp_path_factory.mktemp("zoo"), monkeypatch)
        zoo.command("run", ALL)
        yield zoo


@pytest.mark.parametrize("method", BAD)
def test_every_run_ends_as_it_is_to_and_says_how(zoo: Zoo, method: str) -> None:
    row = zoo.rows[method]
    assert row["status"] == ENDINGS[method].status, row["message"]
    assert re.fullmatch(ENDINGS[method].says, row["message"]), row["message"]


@pytest.mark.parametrize("method", ALL)
def test_every_run_ends_within_its_budget_and_five_seconds(zoo: Zoo, method: str) -> None:
    row = zoo.rows[method]
    assert 0.0 <= _solve_s(row) < BUDGET_S + LATE_S
    if row["status"] == "killed":
        assert _solve_s(row) > BUDGET_S


def test_the_good_runs_are_as_if_alone(zoo: Zoo) -> None:
    spec = RunSpec("smoke", "m1-a-published", GOOD, 0.1, 0, BUDGET_S, EVALUATIONS, memory_gib=MEMORY_GIB)
    with closing(WorkerPool()) as pool:
        alone, trace = pool.run(spec)
    others = {*CLOCKS, "provenance"}
    for method in (GOOD, AGAIN):
        row = zoo.rows[method]
        assert {name: row[name] for name in alone.keys() - others} == _plain(alone, others) | {"method": method}
        stored = load_trace(zoo.results, row)
        assert stored.keys() == trace.keys()
        assert all(np.array_equal(stored[name], trace[name]) for name in trace.keys() - {"seconds"})


def test_what_is_made_of_a_bad_run_is_true(zoo: Zoo) -> None:
    """However it ended and whatever it claims: the loss is that of the best point that the harness saw."""
    rows = zoo.rows
    for method in ("raises", "burns", "reports_without_end", "records_zero", "returns_nan", "goes_on_behind"):
        assert rows[method]["loss"] == rows[method]["loss_start"] == rows[GOOD]["loss_start"]
    assert rows["claims_zero"]["loss"] > rows[GOOD]["loss_start"]
    assert rows["burns"]["evaluations"] == 1
    assert rows["goes_on_behind"]["evaluations"] <= EVALUATIONS


def test_nobody_takes_much_more_memory_than_allowed(zoo: Zoo) -> None:
    """Memory is looked at ten times a second."""
    assert all(row["peak_memory_mib"] < 2.0 * MEMORY_GIB * 1024 for row in zoo.rows.values())


def test_nothing_is_left_over(zoo: Zoo) -> None:
    assert zoo.left_over() == []


def test_what_is_left_over_would_be_found(zoo: Zoo) -> None:
    sleeper = [sys.executable, "-S", "-c", "import time; time.sleep(3600)"]
    for shown in ({"args": [*sleeper, str(zoo.results)]}, {"args": sleeper, "env": {"FROM": str(zoo.results)}}):
        with subprocess.Popen(**shown) as process:
            while not (found := zoo.left_over()):
                time.sleep(0.01)
            process.kill()
        assert "time.sleep(3600)" in found[0]


def test_all_of_them_stand(zoo: Zoo) -> None:
    before = zoo.stamps
    assert zoo.command("run", ALL).splitlines() == [
        f"suite smoke: {len(ALL)} runs, {len(ALL)} of them stored and up to date"
    ]
    assert zoo.stamps == before


def test_those_that_failed_and_no_others_are_run_again(zoo: Zoo) -> None:
    before = zoo.stamps
    assert "1 runs done, 1 of them without a result" in zoo.command("rerun-failed", (GOOD, "raises", "claims_zero"))
    assert {name for name, stamp in zoo.stamps.items() if stamp != before[name]} == {"raises"}
    assert ENDINGS["raises"].status not in SETTLED


def _solve_s(row: Row) -> float:
    """What a run took: by its own clock, or by that of who watched over it if its process is gone."""
    if row["status"] != "killed" and row["solve_s"] is not None:
        return float(row["solve_s"])
    return float(row["wall_s"] - row["import_s"] - sum(row[name] or 0.0 for name in ("build_s", "compile_s")))


def _plain(row: Row, without: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in without}


def _told(process: psutil.Process) -> list[str]:
    """Command line and environment of a process; nothing of this one, of others', and of those that are gone."""
    told: list[str] = []
    with suppress(psutil.Error, OSError):
        if process.pid != os.getpid():
            told += process.cmdline()
            told += process.environ().values()
    return told
