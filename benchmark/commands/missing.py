"""``missing``: which runs of a selection are to be made, why, and how long that may take; nothing is run."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Sequence

from tabulate import tabulate

from benchmark.commands.arguments import add_results, add_selection, selection
from benchmark.commands.run import run_keys
from benchmark.harness.methods import method_files
from benchmark.harness.store import Store
from benchmark.harness.suites import load_suites, plan
from benchmark.harness.work import Missing, Reuse, missing_work

HELP = "tell which runs are missing, why, and how long they may take; run nothing"
WHEN_STOPPED = "nothing was changed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which runs are meant, and the results folder."""
    add_selection(parser, methods="*")
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Print what is stored and what is missing.

    Raises
    ------
    HarnessError
        If anything that is asked for, or a recording it needs, is not there or makes no sense.
    """
    specs = plan(selection(asked), load_suites(), method_files())
    work = missing_work(specs, Store(asked.results), run_keys(specs), Reuse.ALL)
    print(f"suite {asked.suite}: {len(specs)} runs, {work.stored} of them stored and up to date")
    if work.failed:
        print(f"{work.failed} of these ended without a result: rerun-failed runs them again")
    if work.missing:
        print(f"\n{missing_table(work.missing)}\n\n{_total(work.missing)}")


def missing_table(missing: Sequence[Missing]) -> str:
    """Missing runs counted by problem, method and reason."""
    counts = Counter((entry.spec.problem, entry.spec.method, entry.reason) for entry in missing)
    lines = [(problem, method, count, reason) for (problem, method, reason), count in sorted(counts.items())]
    return tabulate(lines, headers=("problem", "method", "runs", "why"))


def longest_time_s(missing: Sequence[Missing], cores: int) -> float:
    """Seconds that missing runs may take if each takes all of its budget, and its threads keep a core each busy."""
    budgets = [entry.spec.budget_s for entry in missing]
    return max(sum(entry.spec.budget_s * entry.spec.threads for entry in missing) / cores, *budgets)


def _total(missing: Sequence[Missing]) -> str:
    cores = os.cpu_count() or 1
    time = _duration(longest_time_s(missing, cores))
    return f"{len(missing)} runs are missing: {time} on {cores} cores if all take their whole budgets"


def _duration(seconds: float) -> str:
    """Seconds in the unit that people would use."""
    if seconds < 120.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 7200.0 else f"{seconds / 3600.0:.1f} h"
