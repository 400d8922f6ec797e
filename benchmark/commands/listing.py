"""``list``: the methods, problems and suites that there are."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from tabulate import tabulate

from benchmark.harness.errors import HarnessError
from benchmark.harness.methods import load_method, method_files
from benchmark.harness.suites import load_suites

HELP = "list the methods, problems or suites that there are"
WHEN_STOPPED = "nothing was changed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to list."""
    parser.add_argument("what", nargs="?", choices=list(LISTINGS), help="what to list; all of them by default")


def carry_out(asked: argparse.Namespace) -> None:
    """Print what there is of a kind, or of all kinds."""
    tables = [listing() for name, listing in LISTINGS.items() if asked.what in (None, name)]
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
