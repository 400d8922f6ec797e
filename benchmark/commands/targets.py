"""``targets``: what counts as the best minimum of a problem, beside the best among stored runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmark.commands.arguments import add_results
from benchmark.harness.files import write_atomically
from benchmark.harness.store import load_rows

HELP = "show what counts as the best minimum, beside the stored runs' best"
WHEN_STOPPED = "the targets are as they were"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add whether to write, and the results folder."""
    parser.add_argument("--update", action="store_true", help="write what stored runs found below it into the file")
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Show the targets, lowered first where that is asked for."""
    targets(asked.results, asked.update)


def targets(results: Path, update: bool, path: Path | None = None) -> None:
    """Print the targets and the best objectives among stored runs; with `update`, lower the targets to these first.

    Parameters
    ----------
    results
        The results folder.
    update
        Whether to write to the file of targets.
    path
        The file of targets; None for the repository's own.

    Raises
    ------
    HarnessError
        If a stored run that would lower a target is out of date.
    """
    from benchmark.problem.targets import TARGETS_FILE, leading_comment, load_targets, targets_text
    from benchmark.report.best_known import lowered, targets_table

    path, rows = path or TARGETS_FILE, load_rows(results)
    known = load_targets(path)
    if update:
        found = lowered(known, rows)
        known |= found
        write_atomically(path, targets_text(known, leading_comment(path)).encode())
        print(f"targets that are new or lower in {path}: {', '.join(found) or 'none'}\n")
    print(targets_table(known, rows))
