"""Progress of a campaign, for people at a terminal, for logs and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Literal, Protocol, Self

from rich.console import Console

from benchmark.harness.progress.json_lines import JsonLines
from benchmark.harness.progress.lines import Lines, Quiet
from benchmark.harness.progress.live import Live
from benchmark.harness.progress.overview import Overview
from benchmark.harness.row import Row
from benchmark.harness.spec import RunSpec

Kind = Literal["people", "json", "quiet"]


class Progress(Protocol):
    """Is told what a campaign does, while it is entered as a context."""

    def __enter__(self) -> Self:
        """The campaign begins."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """It ends, with all runs or without."""

    def started(self, spec: RunSpec) -> None:
        """A run began."""

    def finished(self, spec: RunSpec, row: Row) -> None:
        """A run that had begun ended, and this is its row."""

    def elsewhere(self, spec: RunSpec) -> None:
        """A run that had not begun here was done by another process on the same results folder."""


def make_progress(
    kind: Kind, specs: Sequence[RunSpec], jobs: int, suite: str, stored: int = 0, console: Console | None = None
) -> Progress:
    """Progress of a campaign.

    Parameters
    ----------
    kind
        ``people``: a live view on a terminal, plain lines elsewhere; ``json``: an object a line, for programs;
        ``quiet``: a line at the end.
    specs
        The runs to do.
    jobs
        How many are done at a time.
    suite
        Name of the suite.
    stored
        How many of its runs stand already.
    console
        Where to tell it; standard output by default.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    overview = Overview(specs, jobs)
    if kind == "json":
        return JsonLines(overview, suite, stored, console)
    if kind == "quiet":
        return Quiet(overview, suite, stored, console)
    lines = Lines(overview, suite, stored, console)
    can_move = console.is_terminal and not console.is_dumb_terminal
    return Live(overview, lines, console) if specs and can_move else lines
