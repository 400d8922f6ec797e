"""Progress in plain lines: one a finished run, or one at the end."""

from __future__ import annotations

import math
from types import TracebackType
from typing import Self

from rich.console import Console

from benchmark.harness.progress.overview import Overview, Standing
from benchmark.harness.row import DELIVERED, Row
from benchmark.harness.spec import RunSpec


class Lines:
    """A line at the beginning, one a finished run, and one at the end.

    Parameters
    ----------
    overview
        The campaign's.
    suite
        Name of the suite.
    stored
        How many of its runs stand already.
    console
        Where to print.
    """

    def __init__(self, overview: Overview, suite: str, stored: int, console: Console) -> None:
        self._overview, self._console = overview, console
        self._suite, self._stored = suite, stored

    def __enter__(self) -> Self:
        runs = self._stored + self._overview.standing.total
        self._print(f"suite {self._suite}: {runs} runs, {self._stored} of them stored and up to date")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        standing = self._overview.standing
        if standing.total:
            self._print(outcome(standing))

    def started(self, spec: RunSpec) -> None:
        """Note that a run began; nothing is printed."""
        self._overview.started(spec)

    def finished(self, spec: RunSpec, row: Row) -> None:
        """Print how a run ended."""
        took = self._overview.finished(spec, row)
        self._print_over(f"{spec.label}: {_ending(row)}, {took:.1f} s")

    def elsewhere(self, spec: RunSpec) -> None:
        """Print that another process has done a run."""
        self._overview.elsewhere(spec)
        self._print_over(f"{spec.label}: done by another process")

    def _print_over(self, text: str) -> None:
        standing = self._overview.standing
        self._print(f"[{standing.over}/{standing.total}] {text} ({time_left(standing)})")

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False)


class Quiet:
    """A line at the end, and nothing else.

    Parameters
    ----------
    overview
        The campaign's.
    suite
        Name of the suite.
    stored
        How many of its runs stand already.
    console
        Where to print.
    """

    def __init__(self, overview: Overview, suite: str, stored: int, console: Console) -> None:
        self._overview, self._console = overview, console
        self._suite, self._stored = suite, stored

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        text = (
            f"suite {self._suite}: {self._stored} runs were stored and up to date, {outcome(self._overview.standing)}"
        )
        self._console.print(text, markup=False)

    def started(self, spec: RunSpec) -> None:
        """Note that a run began."""
        self._overview.started(spec)

    def finished(self, spec: RunSpec, row: Row) -> None:
        """Note how a run ended."""
        self._overview.finished(spec, row)

    def elsewhere(self, spec: RunSpec) -> None:
        """Note that another process has done a run."""
        self._overview.elsewhere(spec)


def outcome(standing: Standing) -> str:
    """What became of the runs, in words."""
    others = f", {standing.elsewhere} done by other processes" if standing.elsewhere else ""
    return f"{standing.done} runs done, {standing.failed} of them without a result{others}"


def time_left(standing: Standing) -> str:
    """The time left, in words."""
    seconds = standing.seconds_left
    return f"{math.ceil(seconds / 60)} min left" if seconds > 60 else f"{math.ceil(seconds)} s left"


def _ending(row: Row) -> str:
    """How a run ended: its figures, or why it has no result."""
    if row["status"] not in DELIVERED or row.get("loss") is None or row.get("cr2m") is None:
        return f"{row['status']} ({' '.join(row['message'].split())})"
    return f"loss {row['loss']:.2g}, Cr2m {row['cr2m_start']:.1f} -> {row['cr2m']:.1f} %"
