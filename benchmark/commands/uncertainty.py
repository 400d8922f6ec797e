"""``uncertainty``: how sure the result of a stored run is, parameter by parameter, and why."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmark.commands.arguments import add_results
from benchmark.harness.errors import HarnessError, check_known
from benchmark.harness.files import write_atomically, writing
from benchmark.harness.recordings import verified_recordings
from benchmark.harness.row import Row
from benchmark.harness.store import load_rows
from benchmark.problem.start_level import StartLevel, parse_start_level, start_level_text

if TYPE_CHECKING:
    from benchmark.uncertainty.table import Findings

HELP = "tell how sure the result of a stored run is: intervals, classes and causes of all parameters"
WHEN_STOPPED = "the stored runs are as they were, and nothing was written"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add which run is meant, what to find out of it, and where that goes."""
    parser.add_argument("suite", metavar="SUITE", help="the run's suite, such as default")
    parser.add_argument("problem", metavar="PROBLEM", help="its problem, such as m1-ab-published")
    parser.add_argument("method", metavar="METHOD", help="its method, such as gauss_newton")
    parser.add_argument("start", metavar="START", help="its start level: such as 0.1 for 10 %%, or uniform")
    parser.add_argument("seed", metavar="SEED", type=int, help="the seed of its start")
    parser.add_argument(
        "--bootstrap", type=int, metavar="N", help="identify from N replicates with other noise, too; 20 at least"
    )
    parser.add_argument(
        "--consistent", action="store_true", help="tell it of the nearby result with physically consistent bones"
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="replicates at a time (default: 1)")
    parser.add_argument("--out", type=Path, metavar="FILE.csv", help="write the table there, and all as JSON beside it")
    add_results(parser)


def carry_out(asked: argparse.Namespace) -> None:
    """Print how sure the result is, and write it where that is asked for.

    Raises
    ------
    HarnessError
        If there is no such run, it has no result or a damaged one, too few replicates are asked for, or if nothing can
        be written.
    """
    if asked.out is not None and asked.out.suffix != ".csv":
        raise HarnessError(f"--out {asked.out} is no CSV file: give a name that ends with .csv")
    row = find_run(asked.results, asked.suite, asked.problem, asked.method, _start_level(asked.start), asked.seed)
    verified_recordings([row["problem"]])
    found = _findings(row, asked.bootstrap, asked.consistent, asked.jobs)
    print(found.text())
    if asked.out is not None:
        for ending, content in found.files().items():
            with writing(asked.out.with_suffix(ending)) as path:
                write_atomically(path, content)
        print(f"\nthe table is in {asked.out}, and all in {asked.out.with_suffix('.json')}")


def find_run(results: Path, suite: str, problem: str, method: str, start: StartLevel, seed: int) -> Row:
    """The stored row of a run with a result.

    Parameters
    ----------
    results
        The results folder.
    suite, problem, method, start, seed
        Which run is meant.

    Raises
    ------
    HarnessError
        If there is no such run, or it has no result.
    """
    if not results.is_dir():
        raise HarnessError(f"{results} is no folder: give that of your results with --results")
    rows = load_rows(results)
    for kind, name in (("suite", suite), ("problem", problem), ("method", method)):
        check_known(f"{kind} of the stored runs", [name], {row[kind] for row in rows})
        rows = [row for row in rows if row[kind] == name]
    found = [row for row in rows if (row["start_level"], row["seed"]) == (start, seed)]
    if not found:
        there = ", ".join(sorted(f"{start_level_text(row['start_level'])} seed {row['seed']}" for row in rows))
        raise HarnessError(
            f"no run of {method} on {problem} from {start_level_text(start)} seed {seed} in suite {suite}: "
            f"there are those from {there}"
        )
    if not found[0].get("identified"):
        told = found[0].get("message") or "no more is known"
        raise HarnessError(
            f"the run of {method} ended without a result ({found[0]['status']}: {told}): run it again with rerun-failed"
        )
    return found[0]


def _findings(row: Row, replicates: int | None, consistently: bool, jobs: int) -> Findings:
    from benchmark.problem.problem import load_problem
    from benchmark.uncertainty.bootstrap import bootstrap
    from benchmark.uncertainty.consistency import bone_faults
    from benchmark.uncertainty.consistent_bones import consistent
    from benchmark.uncertainty.estimates import uncertainty
    from benchmark.uncertainty.table import Findings, bootstrap_remark, uncertainty_table

    problem = load_problem(row["problem"]).replicate(row["seed"])
    values, remarks = row["identified"], list[str]()
    if consistently:
        made = consistent(problem, values)
        values = made.values
        remarks += [*made.remarks, f"unexplained before: {made.before:.6g} rad2/s4, with these bones: {made.after:.6g}"]
    found = uncertainty(problem, values)
    again = None
    if replicates is not None:
        again = bootstrap(problem, values, replicates, jobs=jobs, progress=_tell)
        remarks.append(bootstrap_remark(again))
    return Findings(
        run=_title(row, found.noise_rad_per_s2, found.degrees_of_freedom),
        table=uncertainty_table(problem, found, again),
        faults=bone_faults(values, problem.arm.identified_bodies),
        remarks=[*found.remarks, *remarks],
    )


def _title(row: Row, noise: float, freedom: int) -> str:
    start = start_level_text(row["start_level"])
    return (
        f"{row['suite']}: {row['problem']} {row['method']} {start} seed {row['seed']}, {row['status']}; noise of "
        f"{noise:.3g} rad/s2 by {freedom} degrees of freedom"
    )


def _tell(done: int, of: int) -> None:
    print(f"\r{done} of {of} replicates", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _start_level(text: str) -> StartLevel:
    try:
        return parse_start_level(text)
    except ValueError as error:
        raise HarnessError(f"{text!r} is no start level: give one such as 0.1, or uniform") from error
