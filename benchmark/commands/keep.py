"""``keep``: copy a suite's runs to the reference, which belongs to the repository."""

from __future__ import annotations

import argparse

from benchmark.commands.arguments import add_results
from benchmark.harness.store import Store

HELP = "copy a suite's runs to RESULTS/reference, which belongs to the repository"
WHEN_STOPPED = "the reference is as it was"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the suite and the results folder."""
    parser.add_argument("suite", metavar="SUITE")
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Copy the runs."""
    count = Store(asked.results).keep(asked.suite)
    print(f"{count} runs of suite {asked.suite} are kept in {asked.results / 'reference' / asked.suite}")
