"""``report``: make tables and figures from the stored runs alone."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmark.commands.arguments import add_results
from benchmark.harness.errors import HarnessError
from benchmark.harness.store import load_rows

HELP = "make tables and figures from the stored runs alone"
WHEN_STOPPED = "files written so far are whole, and the same command makes them all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the results folder."""
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Make the report."""
    report(asked.results)


def report(results: Path, show_suite: str | None = None, silent: bool = False) -> None:
    """Make the report from the stored rows, and show a suite's medians, unless it is to be `silent`.

    Raises
    ------
    HarnessError
        If there is nothing to report.
    """
    from benchmark.problem.targets import load_targets
    from benchmark.report.report import ReportError, summary_text, write_report

    try:
        files = write_report(results)
    except ReportError as error:
        raise HarnessError(str(error)) from error
    if silent:
        return
    if show_suite is not None:
        print(f"\n{summary_text(load_rows(results), show_suite, load_targets())}\n")
    print(f"{len(files)} files of the report are in {results}")
