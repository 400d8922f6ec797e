"""``list``: the methods, problems and suites that there are, or the runs that are stored."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tabulate import tabulate

from benchmark.commands.arguments import add_results
from benchmark.harness.errors import HarnessError
from benchmark.harness.methods import PRESET_MARK, load_method, method_files
from benchmark.harness.store import load_rows
from benchmark.harness.suites import load_suites

HELP = "list the methods, problems or suites that there are, or the stored runs"
WHEN_STOPPED = "nothing was changed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to list, and which stored runs."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=[*LISTINGS, STORED],
        help=f"what to list; methods, problems and suites by default; {STORED}: what is stored, and how it ended",
    )
    parser.add_argument("--suite", help=f"the suite whose {STORED} to list (default: all)")
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Print what there is of a kind, or of all kinds, or what is stored."""
    if asked.what == STORED:
        print(_stored(asked.results, asked.suite))
        return
    if asked.suite is not None:
        raise HarnessError(f"--suite says which runs to list: use list {STORED} --suite {asked.suite}")
    tables = [listing() for name, listing in LISTINGS.items() if asked.what in (None, name)]
    print("\n\n".join(tables))


def _stored(results: Path, suite: str | None) -> str:
    from benchmark.report.stored import stored_runs

    rows = load_rows(results)
    found = [row for row in rows if suite in (None, row["suite"])]
    if not found:
        of_suite = "" if suite is None else f" of suite {suite!r}"
        there = ", ".join(sorted({row["suite"] for row in rows}))
        hint = f"there are those of {there}" if there else "make them with python -m benchmark run all"
        raise HarnessError(f"no runs{of_suite} in {results}: {hint}")
    return stored_runs(found)


def _methods() -> str:
    lines = [line for name in method_files() for line in _method_lines(name)]
    return tabulate(lines, headers=("method", "summary", "source"))


def _method_lines(name: str) -> Iterator[tuple[str, str, str]]:
    """A method, then its presets with what they set."""
    try:
        method = load_method(name)
    except HarnessError as error:  # one broken file must not hide the others
        yield name, f"broken: {error}", ""
        return
    origin = f" (in {method.distribution})" if method.distribution else ""
    yield name, method.summary, f"{method.source}{origin}"
    for preset, options in method.presets.items():
        settings = ", ".join(f"{option} {value}" for option, value in options.items()) or "the method's own options"
        yield f"{name}{PRESET_MARK}{preset}", f"preset: {settings}", ""


def _problems() -> str:
    from benchmark.problem.formulations import FORMULATIONS
    from benchmark.problem.imperfections import IMPERFECTIONS
    from benchmark.problem.problem_name import IN_TORQUE

    suites = load_suites()
    listed = {suite.name: {_in_short(problem) for problem in suite.problems} for suite in suites.values()}
    names = sorted(set[str]().union(*listed.values()))
    lines = [(name, ", ".join(suite for suite, own in listed.items() if name in own)) for name in names]
    forms = "\n".join(f"{formulation.name}: {formulation.summary}" for formulation in FORMULATIONS.values())
    wrong = "\n".join(f"{name}SIZE: {entry.summary} ({entry.unit})" for name, entry in IMPERFECTIONS.items())
    note = (
        f"Any other FORMULATION-MOVEMENTS-ARM whose recordings are there can be run with --problems, with -{IN_TORQUE} "
        f"for a residual in N m and with imperfections behind it, in this order:\n{wrong}"
    )
    return f"{tabulate(lines, headers=('problem', 'in suites'))}\n\n{forms}\n\n{note}"


def _in_short(problem: str) -> str:
    """A problem's name; one for all subjects, and for all that is wrong with their recordings."""
    from benchmark.problem.problem_name import ProblemName
    from datasets.subjects import SUBJECTS, any_subject

    parsed = ProblemName.parse(problem)
    if parsed.variant not in SUBJECTS:
        return problem
    return any_subject(parsed.without_imperfections) + ("-IMPERFECTION" if parsed.imperfections else "")


def _suites() -> str:
    lines = [
        (suite.name, f"{suite.budget_s:g}", ", ".join(suite.methods or ["all"]), suite.summary)
        for suite in load_suites().values()
    ]
    return tabulate(lines, headers=("suite", "budget a run (s)", "methods", "summary"), disable_numparse=True)


STORED = "runs"
LISTINGS: Mapping[str, Callable[[], str]] = {"methods": _methods, "problems": _problems, "suites": _suites}
