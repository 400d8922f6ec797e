"""``check``: look whether a method keeps what every method must keep."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing

from benchmark.harness.contract import PROBLEM, Verdict, check_method
from benchmark.harness.methods import EVERYTHING, check_methods, method_files
from benchmark.harness.recordings import verified_recordings
from benchmark.harness.workers.pool import WorkerPool

HELP = "check that a method keeps what every method must keep, in a few seconds"
WHEN_STOPPED = "nothing was stored"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the methods, and the problem to check them on."""
    parser.add_argument("methods", nargs="+", metavar="METHOD", help=f"METHOD, METHOD+PRESET, or '{EVERYTHING}'")
    parser.add_argument("--problem", default=PROBLEM, metavar="P", help="what to run them on (default: %(default)s)")


def carry_out(asked: argparse.Namespace) -> int:
    """Check the methods in a worker process, which theirs may take down; return 1 if anything is wrong, else 0."""
    names = [*method_files()] if EVERYTHING in asked.methods else [*dict.fromkeys(asked.methods)]
    check_methods(names)
    verified_recordings([asked.problem])
    with closing(WorkerPool()) as pool:
        return check(names, asked.problem, lambda method: check_method(method, pool.run, asked.problem))


def check(names: Sequence[str], problem: str, verdicts_on: Callable[[str], Iterable[Verdict]]) -> int:
    """Print what is found about methods, a line a check.

    Parameters
    ----------
    names
        The methods.
    problem
        What they are run on.
    verdicts_on
        Checks a method; a verdict is printed as it comes.

    Returns
    -------
    int
        1 if anything is wrong, else 0.
    """
    to_mend = [name for name in names if not _keeps_all(name, problem, verdicts_on(name))]
    if to_mend:
        print(f"to be mended: {', '.join(to_mend)}")
        return 1
    print("all is well")
    return 0


def _keeps_all(name: str, problem: str, verdicts: Iterable[Verdict]) -> bool:
    print(f"{name} on {problem}", flush=True)
    kept = True
    for verdict in verdicts:
        line = f"ok      {verdict.clause}" if verdict.kept else f"FAILED  {verdict.clause}: {verdict.wrong}"
        print("  " + " ".join(line.splitlines()), flush=True)
        kept &= verdict.kept
    return kept
