"""One run: how it can end, and what its row then says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmark.harness.execute import execute, recover
from benchmark.harness.recorder import TracePoint
from benchmark.harness.row import ACCURACY_MEASURES, Ending
from benchmark.harness.seen import Seen
from benchmark.harness.spec import RunSpec
from benchmark.problem.problem import load_problem
from benchmark.problem.targets import load_targets
from methods import random_search

PROBLEM = "m1-a-published"
SPEC = RunSpec("tests", PROBLEM, "random_search", 0.1, 0, 60.0, 24)


@pytest.fixture
def solve(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts another function in place of what random_search does."""
    return lambda function: monkeypatch.setattr(random_search, "solve", function)


def test_to_the_target_a_run_stops_as_soon_as_it_is_there() -> None:
    own, own_trace = execute(replace(SPEC, method="gauss_newton", budget_evaluations=None))
    aimed, aimed_trace = execute(replace(SPEC, method="gauss_newton", budget_evaluations=None, stop="target"))
    target = load_targets()[PROBLEM].target_rad2_per_s4
    assert (own["status"], own["message"]) == ("converged", "")
    assert (aimed["status"], aimed["message"]) == ("converged", "stopped at the target")
    assert own["objective_rad2_per_s4"] < aimed["objective_rad2_per_s4"] <= target
    in_stage_one = [trace["evaluations"][trace["stage"] == 0].max() for trace in (aimed_trace, own_trace)]
    assert in_stage_one[0] < in_stage_one[1]


def test_a_budget_of_cost_is_shared_by_the_stages() -> None:
    """A random search pays one residual evaluation each: 20 of 24 go to stage one, and 4 to stage two."""
    row, trace = execute(replace(SPEC, budget_evaluations=None, budget_cost=24.0))
    assert (row["status"], row["evaluations"]) == ("budget", 24)
    assert Counter(trace["stage"])[1.0] >= 1


@pytest.mark.parametrize("reason", ["not today", True])
def test_a_method_may_say_why_it_does_not_apply(monkeypatch: pytest.MonkeyPatch, reason: Any) -> None:
    monkeypatch.setattr(random_search, "skip", lambda view, options: reason, raising=False)
    row, trace = execute(SPEC)
    assert (row["status"], row["message"]) == ("skipped", str(reason))
    assert [row[name] for name in ACCURACY_MEASURES] == [None] * len(ACCURACY_MEASURES)
    assert trace == {}


def test_what_a_method_raises_is_told_with_its_place() -> None:
    row, _ = execute(replace(SPEC, options={"evaluations": "many"}))
    assert row["status"] == "failed"
    assert "cannot be interpreted as an integer (random_search.py, line " in row["message"]
    assert row["loss"] <= row["loss_start"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ArithmeticError("no idea"), "failed"),
        (SystemExit(3), "failed"),
        (MemoryError("too much"), "out of memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to"), "out of memory"),
    ],
)
def test_every_exception_becomes_a_status(solve: Any, error: BaseException, status: str) -> None:
    def broken(view: Any, options: Any) -> None:
        raise error

    solve(broken)
    row, _ = execute(SPEC)
    assert row["status"] == status
    assert row["loss"] == row["loss_start"]


def test_a_method_that_sees_nothing_has_diverged(solve: Any) -> None:
    solve(lambda view, options: None)
    row, _ = execute(SPEC)
    assert (row["status"], row["message"]) == ("diverged", "no point within the bounds had a finite loss")


def test_a_method_that_loses_itself_has_diverged(solve: Any) -> None:
    def lost(view: Any, options: Any) -> None:
        view.loss(view.space.start)
        view.loss(np.full(view.space.size, np.nan))

    solve(lost)
    row, _ = execute(SPEC)
    assert row["status"] == "diverged"
    assert "= nan was to be evaluated" in row["message"]
    assert row["loss"] == row["loss_start"]


@pytest.mark.parametrize("stage", ["fibre", "tendon"])
def test_a_false_record_is_found_out(solve: Any, stage: str) -> None:
    def forge(view: Any, options: Any) -> None:
        if view.stage == stage:
            view._recorder.record("loss", view.space.start, 0.0)
        else:
            view.loss(view.space.start)

    solve(forge)
    row, _ = execute(SPEC)
    assert row["status"] == "failed"
    assert f"recorded was a loss of 0 in stage {stage}: the reference back end finds" in row["message"]
    assert row["loss"] == row["loss_start"]


def test_a_run_whose_process_is_gone_keeps_what_was_seen_of_it() -> None:
    """The truth was seen in stage one, before the process was killed in it."""
    problem = load_problem(PROBLEM)
    stage = problem.fibre_stage(problem.start(0.1, 0))
    truth = np.array([problem.truth[name] for name in stage.space.names])
    points = (
        TracePoint({"loss": 1}, 0.1, 1.0, stage.space.start),
        TracePoint({"loss": 7, "jacobian": 2}, 0.5, 0.0, truth),
    )
    seen = [Seen(0, point) for point in points]
    row, trace = recover(SPEC, Ending("killed", "too late"), seen)
    assert (row["status"], row["message"]) == ("killed", "too late")
    assert (row["evaluations"], row["counts"], row["solve_s"], row["solve_cpu_s"]) == (9, points[1].counts, 0.5, None)
    assert row["loss"] == pytest.approx(row["loss_truth"])
    assert row["cr2m"] < row["cr2m_start"]
    assert trace["evaluations"].tolist() == [1.0, 9.0]
    assert trace["kinds"].tolist() == ["jacobian", "loss"]
    assert trace["counts"].tolist() == [[0, 1], [2, 7]]
