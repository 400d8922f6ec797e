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

from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.problem import Problem, load_problem
from benchmark.speed.clock import Effort, Timing, median_seconds, timed
from benchmark.speed.operations import OPERATIONS, Call, Operation

START_LEVEL, SEED = 0.1, 0
EFFORTS: Mapping[str, Effort] = {
    "full": Effort(rounds=10, slice_s=0.05, fewest_rounds=5, enough_s=5.0),
    "quick": Effort(rounds=1, slice_s=0.0, fewest_rounds=1, enough_s=0.0),
}


def time_problem(name: str, effort: Effort) -> list[Timing]:
    """Time compiling, building and all operations, at a start with errors of 10 %.

    Parameters
    ----------
    name
        The problem's name.
    effort
        How long to go on.
    """
    problem = load_problem(name)
    start = problem.start(START_LEVEL, SEED)
    compiling = _time_compiling(problem, start)
    stage = problem.fibre_stage(start)
    building: list[Timing] = []
    calls: list[Call] = []
    for operation in OPERATIONS:
        seconds, call = timed(partial(operation.prepare, stage, stage.space.start))
        if operation.is_built:
            building.append(_told(Timing(f"build {operation.name}", operation.backend, 1e3 * seconds)))
        _told(Timing(f"first {operation.name}", operation.backend, 1e3 * timed(call)[0]))
        calls.append(call)
    print("  and again, in turns", flush=True)
    seconds_each = median_seconds(calls, effort)
    return [*map(_timing, OPERATIONS, seconds_each), compiling, *building]


def _time_compiling(problem: Problem, start: Mapping[str, float]) -> Timing:
    """Time the first residual and Jacobian, on a stage made by hand: the problem's own needs compiled code already."""
    stage = FibreStage(problem.projection, problem.arm.identified_bodies, start, variance=1.0)
    x = stage.space.start
    seconds, _ = timed(lambda: (stage.residual(x), stage.residual_and_jacobian(x)))
    return _told(Timing("compile", "compiled", 1e3 * seconds))


def _timing(operation: Operation, seconds: float) -> Timing:
    return Timing(operation.name, operation.backend, 1e3 * seconds)


def _told(timing: Timing) -> Timing:
    print(f"  {timing.operation}, {timing.backend}: {timing.milliseconds:.3g} ms", flush=True)
    return timing


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who called says that it was stopped
    problem_name, effort_name, file = sys.argv[1:]
    Path(file).write_text(json.dumps(time_problem(problem_name, EFFORTS[effort_name])))
