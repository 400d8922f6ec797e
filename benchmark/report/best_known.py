"""The stored targets beside the best objectives among stored runs, and how the latter become the former."""

from __future__ import annotations

from collections.abc import Sequence

from tabulate import tabulate

from benchmark.harness.errors import HarnessError
from benchmark.harness.row import DELIVERED, Row
from benchmark.problem.problem import load_problem
from benchmark.problem.problem_name import known_problem
from benchmark.problem.start_level import start_level_text
from benchmark.problem.targets import Target, Targets, objective, target_ratio
from benchmark.report.endings import OBJECTIVE
from benchmark.report.formats import MISSING, figure

# Relative. Less is where in the same minimum a run stopped, or rounding: residuals there are nine decades below the
# accelerations whose difference they are.
SAME = 1e-3
HEADERS = ("problem", "best known (rad2/s4)", "target (rad2/s4)", "found by", "best stored (rad2/s4)", "found by")


def best_rows(rows: Sequence[Row]) -> dict[str, Row]:
    """The stored run with the lowest objective of each problem; none of a problem whose runs do not have it.

    Noise is another with each seed, and with it the best minimum: problems with imperfections have none.
    """
    best: dict[str, Row] = {}
    for row in rows:
        if _is_imperfect(row["problem"]):
            continue
        known = best.get(row["problem"])
        if row["status"] in DELIVERED and row.get(OBJECTIVE) is not None:
            best[row["problem"]] = row if known is None or row[OBJECTIVE] < known[OBJECTIVE] else known
    return dict(sorted(best.items()))


def lowered(targets: Targets, rows: Sequence[Row]) -> dict[str, Target]:
    """The targets of problems that a stored run has a lower objective of, or the first one.

    Parameters
    ----------
    targets
        The targets known.
    rows
        Stored rows.

    Raises
    ------
    HarnessError
        If what a row says is not what today's problem gives at the parameters that the run identified.
    """
    found = {}
    for problem, row in best_rows(rows).items():
        known = targets.get(problem)
        if known is None or row[OBJECTIVE] < (1.0 - SAME) * known.best_known_rad2_per_s4:
            found[problem] = _target(row)
    return found


def _target(row: Row) -> Target:
    """The target that a run sets; its objective is computed anew, as the row may be older than the code."""
    best = objective(load_problem(row["problem"]), row["identified"])
    if abs(best - row[OBJECTIVE]) > SAME * best:
        raise HarnessError(
            f"{_run(row)}, of suite {row['suite']} on {row['problem']}, ended at {row[OBJECTIVE]:.6g} rad2/s4, but its "
            f"parameters give {best:.6g} rad2/s4 now: it is out of date, run it again"
        )
    return Target(
        best_known_rad2_per_s4=best,
        target_rad2_per_s4=target_ratio(row["problem"]) * best,
        method=row["method"],
        start_level=row["start_level"],
        seed=row["seed"],
        date=row["provenance"]["date"].partition("T")[0],
    )


def targets_table(targets: Targets, rows: Sequence[Row]) -> str:
    """The stored targets, with the best objective among stored runs beside them, as a plain table."""
    best = best_rows(rows)
    lines = [_line(problem, targets.get(problem), best.get(problem)) for problem in sorted({*targets, *best})]
    return tabulate(lines, headers=HEADERS, disable_numparse=True)


def _line(problem: str, target: Target | None, row: Row | None) -> tuple[str, ...]:
    known = (MISSING,) * 3
    if target is not None:
        known = (figure(target.best_known_rad2_per_s4), figure(target.target_rad2_per_s4), _run(vars(target)))
    stored = (MISSING, MISSING) if row is None else (figure(row[OBJECTIVE]), _run(row))
    return (problem, *known, *stored)


def _run(entry: Row) -> str:
    return f"{entry['method']}, {start_level_text(entry['start_level'])} start, seed {entry['seed']}"


def _is_imperfect(problem: str) -> bool:
    parsed = known_problem(problem)
    return parsed is not None and bool(parsed.imperfections)
