"""Times all operations of one problem in this process: ``python -m benchmark.speed.worker PROBLEM EFFORT FILE``.

A process of its own, because libraries read their number of threads when they load, and because compiling can be timed
only where nothing is compiled yet: the caller sets the one and gives an empty folder for the other.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from benchmark.model.compiled import compile_clock
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.stage import NoSuchFormError, Stage
from benchmark.speed.clock import Effort, Timing, median_seconds, timed
from benchmark.speed.operations import OPERATIONS, Call, Operation

START_LEVEL, SEED = 0.1, 0
EFFORTS: Mapping[str, Effort] = {
    "full": Effort(rounds=10, slice_s=0.05, fewest_rounds=5, enough_s=5.0),
    "quick": Effort(rounds=1, slice_s=0.0, fewest_rounds=1, enough_s=0.0),
}


def time_problem(name: str, effort: Effort) -> list[Timing]:
    """Time compiling, building and all operations that there are, at a start with errors of 10 %.

    Parameters
    ----------
    name
        The problem's name.
    effort
        How long to go on.
    """
    problem = load_problem(name)
    stage, compiling = _compiled(problem)
    building: list[Timing] = []
    calls: dict[Operation, Call] = {}
    for operation in OPERATIONS:
        try:
            seconds, calls[operation] = timed(partial(operation.prepare, stage, stage.space.start))
        except NoSuchFormError as error:
            print(f"  {operation.name}, {operation.backend}: none, {error}", flush=True)
            continue
        if operation.is_built:
            building.append(_told(Timing(f"build {operation.name}", operation.backend, 1e3 * seconds)))
        _told(Timing(f"first {operation.name}", operation.backend, 1e3 * timed(calls[operation])[0]))
    print("  and again, in turns", flush=True)
    seconds_each = zip(calls, median_seconds([*calls.values()], effort), strict=True)
    return [*(_timing(operation, stage, seconds) for operation, seconds in seconds_each), compiling, *building]


def _compiled(problem: Problem) -> tuple[Stage, Timing]:
    """Stage one at its start, and the time to compile all that its residual and Jacobian take."""
    with compile_clock() as clock:
        stage = problem.first_stage(problem.start(START_LEVEL, SEED))
        stage.residual(stage.space.start)
        stage.residual_and_jacobian(stage.space.start)
    return stage, _told(Timing("compile", "compiled", 1e3 * clock.seconds))


def _timing(operation: Operation, stage: Stage, seconds: float) -> Timing:
    """The time of one evaluation."""
    count = stage.space.size if operation.is_sweep else 1
    return Timing(operation.name, operation.backend, 1e3 * seconds / count)


def _told(timing: Timing) -> Timing:
    print(f"  {timing.operation}, {timing.backend}: {timing.milliseconds:.3g} ms", flush=True)
    return timing


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who called says that it was stopped
    problem_name, effort_name, file = sys.argv[1:]
    Path(file).write_text(json.dumps(time_problem(problem_name, EFFORTS[effort_name])))
