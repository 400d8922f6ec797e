"""What a campaign tells of itself: to people at a terminal, in logs, to programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from benchmark.cli import main
from benchmark.commands import run as run_command
from benchmark.harness.progress import Kind, Progress, make_progress
from benchmark.harness.progress.overview import Best, Overview
from benchmark.harness.progress.time_left import TimeLeft
from benchmark.harness.spec import RunSpec
from benchmark.report import report
from tests.harness.dummies import spec
from tests.harness.endings import ended

RUNS = [spec("torch_adam", 3), spec("lbfgs", 4), spec("lbfgs", 5)]


def _three_runs(progress: Progress) -> None:
    """One with a result, one without, and one that was done elsewhere."""
    with progress:
        progress.started(RUNS[0])
        progress.finished(RUNS[0], ended("budget"))
        progress.started(RUNS[1])
        progress.finished(RUNS[1], ended("failed", None, "ValueError:\n [x]", loss=None))
        progress.elsewhere(RUNS[2])


def _told(kind: Kind, tell: Callable[[Progress], None] = _three_runs, runs: list[RunSpec] = RUNS) -> list[str]:
    """Lines printed where there is no terminal."""
    text = StringIO()
    tell(make_progress(kind, runs, 1, "tiny", stored=7, console=Console(file=text, soft_wrap=True, width=40)))
    return text.getvalue().splitlines()


def test_tells_a_finished_run_in_a_line() -> None:
    assert _told("people") == [
        "suite tiny: 10 runs, 7 of them stored and up to date",
        "[1/3] m1-a-published torch_adam 10 % seed 3: loss 1.2e-06, Cr2m 9.1 -> 1.3 %, 0.0 s (12 s left)",
        "[2/3] m1-a-published lbfgs 10 % seed 4: failed (ValueError: [x]), 0.0 s (1 s left)",
        "[3/3] m1-a-published lbfgs 10 % seed 5: done by another process (0 s left)",
        "2 runs done, 1 of them without a result, 1 done by other processes",
    ]


def _nothing(progress: Progress) -> None:
    with progress:
        pass


def test_where_nothing_is_missing_a_line_says_so() -> None:
    assert _told("people", _nothing, []) == ["suite tiny: 7 runs, 7 of them stored and up to date"]
    assert [json.loads(line)["event"] for line in _told("json", _nothing, [])] == ["campaign", "end"]


def test_a_skipped_run_has_not_failed() -> None:
    def skipped(progress: Progress) -> None:
        with progress:
            progress.started(RUNS[0])
            progress.finished(RUNS[0], ended("skipped", None, "no Jacobian", loss=None))

    _, line, end = _told("people", skipped)
    assert "skipped (no Jacobian)" in line
    assert end == "1 runs done, 0 of them without a result"


def test_quiet_is_one_line() -> None:
    (line,) = _told("quiet")
    assert line == (
        "suite tiny: 7 runs were stored and up to date, 2 runs done, 1 of them without a result, "
        "1 done by other processes"
    )


def test_programs_get_an_object_a_line() -> None:
    """One line an event, however narrow the console is."""
    events = [json.loads(line) for line in _told("json")]
    assert [event["event"] for event in events] == [
        "campaign",
        "started",
        "finished",
        "started",
        "finished",
        "elsewhere",
        "end",
    ]
    campaign, started, finished, _, failed, elsewhere, end = events
    assert campaign == {"event": "campaign", "suite": "tiny", "runs": 10, "stored": 7}
    run = {
        "run": "m1-a-published/torch_adam-10-3",
        "suite": "tiny",
        "problem": "m1-a-published",
        "method": "torch_adam",
        "start_level": 0.1,
        "seed": 3,
    }
    assert started == {"event": "started", **run, "budget_s": 1.0}
    assert run.items() <= finished.items()
    ending = {"status": "budget", "objective_rad2_per_s4": 2.0, "cr2m_percent": 1.3, "wall_s": 0.5}
    assert ending.items() <= finished.items()
    assert finished["seconds_left"] == pytest.approx(12.0, abs=0.1)
    assert (finished["done"], finished["total"]) == (1, 3)
    assert (failed["status"], failed["message"]) == ("failed", "ValueError:\n [x]")
    assert failed["objective_rad2_per_s4"] is None
    assert elsewhere["run"] == "m1-a-published/lbfgs-10-5"
    assert elsewhere["done"] == 3
    assert end == {"event": "end", "done": 2, "failed": 1, "stored_elsewhere": 1}


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), -float("inf"), None])
def test_figures_that_are_not_finite_are_null(figure: float | None) -> None:
    def tell(progress: Progress) -> None:
        with progress:
            progress.started(RUNS[0])
            progress.finished(RUNS[0], ended(objective=figure, cr2m=figure, loss=figure))

    finished = json.loads(_told("json", tell)[2])
    assert finished["objective_rad2_per_s4"] is None
    assert finished["cr2m_percent"] is None


@pytest.mark.parametrize("kind", ["people", "json", "quiet"])
def test_the_end_is_told_even_if_it_is_early(kind: Kind) -> None:
    def stopped(progress: Progress) -> None:
        with suppress(KeyboardInterrupt), progress:
            progress.started(RUNS[0])
            progress.finished(RUNS[0], ended())
            raise KeyboardInterrupt

    last = _told(kind, stopped)[-1]
    assert "1 runs done" in last or json.loads(last)["done"] == 1


@pytest.mark.parametrize("command", ["run", "rerun-failed"])
@pytest.mark.parametrize(("option", "kind"), [("", "people"), ("--json", "json"), ("--quiet", "quiet")])
def test_the_command_line_says_for_whom(
    command: str,
    option: str,
    kind: Kind,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The report is made all the same, silently but for people."""
    done: list[object] = []

    def write_report(results: Path) -> list[str]:
        done.append(results)
        return ["a file"]

    monkeypatch.setattr(run_command, "run", lambda _, results, execution, reuse: done.append(execution.progress))
    monkeypatch.setattr(report, "write_report", write_report)
    monkeypatch.setattr(report, "summary_text", lambda *_: "medians of the suite")
    assert main([command, "all", *option.split(), "--results", str(tmp_path)]) == 0
    assert done == [kind, tmp_path]
    printed = capsys.readouterr().out
    assert ("medians of the suite" in printed) is (kind == "people")
    assert bool(printed) is (kind == "people")


def test_one_cannot_have_both(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "all", "--json", "--quiet"])
    assert "not allowed with argument" in capsys.readouterr().err


# A campaign that goes on long after its reader has enough.
CLOSED_PIPE = """
from benchmark.harness.progress import make_progress
from tests.harness.dummies import spec
from tests.harness.endings import ended

runs = [spec("lbfgs", seed) for seed in range(20000)]
with make_progress({kind!r}, runs, 1, "tiny") as progress:
    for run in runs:
        progress.elsewhere(run)
"""


@pytest.mark.parametrize("kind", ["json", "people"])
def test_a_closed_pipe_ends_quietly(kind: Kind) -> None:
    """As soon as ``head`` has its line: the campaign is of 4 MB, a pipe holds 64 kB."""
    command = [sys.executable, "-c", CLOSED_PIPE.format(kind=kind)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.stdout.close()
        assert b"tiny" in first
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


def test_the_best_is_the_lowest_objective_of_a_result() -> None:
    """The loss has another unit at every start; who did not deliver, or has no number, is not the best."""
    runs = [spec(method) for method in ("one", "two", "three", "four", "five")] + [spec("six", problem="m2-a-light")]
    rows = [
        ended(objective=3.0, loss=0.1),
        ended(objective=2.0, loss=0.9),
        ended("killed", objective=1.0),
        ended(objective=float("nan")),
        ended(objective=None),
        ended("budget", objective=9.0),
    ]
    overview = Overview(runs, 1)
    for run, row in zip(runs, rows, strict=True):
        overview.started(run)
        overview.finished(run, row)
    assert overview.standing.best == {"m1-a-published": Best(2.0, "two"), "m2-a-light": Best(9.0, "six")}


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
    assert left.running == ((spec("two", 0, budget_s=30.0), 20.0),)


def test_what_others_do_takes_no_time_here() -> None:
    left = TimeLeft([spec("one", 0), spec("one", 1, budget_s=20.0)], jobs=1)
    left.elsewhere(spec("one", 1, budget_s=20.0))
    assert left.seconds == pytest.approx(1.0 + 5.0)


def test_time_left_is_known_before_a_cluster_has_workers() -> None:
    assert TimeLeft([spec("one", 0)], jobs=0).seconds == pytest.approx(1.0 + 5.0)
