"""``run``: run methods on problems, store every run, and make the report."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from benchmark.commands import report
from benchmark.commands.arguments import add_results, add_selection, selection
from benchmark.harness.campaign import carry_out_work
from benchmark.harness.errors import HarnessError
from benchmark.harness.keys import RunKeys
from benchmark.harness.methods import method_files
from benchmark.harness.progress import Progress
from benchmark.harness.recordings import verified_recordings
from benchmark.harness.scheduler import Scheduler
from benchmark.harness.store import Store
from benchmark.harness.suites import Selection, load_suites, plan
from benchmark.harness.work import Reuse, missing_work
from benchmark.harness.worker import Execute, default_execute

HELP = "run methods on problems, store every run, and make the report"
WHEN_STOPPED = "finished runs are stored, and the same command goes on from there"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says what to run, how, and what to do with stored runs."""
    add_selection(parser)
    parser.add_argument("--jobs", type=int, metavar="N", help="runs at a time, one core each (default: all cores)")
    parser.add_argument("--fresh", action="store_true", help="run what is stored and up to date again")
    parser.add_argument("--rerun-failed", action="store_true", help="run what ended without a result again")
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Run what is missing, then make the report."""
    reuse = Reuse.NONE if asked.fresh else Reuse.DELIVERED if asked.rerun_failed else Reuse.ALL
    run(selection(asked), asked.results, asked.jobs, reuse)
    report.report(asked.results, show_suite=asked.suite)


def run(
    selection: Selection, results: Path, jobs: int | None, reuse: Reuse, execute: Execute = default_execute
) -> None:
    """Run what a selection asks for and `results` does not hold yet.

    Parameters
    ----------
    selection
        What to run.
    results
        The results folder.
    jobs
        Runs at a time; None for one a core.
    reuse
        Which stored runs stand.
    execute
        What makes the row and trace of a run.

    Raises
    ------
    HarnessError
        If anything that is asked for, or a recording it needs, is not there or makes no sense.
    """
    specs = plan(selection, load_suites(), method_files())
    jobs = _job_count(jobs)
    keys = RunKeys(verified_recordings({spec.problem for spec in specs}))
    store = Store(results)
    work = missing_work(specs, store, keys.key, reuse)
    print(f"suite {selection.suite}: {len(specs)} runs, {work.stored} of them stored and up to date")
    if not work.missing:
        return
    progress = Progress([spec for spec, _ in work.missing], jobs)
    failures = carry_out_work(work, store, Scheduler(jobs, execute), progress)
    print(f"{len(work.missing)} runs done, {failures} of them without a result")


def _job_count(jobs: int | None) -> int:
    if jobs is None:
        return os.cpu_count() or 1
    if jobs < 1:
        raise HarnessError(f"--jobs {jobs} runs nothing: give at least 1")
    return jobs
