"""What the commands of the command line do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from tabulate import tabulate

from benchmark.harness.campaign import Reuse, carry_out, missing_work
from benchmark.harness.errors import HarnessError
from benchmark.harness.files import write_atomically
from benchmark.harness.keys import RunKeys
from benchmark.harness.methods import load_method, method_files
from benchmark.harness.progress import Progress
from benchmark.harness.scheduler import Scheduler
from benchmark.harness.store import Store, load_rows
from benchmark.harness.suites import Selection, load_suites, plan
from benchmark.harness.worker import Execute, default_execute


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
    failures = carry_out(work, store, Scheduler(jobs, execute), progress)
    print(f"{len(work.missing)} runs done, {failures} of them without a result")


def verified_recordings(problems: Iterable[str]) -> dict[str, dict[str, str]]:
    """Checksums by name of the recordings that each problem reads, all of them read and found sound.

    Raises
    ------
    HarnessError
        If there is no such problem, or a recording is missing or damaged.
    """
    from benchmark.problem.problem import ProblemName, UnknownProblemError
    from datasets.recording_files import RecordingError, read_recording

    try:
        parsed = {name: ProblemName.parse(name) for name in sorted(problems)}
        needed = {name: (*problem.recordings, problem.held_out) for name, problem in parsed.items()}
        checksums = {name: read_recording(name).checksum for name in sorted({*chain(*needed.values())})}
    except (UnknownProblemError, RecordingError) as error:
        raise HarnessError(str(error)) from error
    return {problem: {name: checksums[name] for name in names} for problem, names in needed.items()}


def report(results: Path, show_suite: str | None = None) -> None:
    """Make the report from the stored rows, and show a suite's medians.

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
    if show_suite is not None:
        print(f"\n{summary_text(load_rows(results), show_suite, load_targets())}\n")
    print(f"{len(files)} files of the report are in {results}")


def keep(suite: str, results: Path) -> None:
    """Copy a suite's runs to the reference."""
    count = Store(results).keep(suite)
    print(f"{count} runs of suite {suite} are kept in {results / 'reference' / suite}")


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


def speed(problems: Sequence[str], threads: Sequence[int], results: Path, quick: bool) -> None:
    """Time residuals, derivatives and the paper's epoch; write the tables ``speed.csv`` and ``speed.md``.

    Parameters
    ----------
    problems
        Names of the problems.
    threads
        Numbers of threads to time them on.
    results
        The results folder.
    quick
        Whether one call of each, after a first one, is enough.

    Raises
    ------
    HarnessError
        If a problem or its recordings are not there, a number of threads makes no sense, or timing fails.
    """
    from benchmark.report.rows import to_csv
    from benchmark.speed.campaign import time_problems
    from benchmark.speed.table import speed_markdown, speed_table

    verified_recordings(problems)
    table = speed_table(time_problems(problems, threads, quick))
    text = speed_markdown(table, quick)
    write_atomically(results / "tables" / "speed.csv", to_csv(table))
    path = write_atomically(results / "tables" / "speed.md", text.encode())
    print(f"\n{text}\nspeed.csv and speed.md are in {path.parent}")


def show(what: str | None) -> None:
    """Print what there is of a kind; None for all kinds."""
    tables = [listing() for name, listing in LISTINGS.items() if what in (None, name)]
    print("\n\n".join(tables))


def _methods() -> str:
    return tabulate([_method_line(name) for name in method_files()], headers=("method", "summary", "source"))


def _method_line(name: str) -> tuple[str, str, str]:
    try:
        method = load_method(name)
    except HarnessError as error:  # one broken file must not hide the others
        return name, f"broken: {error}", ""
    return name, method.summary, method.source


def _problems() -> str:
    from benchmark.problem.formulation import FORMULATIONS

    suites = load_suites()
    names = sorted({problem for suite in suites.values() for problem in suite.problems})
    lines = [(name, ", ".join(suite.name for suite in suites.values() if name in suite.problems)) for name in names]
    forms = "\n".join(f"{formulation.name}: {formulation.summary}" for formulation in FORMULATIONS)
    note = "Any other FORMULATION-MOVEMENTS-VARIANT whose recordings are there can be run with --problems."
    return f"{tabulate(lines, headers=('problem', 'in suites'))}\n\n{forms}\n{note}"


def _suites() -> str:
    lines = [
        (suite.name, f"{suite.budget_s:g}", ", ".join(suite.methods or ["all"]), suite.summary)
        for suite in load_suites().values()
    ]
    return tabulate(lines, headers=("suite", "budget a run (s)", "methods", "summary"), disable_numparse=True)


LISTINGS: Mapping[str, Callable[[], str]] = {"methods": _methods, "problems": _problems, "suites": _suites}


def _job_count(jobs: int | None) -> int:
    if jobs is None:
        return os.cpu_count() or 1
    if jobs < 1:
        raise HarnessError(f"--jobs {jobs} runs nothing: give at least 1")
    return jobs
