"""Progress of a campaign: a live bar on a terminal, one plain line a finished run everywhere."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Column

from benchmark.harness.row import Row
from benchmark.harness.spec import RunSpec

OVERHEAD_S = 5.0  # guessed for a method that has not been seen yet: building, and evaluating what was found


class TimeLeft:
    """Estimates the time left from the runs that are finished, and from budgets for methods not seen yet.

    Parameters
    ----------
    specs
        The runs to do.
    jobs
        How many are done at a time.
    clock
        Seconds, from any origin.
    """

    def __init__(self, specs: Sequence[RunSpec], jobs: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._waiting = set(specs)
        self._jobs = jobs
        self._clock = clock
        self._began: dict[RunSpec, float] = {}
        self._took: dict[tuple[str, str], list[float]] = defaultdict(list)

    def started(self, spec: RunSpec) -> None:
        """Note that a run began."""
        self._waiting.discard(spec)
        self._began[spec] = self._clock()

    def finished(self, spec: RunSpec) -> float:
        """Note that a run ended; return how many seconds it took."""
        took = self._clock() - self._began.pop(spec)
        self._took[spec.problem, spec.method].append(took)
        return took

    @property
    def running(self) -> tuple[RunSpec, ...]:
        """What runs now."""
        return tuple(self._began)

    @property
    def seconds(self) -> float:
        """Seconds until all runs are done, as far as one can tell."""
        now = self._clock()
        under_way = [max(0.0, self._expected(spec) - (now - began)) for spec, began in self._began.items()]
        total = sum(under_way) + sum(self._expected(spec) for spec in self._waiting)
        return max(total / self._jobs, max(under_way, default=0.0))

    def _expected(self, spec: RunSpec) -> float:
        took = self._took.get((spec.problem, spec.method))
        return sum(took) / len(took) if took else spec.budget_s + OVERHEAD_S


class Progress:
    """Tells what is done, what runs, the best so far and the time left.

    Parameters
    ----------
    specs
        The runs to do.
    jobs
        How many are done at a time.
    console
        Where to tell it; standard output by default.
    """

    def __init__(self, specs: Sequence[RunSpec], jobs: int, console: Console | None = None) -> None:
        self._total = len(specs)
        self._done = 0
        self._left = TimeLeft(specs, jobs)
        self._best: dict[str, tuple[float, str]] = {}
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._bar = Bar(
            MofNCompleteColumn(),
            BarColumn(bar_width=10),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.description}", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
            expand=True,
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID = self._bar.add_task("", total=self._total, left="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def started(self, spec: RunSpec) -> None:
        """Show that a run began."""
        self._left.started(spec)
        self._update_bar()

    def finished(self, spec: RunSpec, row: Row) -> None:
        """Show how a run ended."""
        took = self._left.finished(spec)
        self._done += 1
        loss = row.get("loss")
        if loss is not None and loss < self._best.get(spec.problem, (math.inf, ""))[0]:
            self._best[spec.problem] = (loss, spec.method)
        line = f"[{self._done}/{self._total}] {spec.label}: {_ending(row)}, {took:.1f} s ({self._time_left()})"
        self._console.print(line, markup=False)
        self._update_bar()

    def _update_bar(self) -> None:
        running = ", ".join(f"{spec.method} {spec.seed}" for spec in self._left.running)
        best = "; ".join(f"{problem} {loss:.3g} ({method})" for problem, (loss, method) in self._best.items())
        text = " | ".join(part for part in (running, f"best {best}" if best else "") if part)
        self._bar.update(self._task, completed=self._done, description=escape(text), left=self._time_left())

    def _time_left(self) -> str:
        seconds = self._left.seconds
        return f"{math.ceil(seconds / 60)} min left" if seconds > 60 else f"{math.ceil(seconds)} s left"


def _ending(row: Row) -> str:
    """How a run ended: its figures, or why there are none."""
    if row.get("loss") is None or row.get("cr2m") is None:
        return f"{row['status']} ({row['message']})"
    return f"loss {row['loss']:.2g}, Cr2m {row['cr2m_start']:.1f} -> {row['cr2m']:.1f} %"
