"""The report: all tables and figures, from stored rows and traces alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from benchmark.harness.files import write_atomically
from benchmark.harness.row import Row
from benchmark.harness.store import load_rows, load_trace
from benchmark.report.epochs import PAPER_SUITE, epochs, epochs_markdown
from benchmark.report.figures import suite_figures
from benchmark.report.provenance import machine, provenance_markdown
from benchmark.report.rows import KEYS, runs_table, to_csv
from benchmark.report.suite import suite_runs
from benchmark.report.tables import summarise, summary_markdown, summary_text
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
    rows = sorted(load_rows(results), key=lambda row: [row[key] for key in KEYS])
    if not rows:
        raise ReportError(f"no runs in {results}: make them with python -m benchmark run all")
    written = [write_atomically(results / "tables" / "runs.csv", to_csv(runs_table(rows)))]
    for suite in sorted({row["suite"] for row in rows}):
        of_suite = [row for row in rows if row["suite"] == suite]
        written += [
            write_atomically(results / name, content) for name, content in _suite_files(results, suite, of_suite)
        ]
    return written


def _suite_files(results: Path, suite: str, rows: Sequence[Row]) -> Iterator[tuple[str, bytes]]:
    """Name below the results folder, and content, of every file of a suite."""
    runs = runs_table(rows)
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
