"""The report: all tables and figures, from stored rows and traces alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from benchmark.harness.files import write_atomically
from benchmark.harness.row import Row
from benchmark.harness.store import load_rows, load_trace
from benchmark.problem.targets import Targets, load_targets
from benchmark.report.drawings import Drawers, Files, drawing_processes, drawings
from benchmark.report.epochs import PAPER_SUITE, epochs, epochs_markdown
from benchmark.report.provenance import machine, provenance_markdown
from benchmark.report.rows import KEYS, row_order, runs_table, to_csv
from benchmark.report.suite import suite_runs
from benchmark.report.tables import summarise, summary_markdown, summary_text
from benchmark.report.time_to_accuracy import time_to_accuracy, time_to_accuracy_markdown
from benchmark.report.traces import Trace, read_trace

__all__ = ["ReportError", "summary_text", "write_report"]


class ReportError(ValueError):
    """There is nothing to report; the message says what to do."""


def write_report(results: Path, processes: int | None = None) -> list[Path]:
    """Write the tables and figures of all suites below a results folder.

    Parameters
    ----------
    results
        The results folder; ``tables/`` and ``figures/<suite>/`` are written there.
    processes
        How many processes draw the figures; None for as many as are worth their start.

    Returns
    -------
    list[Path]
        The files written.

    Raises
    ------
    ReportError
        If no run is stored there.
    """
    rows = sorted(load_rows(results), key=row_order)
    if not rows:
        raise ReportError(f"no runs in {results}: make them with python -m benchmark run all")
    with Drawers(processes or drawing_processes(_figure_count(rows))) as drawers:
        contents = _files(_Runs(results, rows, load_targets()), drawers)
        return [write_atomically(results / name, content) for name, content in contents]


@dataclass(frozen=True)
class _Runs:
    """What the report is made from."""

    results: Path
    rows: Sequence[Row]
    targets: Targets
    _traces: dict[str, Trace | None] = field(default_factory=dict)

    def trace(self, row: Row) -> Trace | None:
        """The trace of a row, read once."""
        run = json.dumps([row[key] for key in KEYS])
        if run not in self._traces:
            self._traces[run] = read_trace(load_trace(self.results, row))
        return self._traces[run]


def _figure_count(rows: Sequence[Row]) -> int:
    """About how many figures the runs give."""
    return len({(row["suite"], row["method"]) for row in rows}) + 4 * len({row["suite"] for row in rows})


def _files(runs: _Runs, drawers: Drawers) -> Iterator[tuple[str, bytes]]:
    """Name below the results folder, and content, of every file."""
    drawn: list[tuple[str, Future[Files]]] = []
    for suite in sorted({row["suite"] for row in runs.rows}):
        rows = [row for row in runs.rows if row["suite"] == suite]
        table = runs_table(rows, runs.targets)
        traced = suite_runs(suite, table, [runs.trace(row) for row in rows])
        drawn += [(suite, drawers.draw(drawing)) for drawing in drawings(traced)]
        yield from _suite_tables(suite, rows, table, traced.untraced)
    yield from _common_tables(runs)
    for suite, files in drawn:
        for name, content in files.result().items():
            yield f"figures/{suite}/{name}", content


def _common_tables(runs: _Runs) -> Iterator[tuple[str, bytes]]:
    """Those of all suites."""
    yield "tables/runs.csv", to_csv(runs_table(runs.rows, runs.targets))
    timed = time_to_accuracy(runs.rows, runs.trace)
    if len(timed):
        yield "tables/time-to-accuracy.csv", to_csv(timed)
        yield "tables/time-to-accuracy.md", time_to_accuracy_markdown(timed).encode()


def _suite_tables(suite: str, rows: Sequence[Row], runs: pd.DataFrame, untraced: int) -> Iterator[tuple[str, bytes]]:
    """Those of a suite."""
    yield f"tables/summary-{suite}.csv", to_csv(summarise(runs))
    yield f"tables/summary-{suite}.md", summary_markdown(runs, suite, untraced).encode()
    yield f"tables/provenance-{suite}.md", provenance_markdown(rows, suite).encode()
    if suite == PAPER_SUITE:
        table = epochs(runs, pd.Series([machine(row) for row in rows], index=runs.index))
        yield "tables/epochs.csv", to_csv(table)
        yield "tables/epochs.md", epochs_markdown(table).encode()
