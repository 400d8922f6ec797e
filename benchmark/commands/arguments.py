"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmark.harness.methods import EVERYTHING
from benchmark.harness.spec import STOPS
from benchmark.harness.suites import DEFAULT_SUITE, Selection
from benchmark.problem.start_level import StartLevel, parse_start_level
from benchmark.report.narrowing import Narrowing


def add_results(parser: argparse.ArgumentParser) -> None:
    """Add ``--results``."""
    parser.add_argument(
        "--results", type=Path, default=Path("results"), metavar="DIR", help="results folder (default: %(default)s)"
    )


def add_narrowing(parser: argparse.ArgumentParser, note: str | None = None) -> None:
    """Add what says which of the stored runs to show, with a note on that."""
    shown = parser.add_argument_group("some runs alone", note)
    shown.add_argument("--suites", nargs="+", metavar="S", help="show the runs of these suites")
    shown.add_argument("--problems", nargs="+", metavar="P", help="show the runs on these problems")
    shown.add_argument("--methods", nargs="+", metavar="M", help="show the runs of these methods")


def narrowing(asked: argparse.Namespace) -> Narrowing:
    """Which runs the arguments of `add_narrowing` ask for."""
    given = (asked.suites, asked.problems, asked.methods)
    return Narrowing(*(None if names is None else tuple(names) for names in given))


def add_selection(parser: argparse.ArgumentParser, methods: str = "+") -> None:
    """Add what says which runs are meant.

    Parameters
    ----------
    parser
        Gets the arguments.
    methods
        How many methods are to be named: ``+``, or ``*`` where none means all.
    """
    parser.add_argument(
        "methods",
        nargs=methods,
        default=[EVERYTHING],
        metavar="METHOD",
        help=f"names of methods, METHOD or METHOD+PRESET, or '{EVERYTHING}': all of the suite",
    )
    parser.add_argument("--suite", default=DEFAULT_SUITE, help="what to run them on (default: %(default)s)")
    settings = parser.add_argument_group("in place of the suite's own settings")
    settings.add_argument("--problems", nargs="+", metavar="P", help="problems, such as m1-ab-published")
    settings.add_argument("--seeds", nargs="+", type=int, metavar="N", help="seeds of the starts, from 0")
    settings.add_argument(
        "--start-levels",
        nargs="+",
        type=_start_level,
        metavar="L",
        help="distance of the starts from the truth: 0.1 is 10 %%; uniform: anywhere within the bounds",
    )
    settings.add_argument("--budget", type=float, metavar="S", help="wall seconds that a run may take")
    settings.add_argument("--evaluations", type=int, metavar="N", help="evaluations that a run may take")
    settings.add_argument(
        "--cost", type=float, metavar="N", help="the same weighted by what each kind costs, in residual evaluations"
    )
    settings.add_argument(
        "--stop",
        choices=STOPS,
        help="own: a run ends when its method thinks it is done; target: also at the best minimum known",
    )
    settings.add_argument(
        "--device",
        metavar="NAME",
        help="where methods that have a choice compute, as torch calls it, such as cuda (default: cpu)",
    )
    settings.add_argument("--memory", type=float, metavar="GIB", help="GiB of memory that a run may take (default: 4)")


def selection(asked: argparse.Namespace) -> Selection:
    """What the arguments of `add_selection` ask for."""
    return Selection(
        suite=asked.suite,
        methods=None if EVERYTHING in asked.methods else asked.methods,
        problems=asked.problems,
        start_levels=asked.start_levels,
        seeds=asked.seeds,
        budget_s=asked.budget,
        budget_evaluations=asked.evaluations,
        budget_cost=asked.cost,
        stop=asked.stop,
        memory_gib=asked.memory,
        device=asked.device,
    )


def _start_level(text: str) -> StartLevel:
    try:
        return parse_start_level(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no start level: give one such as 0.1, or uniform") from error
