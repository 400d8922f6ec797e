"""The iterated local search leaves wrong minima, and stops by itself."""

from __future__ import annotations

from benchmark.harness.limits import Limits
from benchmark.harness.prices import load_prices
from benchmark.harness.recorder import StageRecorder
from benchmark.harness.seen import UNWATCHED
from benchmark.harness.view import ProblemView
from benchmark.problem.problem import load_problem
from benchmark.problem.targets import load_targets
from methods import gauss_newton, gauss_newton_ils

PROBLEM = "m1-ab-published"


def test_leaves_a_wrong_minimum_and_stops_by_itself() -> None:
    """From this start with errors of 30 %, gauss_newton ends ten million times too high.

    Without a known target; a budget of evaluations that is some five times what it takes stands guard against a search
    without end, which would raise BudgetSpent.
    """
    problem = load_problem(PROBLEM)
    stage = problem.fibre_stage(problem.start(0.3, 8))
    target = load_targets()[PROBLEM].target_rad2_per_s4 / stage.variance
    recorder = StageRecorder(stage.space, Limits(600.0, 20_000), load_prices(PROBLEM), UNWATCHED)
    view = ProblemView(stage, recorder, seed=8)
    assert view.loss(gauss_newton.solve(view, gauss_newton.OPTIONS)) > 1e3 * target
    assert view.loss(gauss_newton_ils.solve(view, gauss_newton_ils.OPTIONS)) <= target
