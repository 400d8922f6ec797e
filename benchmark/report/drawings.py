"""Figures to be drawn, and having them drawn: in a few processes where there are many."""

from __future__ import annotations

import gc
import os
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

from benchmark.stopping import leave_stopping_to_parent

Files = dict[str, bytes]

FIGURES_A_PROCESS = 4  # fewer are drawn in the time that a process takes to start


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure to be drawn.

    Attributes
    ----------
    name
        Name of its files, without what tells their kinds apart.
    kind
        Which of the figures it is.
    arguments
        What it shows.
    """

    name: str
    kind: str
    arguments: tuple[Any, ...]

    def files(self) -> Files:
        """Draw it: content by file name."""
        from benchmark.report.figures import draw  # here, as the process that has it drawn elsewhere needs it not

        return {f"{self.name}.{ending}": content for ending, content in draw(self).items()}


class Drawers:
    """Draws figures, in this process or in others; for use in a ``with`` statement.

    Parameters
    ----------
    processes
        How many processes draw; 1 for this one alone.
    """

    def __init__(self, processes: int) -> None:
        self._pool: ProcessPoolExecutor | None = None
        if processes > 1:
            self._pool = ProcessPoolExecutor(processes, get_context("spawn"), leave_stopping_to_parent)
            for _ in range(processes):  # they load their libraries while the runs are read
                self._pool.submit(_prepared)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def draw(self, drawing: Drawing) -> Future[Files]:
        """Have a figure drawn: content by file name, when it is done."""
        if self._pool is not None:
            return self._pool.submit(drawing.files)
        done: Future[Files] = Future()
        done.set_result(drawing.files())
        return done


def drawing_processes(figures: int) -> int:
    """How many processes are worth their start for a number of figures."""
    return max(1, min(os.cpu_count() or 1, figures // FIGURES_A_PROCESS))


def _prepared() -> None:
    import benchmark.report.figures  # noqa: F401

    gc.freeze()  # what libraries made stays: the collector need not look at it again and again
