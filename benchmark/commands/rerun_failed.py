"""``rerun-failed``: run again what ended without a result, and nothing else."""

from __future__ import annotations

import argparse

from benchmark.commands import run
from benchmark.commands.arguments import add_results, add_selection
from benchmark.harness.work import Reuse

HELP = "run again the stored runs that ended without a result, and nothing else, then make the report"
WHEN_STOPPED = "finished runs are stored, and the same command goes on with the others"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which runs are meant, and how to run them."""
    add_selection(parser, methods="*")
    run.add_execution(parser)
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Run again what failed, then make the report."""
    run.run_and_report(asked, Reuse.ALL_BUT_FAILED)
