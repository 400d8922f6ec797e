"""The live view of a campaign."""

from __future__ import annotations

import sys
import threading
from io import StringIO

import pytest
from rich.console import Console

from benchmark.harness.progress import make_progress
from benchmark.harness.progress.lines import Lines
from benchmark.harness.progress.live import SHOWN, Live
from benchmark.harness.progress.overview import Overview
from benchmark.harness.spec import RunSpec
from tests.harness.dummies import spec
from tests.harness.endings import ended

RUNS = [spec("torch_adam", 3), spec("lbfgs", 4), spec("lbfgs", 5)]


def _view(live: Live, width: int = 80) -> list[str]:
    text = StringIO()
    Console(file=text, width=width).print(live.view())
    return [line.rstrip() for line in text.getvalue().splitlines()]


class Terminal:
    """A live view of a campaign on a terminal that is a text, with a clock set by hand."""

    def __init__(self, runs: list[RunSpec]) -> None:
        self.now = 0.0
        self.text = StringIO()
        console = Console(
            file=self.text, force_terminal=True, width=80, highlight=False, soft_wrap=True, _environ={"TERM": "xterm"}
        )
        overview = Overview(runs, 1, lambda: self.now)
        self.live = Live(overview, Lines(overview, "tiny", 0, console), console, lambda: self.now)


def test_a_live_view_shows_what_runs_and_how_it_stands() -> None:
    terminal = Terminal(RUNS)
    with terminal.live as live:
        live.started(RUNS[0])
        terminal.now = 61.0
        live.finished(RUNS[0], ended(objective=2.5e-4))
        live.started(RUNS[1])
        terminal.now = 62.5
        summary, running, best = _view(live)
        assert "1/3 done, none failed, 1:02 so far, 11 s left" in summary
        assert running.split() == ["0:01", "of", "0:01", "m1-a-published", "lbfgs", "10", "%", "seed", "4"]
        assert best == "best of m1-a-published: 0.00025 rad2/s4, torch_adam"
        live.finished(RUNS[1], ended("killed", None, "no end", loss=None))
        summary, best = _view(live)
        assert "2/3 done, 1 failed" in summary
    assert "[1/3] m1-a-published torch_adam" in terminal.text.getvalue()
    assert "2 runs done, 1 of them without a result" in terminal.text.getvalue()


def test_a_live_view_fits_on_a_narrow_terminal() -> None:
    runs = [spec("a_method_with_a_very_long_name", seed) for seed in range(SHOWN + 3)]
    terminal = Terminal(runs)
    with terminal.live as live:
        for run in runs:
            live.started(run)
        lines = _view(live, width=40)
    assert len(lines) == 1 + SHOWN + 1
    assert max(map(len, lines)) <= 40
    assert lines[-1] == "and 3 more"


def test_a_live_view_may_be_drawn_while_runs_come_and_go() -> None:
    """Threads take turns as often as they can."""
    runs = [spec("lbfgs", seed) for seed in range(2000)]
    overview = Overview(runs, 1)
    live = Live(overview, Lines(overview, "tiny", 0, Console(file=StringIO())), Console(file=StringIO()))
    stop, errors = threading.Event(), list[Exception]()

    def draw() -> None:
        while not stop.is_set():
            try:
                live.view()
            except Exception as error:
                errors.append(error)

    thread, interval = threading.Thread(target=draw), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        thread.start()
        for run in runs:
            overview.started(run)
        for run in runs:
            overview.finished(run, ended())
    finally:
        stop.set()
        thread.join()
        sys.setswitchinterval(interval)
    assert errors == []


@pytest.mark.parametrize(
    ("terminal", "environment", "expected"),
    [(True, {"TERM": "xterm"}, Live), (True, {"TERM": "dumb"}, Lines), (False, {}, Lines)],
)
def test_the_view_is_live_on_a_terminal_that_can(
    terminal: bool, environment: dict[str, str], expected: type[object]
) -> None:
    console = Console(file=StringIO(), force_terminal=terminal, _environ=environment)
    assert type(make_progress("people", RUNS, 1, "tiny", console=console)) is expected
