"""``report``: make tables, figures and a page from the stored runs alone."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmark.commands.arguments import add_narrowing, add_results, narrowing
from benchmark.harness.store import load_rows

HELP = "make tables, figures and a page from the stored runs alone"
WHEN_STOPPED = "files written so far are whole, and the same command makes them all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which runs to show, and the folders."""
    add_narrowing(parser, "such a report goes to RESULTS/narrowed unless --out is given; the one of all runs stays")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the report goes (default: the results folder)")
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Make the report."""
    from benchmark.report.report import report_folder, write_report

    shown = narrowing(asked)
    out = report_folder(asked.results, shown, asked.out)
    print(f"{len(write_report(asked.results, shown, out))} files of the report are in {out}")


def report(results: Path, show_suite: str | None = None, silent: bool = False) -> None:
    """Make the report of all stored runs, and show a suite's medians, unless it is to be `silent`.

    Raises
    ------
    HarnessError
        If there is nothing to report, or it cannot be written.
    """
    from benchmark.analysis.identifiable_error import yardsticks_of
    from benchmark.identifiability.stored import load_analyses
    from benchmark.problem.targets import load_targets
    from benchmark.report.report import summary_text, write_report

    files = write_report(results)
    if silent:
        return
    if show_suite is not None:
        rows = load_rows(results)
        yardsticks = yardsticks_of({row["problem"] for row in rows}, load_analyses(results))
        print(f"\n{summary_text(rows, show_suite, load_targets(), yardsticks)}\n")
    print(f"{len(files)} files of the report are in {results}")
