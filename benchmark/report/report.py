"""The report: all tables and figures, from stored rows and traces alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from benchmark.harness.files import write_atomically
from benchmark.harness.row import Row
from benchmark.harness.store import load_rows, load_trace
from benchmark.problem.targets import Targets, load_targets
from benchmark.report.epochs import PAPER_SUITE, epochs, epochs_markdown
from benchmark.report.figures import suite_figures
from benchmark.report.provenance import machine, provenance_markdown
from benchmark.report.rows import row_order, runs_table, to_csv
from benchmark.report.suite import suite_runs
from benchmark.report.tables import summarise, summary_markdown, summary_text
from benchmark.report.time_to_accuracy import time_to_accuracy, time_to_accuracy_markdown
from benchmark.report.traces import read_trace

__all__ = ["ReportError", "summary_text", "write_report"]


class ReportError(ValueError):
    """There is nothing to report; the message says what to do."""


def write_report(results: Path) -> list[Path]:
    """Write the tables and figures of all suites below a results folder.

    Parameters
    ----------
    results
        The results folder; ``tables/`` and ``figures/<suite>/`` are written there.

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
    return [write_atomically(results / name, content) for name, content in _files(results, rows, load_targets())]


def _files(results: Path, rows: Sequence[Row], targets: Targets) -> Iterator[tuple[str, bytes]]:
    """Name below the results folder, and content, of every file."""
    yield "tables/runs.csv", to_csv(runs_table(rows, targets))
    timed = time_to_accuracy(rows, lambda row: read_trace(load_trace(results, row)))
    if len(timed):
        yield "tables/time-to-accuracy.csv", to_csv(timed)
        yield "tables/time-to-accuracy.md", time_to_accuracy_markdown(timed).encode()
    for suite in sorted({row["suite"] for row in rows}):
        yield from _suite_files(results, suite, [row for row in rows if row["suite"] == suite], targets)


def _suite_files(results: Path, suite: str, rows: Sequence[Row], targets: Targets) -> Iterator[tuple[str, bytes]]:
    """Those of a suite."""
    runs = runs_table(rows, targets)
    traced = suite_runs(suite, runs, [read_trace(load_trace(results, row)) for row in rows])
    yield f"tables/summary-{suite}.csv", to_csv(summarise(runs))
    yield f"tables/summary-{suite}.md", summary_markdown(runs, suite, traced.untraced).encode()
    yield f"tables/provenance-{suite}.md", provenance_markdown(rows, suite).encode()
    if suite == PAPER_SUITE:
        table = epochs(runs, pd.Series([machine(row) for row in rows], index=runs.index))
        yield "tables/epochs.csv", to_csv(table)
        yield "tables/epochs.md", epochs_markdown(table).encode()
    for name, content in suite_figures(traced):
        yield f"figures/{suite}/{name}", content
