"""The command line: run, report, list, keep, targets, speed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmark import commands
from benchmark.harness.campaign import Reuse
from benchmark.harness.errors import HarnessError
from benchmark.harness.suites import DEFAULT_SUITE, Selection
from benchmark.problem.start_level import StartLevel, parse_start_level
from benchmark.speed.campaign import DEFAULT_PROBLEMS, DEFAULT_THREADS

EVERYTHING = "all"
USER_ERROR = 2
INTERRUPTED = 130  # as shells have it: 128 and the signal's number

EXAMPLES = """examples:
  python -m benchmark run all                          every method of the default suite, then the report
  python -m benchmark run all --suite smoke            does everything work?
  python -m benchmark run torch_adam my_method --problems m1-ab-published --budget 60
  python -m benchmark list methods
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; return the exit status.

    Parameters
    ----------
    arguments
        The command line without the program's name; the process's own by default.

    Returns
    -------
    int
        0, or 2 where what was asked for cannot be done, or 130 after Ctrl-C.
    """
    asked = _parser().parse_args(arguments)
    try:
        asked.command(asked)
    except HarnessError as error:
        print(f"error: {error}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print(f"\nstopped; {asked.when_stopped}", file=sys.stderr)
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmark",
        description="Methods that identify the parameters of a human arm model, compared on shared problems.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(when_stopped="finished runs are stored, and the same command goes on from there")
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_run(verbs.add_parser("run", help="run methods on problems, store every run, and make the report"))
    report = verbs.add_parser("report", help="make tables and figures from the stored runs alone")
    report.set_defaults(command=lambda asked: commands.report(asked.results))
    _add_results(report)
    listing = verbs.add_parser("list", help="list the methods, problems or suites that there are")
    listing.add_argument("what", nargs="?", choices=list(commands.LISTINGS), help="what to list; all three by default")
    listing.set_defaults(command=lambda asked: commands.show(asked.what))
    keep = verbs.add_parser("keep", help="copy a suite's runs to RESULTS/reference, which belongs to the repository")
    keep.add_argument("suite", metavar="SUITE")
    keep.set_defaults(command=lambda asked: commands.keep(asked.suite, asked.results))
    _add_results(keep)
    targets = verbs.add_parser("targets", help="show what counts as the best minimum, beside the stored runs' best")
    targets.add_argument("--update", action="store_true", help="write what stored runs found below it into the file")
    targets.set_defaults(command=lambda asked: commands.targets(asked.results, asked.update))
    _add_results(targets)
    _add_speed(verbs.add_parser("speed", help="time residuals, derivatives and the paper's epoch in every back end"))
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "methods",
        nargs="+",
        metavar="METHOD",
        help=f"names of methods, or '{EVERYTHING}': all of the suite",
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
    parser.add_argument("--jobs", type=int, metavar="N", help="runs at a time, one core each (default: all cores)")
    parser.add_argument("--fresh", action="store_true", help="run what is stored and up to date again")
    parser.add_argument("--rerun-failed", action="store_true", help="run what ended without a result again")
    parser.set_defaults(command=_run)
    _add_results(parser)


def _add_speed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--problems", nargs="+", default=DEFAULT_PROBLEMS, metavar="P", help="problems (default: three published ones)"
    )
    parser.add_argument(
        "--threads", nargs="+", type=int, default=DEFAULT_THREADS, metavar="N", help="numbers of threads (default: 1 2)"
    )
    parser.add_argument("--quick", action="store_true", help="one call of each: does it work?")
    parser.set_defaults(
        command=lambda asked: commands.speed(asked.problems, asked.threads, asked.results, asked.quick),
        when_stopped="no table was written",
    )
    _add_results(parser)


def _start_level(text: str) -> StartLevel:
    try:
        return parse_start_level(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no start level: give one such as 0.1, or uniform") from error


def _add_results(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--results", type=Path, default=Path("results"), metavar="DIR", help="results folder (default: %(default)s)"
    )


def _run(asked: argparse.Namespace) -> None:
    selection = Selection(
        suite=asked.suite,
        methods=None if EVERYTHING in asked.methods else asked.methods,
        problems=asked.problems,
        start_levels=asked.start_levels,
        seeds=asked.seeds,
        budget_s=asked.budget,
        budget_evaluations=asked.evaluations,
    )
    reuse = Reuse.NONE if asked.fresh else Reuse.DELIVERED if asked.rerun_failed else Reuse.ALL
    commands.run(selection, asked.results, asked.jobs, reuse)
    commands.report(asked.results, show_suite=asked.suite)
