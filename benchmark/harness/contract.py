"""The contract that every method keeps: a few short runs, and a check for each of its clauses."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from benchmark.harness.errors import HarnessError
from benchmark.harness.methods import load_method, method_threads
from benchmark.harness.row import DELIVERED, Row, Trace
from benchmark.harness.spec import RunSpec

Run = Callable[[RunSpec], tuple[Row, Trace]]

PROBLEM = "m1-a-published"
START_LEVEL = 0.1
SECONDS = 2.0
LATE_S = 1.5  # that a step may still take when the seconds are spent
FEWEST_EVALUATIONS, MOST_EVALUATIONS = 4, 60
LATE_EVALUATIONS = 2  # a solver that evaluates by itself reports when its step is done
ENOUGH_S = 60.0  # for runs that evaluations are to end

# What to do about runs whose message says only what happened.
REMEDIES = {
    "diverged": "put points within bounds by view.space.clip",
    "killed": "view ends the run at the next evaluation only: let none be long in coming",
    "out of memory": "take less, or run fewer things at a time",
}


class Verdict(NamedTuple):
    """Whether a clause of the contract is kept.

    Attributes
    ----------
    clause
        What the method was to do.
    wrong
        What it did instead, and what to do about it; empty if the clause is kept.
    """

    clause: str
    wrong: str = ""

    @property
    def kept(self) -> bool:
        """Whether the method did what it was to do."""
        return not self.wrong


def check_method(method: str, run: Run, problem: str = PROBLEM, seconds: float = SECONDS) -> Iterator[Verdict]:
    """Run a method a few times, and check it clause by clause; without a result there is no more to check.

    Parameters
    ----------
    method
        Name of the method.
    run
        What makes row and trace of a run.
    problem
        Name of the problem to run it on.
    seconds
        Budget of the run that seconds end.
    """
    yield (complete := file_is_complete(method))
    if complete.kept:
        rows = _runs(method, run, problem, seconds)
        yield (ends := ends_with_a_result(rows))
        if ends.kept:
            timed, first, second = rows
            yield leaves_nothing_to_remark(rows)
            yield result_is_finite_and_within_bounds(rows)
            yield keeps_its_seconds(timed)
            yield keeps_its_evaluations(first)
            yield repeats_itself(first, second)
            yield is_never_worse_than_its_start(rows)
            if not load_method(method).is_control:
                yield improves_on_its_start(rows)


def timed_spec(method: str, problem: str = PROBLEM, seconds: float = SECONDS) -> RunSpec:
    """A run that seconds end."""
    return RunSpec("check", problem, method, START_LEVEL, 0, seconds, threads=method_threads(method))


def counted_spec(method: str, evaluations: int, problem: str = PROBLEM) -> RunSpec:
    """A run that evaluations end."""
    threads = method_threads(method)
    return RunSpec("check", problem, method, START_LEVEL, 0, ENOUGH_S, evaluations, threads=threads)


def file_is_complete(method: str) -> Verdict:
    """Its file can be imported and holds what a method needs."""
    try:
        load_method(method)
    except HarnessError as error:
        return Verdict("its file is complete", str(error))
    return Verdict("its file is complete")


def ends_with_a_result(rows: Iterable[Row]) -> Verdict:
    """Its runs end by themselves or at their budgets, and not in an error."""
    clause = "its runs end by themselves or at their budgets"
    for row in rows:
        if row["status"] == "skipped":
            return Verdict(clause, f"it skips {row['problem']} ({row['message']}): name another one with --problem")
        if row["status"] not in DELIVERED:
            said = (f"{_called(row)} {row['status']}", row["message"], REMEDIES.get(row["status"], ""))
            return Verdict(clause, ": ".join(filter(None, said)))
    return Verdict(clause)


def leaves_nothing_to_remark(rows: Iterable[Row]) -> Verdict:
    """It claims no loss that is not there, and leaves no processes behind."""
    remark = next((row["message"] for row in rows if row["message"]), "")
    return Verdict("the harness has nothing to remark", remark)


def result_is_finite_and_within_bounds(rows: Iterable[Row]) -> Verdict:
    """What it found, and all that is measured of it, are finite numbers, and the parameters within their bounds."""
    from benchmark.problem.problem import load_problem  # takes a second, which not every command needs to wait

    clause = "its result is finite and within the bounds"
    for row in rows:
        problem = load_problem(row["problem"])
        outside = [name for name, value in row["identified"].items() if not _is_between(value, *problem.bounds(name))]
        if outside:
            return Verdict(clause, f"{', '.join(outside)} are not: put points within bounds by view.space.clip")
        endless = [name for name, value in row.items() if isinstance(value, float) and not math.isfinite(value)]
        if endless:
            return Verdict(clause, f"{', '.join(endless)} of it are no finite numbers: look at what solve returns")
    return Verdict(clause)


def keeps_its_seconds(row: Row) -> Verdict:
    """A run that seconds end takes hardly more."""
    took, budget = row["solve_s"], row["budget_s"]
    clause = f"a run of {budget:g} s ends within {budget + LATE_S:g} s"
    if took <= budget + LATE_S:
        return Verdict(clause)
    return Verdict(clause, f"it took {took:.1f} s: a step must not take long, or ask view.seconds_left before it")


def keeps_its_evaluations(row: Row) -> Verdict:
    """A run that evaluations end makes hardly more."""
    made, budget = row["evaluations"], row["budget_evaluations"]
    clause = f"a run of {budget} evaluations makes no more than {budget + LATE_EVALUATIONS}"
    if made <= budget + LATE_EVALUATIONS:
        return Verdict(clause)
    return Verdict(clause, f"it made {made}: do not catch what view raises when the budget is spent")


def repeats_itself(first: Row, second: Row) -> Verdict:
    """Two runs with the same seed end at the same point."""
    clause = "the same seed gives the same result"
    differ = [name for name, value in first["identified"].items() if second["identified"].get(name) != value]
    if first["loss"] == second["loss"] and not differ:
        return Verdict(clause)
    losses = f"losses {first['loss']!r} and {second['loss']!r}"
    return Verdict(clause, f"{losses}, {len(differ)} parameters differ: take random numbers from view.rng, no clock")


def is_never_worse_than_its_start(rows: Iterable[Row]) -> Verdict:
    """No run ends above the loss that it started from."""
    clause = "it is never worse than its start"
    worse = [row for row in rows if not row["loss"] <= row["loss_start"]]
    if not worse:
        return Verdict(clause)
    return Verdict(clause, f"{_called(worse[0])} {_losses(worse[0])}: evaluate view.space.start first")


def improves_on_its_start(rows: Iterable[Row]) -> Verdict:
    """Some run ends below the loss that it started from."""
    rows, clause = [*rows], "it improves on its start"
    if any(row["loss"] < row["loss_start"] for row in rows):
        return Verdict(clause)
    return Verdict(clause, f"{_losses(rows[0])}: its first steps may be too long for view.space.scale")


def _runs(method: str, run: Run, problem: str, seconds: float) -> list[Row]:
    """A run that seconds end and two alike that evaluations end; no more after one without a result."""
    row, trace = run(timed_spec(method, problem, seconds))
    if row["status"] not in DELIVERED:
        return [row]
    # What the first stage took in that time: the second one's evaluations are cheaper.
    managed = int(trace["evaluations"][trace["stage"] == 0].max())
    evaluations = min(max(managed, FEWEST_EVALUATIONS), MOST_EVALUATIONS)
    return [row, *(run(counted_spec(method, evaluations, problem))[0] for _ in range(2))]


def _is_between(value: Any, lower: float, upper: float) -> bool:
    return isinstance(value, float) and lower <= value <= upper


def _called(row: Row) -> str:
    evaluations = row["budget_evaluations"]
    return f"the run of {row['budget_s']:g} s" if evaluations is None else f"a run of {evaluations} evaluations"


def _losses(row: Row) -> str:
    return f"from a loss of {row['loss_start']:.6g} it came to {row['loss']:.6g}"
