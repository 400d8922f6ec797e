"""``run``: run methods on problems, store every run, and make the report."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from benchmark.commands import report
from benchmark.commands.arguments import add_results, add_selection, selection
from benchmark.harness.campaign import Campaign
from benchmark.harness.crew import Crew, LocalCrew
from benchmark.harness.errors import HarnessError
from benchmark.harness.keys import RunKeys
from benchmark.harness.methods import method_files
from benchmark.harness.progress import Kind, make_progress
from benchmark.harness.recordings import verified_recordings
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store
from benchmark.harness.suites import Selection, load_suites, plan
from benchmark.harness.work import Reuse, missing_work
from benchmark.harness.workers.messages import EXECUTE
from benchmark.problem.problem_name import ProblemName
from benchmark.problem.targets import load_targets

HELP = "run methods on problems, store every run, and make the report"
WHEN_STOPPED = "finished runs are stored, and the same command goes on from there"


@dataclass(frozen=True)
class Execution:
    """How runs are carried out.

    Attributes
    ----------
    jobs
        Threads that runs may use altogether on this machine; None for one a core.
    scheduler
        Address of a Dask scheduler whose cluster carries them out; None for this machine.
    module
        Name of the module whose ``execute`` and ``recover`` make row and trace of a run.
    progress
        For whom progress is told.
    """

    jobs: int | None = None
    scheduler: str | None = None
    module: str = EXECUTE
    progress: Kind = "people"

    def __post_init__(self) -> None:
        """Raise a HarnessError if nothing can be run like this."""
        if self.jobs is not None and self.jobs < 1:
            raise HarnessError(f"--jobs {self.jobs} runs nothing: give at least 1")

    def crew(self) -> Crew:
        """Who carries them out.

        Raises
        ------
        HarnessError
            If there is nobody.
        """
        if self.scheduler is not None:
            return _cluster_crew(self.scheduler, self.module)
        return LocalCrew(self.jobs or os.cpu_count() or 1, self.module)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says what to run, how, and what to do with stored runs."""
    add_selection(parser)
    add_execution(parser)
    parser.add_argument("--fresh", action="store_true", help="run what is stored and up to date again")
    parser.add_argument("--rerun-failed", action="store_true", help="run what ended without a result again, too")
    add_results(parser)


def add_execution(parser: argparse.ArgumentParser) -> None:
    """Add what says how runs are carried out."""
    parser.add_argument("--jobs", type=int, metavar="N", help="runs at a time, one core each (default: all cores)")
    parser.add_argument(
        "--scheduler", metavar="TCP", help="run on a Dask cluster, such as tcp://10.0.0.1:8786, instead of this machine"
    )
    parser.add_argument("--no-report", action="store_true", help="store the runs and make no report of them")
    progress = parser.add_mutually_exclusive_group()
    progress.add_argument("--json", action="store_true", help="tell progress as JSON, an object a line, for programs")
    progress.add_argument("--quiet", action="store_true", help="tell what became of all runs in a line at the end")


def execution(asked: argparse.Namespace) -> Execution:
    """What the arguments of `add_execution` ask for."""
    progress: Kind = "json" if asked.json else "quiet" if asked.quiet else "people"
    return Execution(asked.jobs, asked.scheduler, progress=progress)


def carry_out(asked: argparse.Namespace) -> None:
    """Run what is missing, then make the report."""
    run_and_report(asked, Reuse.NONE if asked.fresh else Reuse.DELIVERED if asked.rerun_failed else Reuse.ALL)


def run_and_report(asked: argparse.Namespace, reuse: Reuse) -> None:
    """Run what is asked for and does not stand, then make the report; for commands with these arguments."""
    run(selection(asked), asked.results, execution(asked), reuse)
    if not asked.no_report:
        report.report(asked.results, show_suite=asked.suite, silent=asked.json or asked.quiet)


def run(selection: Selection, results: Path, execution: Execution, reuse: Reuse) -> None:
    """Run what a selection asks for and `results` does not hold yet.

    Parameters
    ----------
    selection
        What to run.
    results
        The results folder.
    execution
        How to run it.
    reuse
        Which stored runs stand.

    Raises
    ------
    HarnessError
        If anything that is asked for, or a recording it needs, is not there or makes no sense, or if `results` cannot
        be written to.
    """
    specs = plan(selection, load_suites(), method_files())
    if selection.device is not None and execution.scheduler is None:
        _check_device(selection.device)
    store = Store(results)
    keys = run_keys(specs)
    store.prepare()
    work = missing_work(specs, store, keys, reuse)
    if not work.missing:
        with make_progress(execution.progress, [], 0, selection.suite, work.stored):
            return
    crew, missing = execution.crew(), [missing.spec for missing in work.missing]
    progress = make_progress(execution.progress, missing, crew.slots, selection.suite, work.stored)
    Campaign(store, crew, keys, progress).carry_out(work)


def run_keys(specs: Collection[RunSpec]) -> RunKeys:
    """The keys of runs, their recordings read and found sound.

    Raises
    ------
    HarnessError
        If a problem is unknown, one that is to stop at its target has none, or a recording is missing or damaged.
    """
    recordings = verified_recordings({spec.problem for spec in specs})
    targets = load_targets()
    for spec in specs:
        if spec.stop == "target" and spec.problem not in targets:
            raise HarnessError(f"{spec.problem} has no target to stop at: use --stop own{_hint(spec.problem)}")
    return RunKeys(recordings)


def _check_device(device: str) -> None:
    """Raise a HarnessError if torch cannot compute there on this machine."""
    import torch  # takes a second, which few commands need to wait

    try:
        torch.zeros(1, device=device)
    except (AssertionError, RuntimeError) as error:
        why = str(error).strip().splitlines()[0]
        raise HarnessError(
            f"--device {device}: torch cannot compute there ({why}): give cpu, or install a torch that can"
        ) from error


def _hint(problem: str) -> str:
    """How a problem gets a target: not where each seed has its own noise and so its own minimum."""
    return "" if ProblemName.parse(problem).noise_rad_per_s2 else ", then targets --update"


def _cluster_crew(scheduler: str, module: str) -> Crew:
    try:
        from benchmark.harness.cluster import ClusterCrew
    except ImportError as error:
        raise HarnessError(f"--scheduler needs Dask ({error}): pip install -e '.[cluster]'") from error
    return ClusterCrew(scheduler, module)
