"""A live view on a terminal, below the lines of finished runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live as Display
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from benchmark.harness.progress.lines import Lines, time_left
from benchmark.harness.progress.overview import Overview, Standing
from benchmark.harness.row import Row
from benchmark.harness.spec import RunSpec

SHOWN = 16  # runs at a time; a cluster may have more than a screen has lines
BAR_WIDTH = 10
REFRESHES_PER_S = 2


class Live:
    """What runs now and since when, how much is done, what failed, the best so far and the time left.

    Parameters
    ----------
    overview
        The campaign's.
    lines
        Prints what stays above the view.
    console
        The terminal.
    clock
        Seconds, from any origin.
    """

    def __init__(
        self, overview: Overview, lines: Lines, console: Console, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._overview, self._lines, self._clock = overview, lines, clock
        self._began = clock()
        self._display = Display(
            get_renderable=self.view, console=console, refresh_per_second=REFRESHES_PER_S, transient=True
        )

    def __enter__(self) -> Self:
        self._lines.__enter__()
        self._began = self._clock()
        self._display.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._display.stop()
        self._lines.__exit__(kind, error, trace)

    def started(self, spec: RunSpec) -> None:
        """Show that a run began."""
        self._lines.started(spec)
        self._display.refresh()

    def finished(self, spec: RunSpec, row: Row) -> None:
        """Print how a run ended, above the view."""
        self._lines.finished(spec, row)
        self._display.refresh()

    def elsewhere(self, spec: RunSpec) -> None:
        """Print that another process has done a run, above the view."""
        self._lines.elsewhere(spec)
        self._display.refresh()

    def view(self) -> RenderableType:
        """The view as it is now."""
        standing = self._overview.standing
        return Group(self._summary(standing), *_running(standing), *_best(standing))

    def _summary(self, standing: Standing) -> RenderableType:
        parts = [
            f"{standing.over}/{standing.total} done",
            f"{standing.failed or 'none'} failed",
            f"{_clock_text(self._clock() - self._began)} so far",
            time_left(standing),
        ]
        summary = Table.grid(padding=(0, 2))
        bar = ProgressBar(total=standing.total, completed=standing.over, width=BAR_WIDTH)
        summary.add_row(bar, _line(", ".join(parts), "bold red" if standing.failed else "bold"))
        return summary


def _running(standing: Standing) -> Iterator[Text]:
    """A line a run: its time beside its budget, and its name."""
    for spec, elapsed in standing.running[:SHOWN]:
        yield _line(f"{_clock_text(elapsed):>7} of {_clock_text(spec.budget_s):<7} {spec.label}")
    if hidden := len(standing.running[SHOWN:]):
        yield _line(f"and {hidden} more")


def _best(standing: Standing) -> Iterator[Text]:
    """A line a problem."""
    for problem, (objective, method) in sorted(standing.best.items()):
        yield _line(f"best of {problem}: {objective:.3g} rad2/s4, {method}", "dim")


def _line(text: str, style: str = "") -> Text:
    return Text(text, style, no_wrap=True, overflow="ellipsis")


def _clock_text(seconds: float) -> str:
    """Seconds as a clock shows them, such as 1:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
