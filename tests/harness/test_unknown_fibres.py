"""Runs on problems with unknown fibres: one stage, and what does not apply to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from benchmark.harness.execute import execute, recover
from benchmark.harness.recorder import TracePoint
from benchmark.harness.row import Ending
from benchmark.harness.seen import Seen
from benchmark.harness.spec import RunSpec
from benchmark.problem.problem import load_problem
from methods import random_search

PROBLEM = "m1-b-published-fibres_unknown"
SPEC = RunSpec("tests", PROBLEM, "random_search", 0.1, 0, 60.0, 24)


def test_the_one_stage_gets_the_whole_budget_and_all_parameters() -> None:
    row, trace = execute(SPEC)
    assert (row["status"], row["evaluations"]) == ("budget", 24)
    assert Counter(trace["stage"]).keys() == {0.0}
    assert row["loss_truth"] < 1e-6 * row["loss_start"]
    assert "PECM1.tendon_slack_length" in row["identified"]
    assert "DELT1.tendon_slack_length" in trace["error_names"]


@pytest.mark.parametrize("method", ["casadi_ipopt", "casadi_gauss_newton", "paper_literal"])
def test_methods_that_need_another_form_of_the_loss_are_skipped(method: str) -> None:
    row, trace = execute(replace(SPEC, method=method))
    assert row["status"] == "skipped"
    assert "with unknown fibres the loss has no" in row["message"]
    assert (row["loss"], row["left_range"], trace) == (None, [], {})


def test_a_muscle_that_leaves_its_range_at_the_end_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """DELT1 with the longest tendon is slack, and reported at a point that is said to be better than the start."""
    problem = load_problem(PROBLEM)
    space = problem.first_stage(problem.start(0.1, 0)).space
    point = space.start.copy()
    index = space.names.index("DELT1.tendon_slack_length")
    point[index] = space.upper[index]
    row, _ = recover(SPEC, Ending("killed"), [Seen(0, TracePoint({"loss": 1}, 0.1, 1.0, point))])
    assert row["left_range"] == ["DELT1"]
    monkeypatch.setattr(random_search, "solve", lambda view, options: view.loss(np.array(view.space.start)) and None)
    assert execute(SPEC)[0]["left_range"] == []
