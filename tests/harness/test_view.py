"""What a method gets and what the harness records of it, on a small problem with a known answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch

from benchmark.harness.errors import HarnessError
from benchmark.harness.recorder import TRACE_POINTS, BudgetSpent, NotFinite, TargetReached, TracePoint
from benchmark.harness.view import ProblemView
from benchmark.problem.equilibrium_stage import EquilibriumStage
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.problem import load_problem
from benchmark.problem.stage import NoSuchFormError
from benchmark.problem.tendon_stage import TendonStage
from tests.harness.bowl import Bowl, recorder


def test_values_and_derivatives() -> None:
    view = ProblemView(Bowl(), recorder(), seed=0)
    assert view.loss(np.zeros(2)) == 17.0
    np.testing.assert_array_equal(view.residual(np.zeros(2)), [-1.0, 4.0])
    residual, jacobian = view.residual_and_jacobian(np.zeros(2))
    np.testing.assert_array_equal(2.0 * jacobian.T @ residual, [-2.0, 16.0])
    loss, gradient = view.loss_and_gradient(np.zeros(2))
    assert loss == 17.0
    np.testing.assert_array_equal(gradient, [-2.0, 16.0])
    assert view.torch_loss(torch.zeros(2, dtype=torch.float64)).item() == 17.0


def test_every_call_is_counted_by_kind() -> None:
    record = recorder()
    view = ProblemView(Bowl(), record, seed=0)
    view.loss(np.zeros(2))
    view.residual(np.zeros(2))
    view.gradient(np.zeros(2))
    view.report(np.zeros(2), 5, "solver")
    literal = view.literal()
    assert literal(torch.zeros(2, dtype=torch.float64)).item() == 17.0
    assert dict(record.counts) == {"loss": 1, "residual": 1, "gradient": 1, "solver": 5, "literal": 1}
    assert record.evaluations == 9
    assert record.cost == 1.0 + 1.0 + 2.5 + 5 * 9.0 + 400.0


def test_an_equation_of_motion_is_that_of_accelerations() -> None:
    """Made off the clock; what there is none of says so."""
    problem = load_problem("m1-a-published")
    stage = problem.acceleration_stage(problem.start(0.1, 0))
    record = recorder()
    motion = ProblemView(stage, record, seed=0).equation_of_motion(stride=20)
    assert motion.samples == -(-len(problem.coupled[0].counted) // 20)
    assert record.seconds < 0.05
    assert record.evaluations == 0
    with pytest.raises(NoSuchFormError, match="the bowl stage has no equation of motion"):
        ProblemView(Bowl(), recorder(), seed=0).equation_of_motion()


def test_incremental_evaluations_are_counted_and_kept() -> None:
    record = recorder()
    loss_at = ProblemView(Bowl(), record, seed=0).incremental()
    assert record.evaluations == 0
    assert [loss_at(np.zeros(2)), loss_at(np.array([1.0, -1.0]))] == [17.0, 4.0]
    assert dict(record.counts) == {"incremental": 2}
    assert record.cost == 0.5
    assert record.best_loss == 4.0
    with pytest.raises(NotFinite, match="b = nan"):
        loss_at(np.array([0.0, np.nan]))


@pytest.mark.parametrize("kind", [FibreStage, EquilibriumStage, TendonStage])
def test_a_stage_of_no_incremental_form_says_so(kind: type[Any]) -> None:
    """Whatever it holds: the answer is the same for all."""
    with pytest.raises(NoSuchFormError, match="no incremental form"):
        object.__new__(kind).incremental()


def test_the_last_evaluation_of_the_budget_still_counts() -> None:
    record = recorder(evaluations=2)
    view = ProblemView(Bowl(), record, seed=0)
    view.loss(np.zeros(2))
    assert view.evaluations_left == 1
    with pytest.raises(BudgetSpent):
        view.loss(np.array([1.0, -2.0]))
    assert record.best_loss == 0.0


def test_the_budget_of_seconds_binds() -> None:
    view = ProblemView(Bowl(), recorder(1e-9), seed=0)
    with pytest.raises(BudgetSpent):
        view.loss(np.zeros(2))


def test_points_out_of_bounds_and_nan_are_never_the_best() -> None:
    record = recorder()
    view = ProblemView(Bowl(), record, seed=0)
    view.loss(np.array([1.0, -2.0]) + 1.5)
    best = record.best_loss
    record.record("loss", np.array([1.0, -9.0]), 0.0)
    record.record("loss", np.zeros(2), float("nan"))
    assert record.best_loss == best


def test_the_budget_of_cost_binds() -> None:
    view = ProblemView(Bowl(), recorder(cost=4.0), seed=0)
    view.gradient(np.zeros(2))
    with pytest.raises(BudgetSpent):
        view.gradient(np.zeros(2))


def test_a_spent_budget_stays_spent() -> None:
    """Whoever catches its end and goes on is told again."""
    view = ProblemView(Bowl(), recorder(evaluations=1), seed=0)
    for _ in range(3):
        with pytest.raises(BudgetSpent):
            view.loss(np.zeros(2))


def test_the_target_ends_a_stage() -> None:
    view = ProblemView(Bowl(), recorder(target=1.0), seed=0)
    view.loss(np.zeros(2))
    with pytest.raises(TargetReached):
        view.loss(np.array([1.5, -2.0]))


@pytest.mark.parametrize("x", [np.zeros(3), np.zeros((1, 2)), 0.0])
def test_a_point_of_another_shape_is_told(x: Any) -> None:
    view = ProblemView(Bowl(), recorder(), seed=0)
    for evaluate in (view.loss, view.residual, view.residual_and_jacobian, view.gradient):
        with pytest.raises(ValueError, match=r"expected \(2,\)"):
            evaluate(x)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_point_that_is_no_numbers_ends_the_stage(value: float) -> None:
    record = recorder()
    with pytest.raises(NotFinite, match="b = "):
        ProblemView(Bowl(), record, seed=0).loss(np.array([0.0, value]))
    assert record.evaluations == 0


def test_an_evaluation_without_a_price_is_told() -> None:
    with pytest.raises(HarnessError, match="unknown kind of evaluation 'solvers': did you mean solver"):
        ProblemView(Bowl(), recorder(), seed=0).report(np.zeros(2), 1, "solvers")


def test_what_the_harness_does_for_itself_is_not_on_the_clock() -> None:
    record = recorder()
    with record.aside():
        time.sleep(0.1)
    assert record.seconds < 0.05


def test_both_clocks_are_kept() -> None:
    record = recorder()
    time.sleep(0.05)
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
    history = record.close()
    assert history.cpu_seconds is not None
    assert 0.05 <= history.cpu_seconds < 0.09
    assert history.seconds >= 0.1


@dataclass
class _Noted:
    """A watch that notes what it is told."""

    told: list[Any] = field(default_factory=list)

    def solving(self, seconds_left: float) -> None:
        self.told.append(round(seconds_left))

    def aside(self) -> None:
        self.told.append("aside")

    def seen(self, stage: int, point: TracePoint) -> None:
        self.told.append((stage, point.loss, point.counts))


def test_a_watch_is_told_all_that_matters() -> None:
    watch = _Noted()
    record = recorder(60.0, watch)
    view = ProblemView(Bowl(), record, seed=0)
    view.loss(np.zeros(2))
    view.report(np.array([1.0, -2.0]), 3, "solver")
    record.close()
    seen = [(0, 17.0, {"loss": 1}), (0, 0.0, {"loss": 1, "solver": 3})]
    assert watch.told == [60, seen[0], "aside", 60, seen[1], "aside", seen[1]]


def test_the_clock_stops_when_the_stage_ends() -> None:
    record = recorder()
    record.close()
    at_the_end = record.seconds
    time.sleep(0.01)
    assert record.seconds == at_the_end


def test_the_trace_stays_short_and_ends_with_the_best() -> None:
    record = recorder()
    for k in range(5000):
        record.record("loss", np.array([1.0, -2.0]), 1.0 / (k + 1))
    record.close()
    assert TRACE_POINTS / 4 < len(record.trace) <= TRACE_POINTS + 1
    assert record.trace[-1].counts == {"loss": 5000}
    assert record.trace[-1].loss == record.best_loss == 1.0 / 5000


def test_only_controls_see_the_truth() -> None:
    with pytest.raises(PermissionError, match="control"):
        _ = ProblemView(Bowl(), recorder(), seed=0).truth
    truth = np.array([1.0, -2.0])
    assert ProblemView(Bowl(), recorder(), 0, truth).truth is truth


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, second = (ProblemView(Bowl(), recorder(), seed=7).rng.random(3) for _ in range(2))
    np.testing.assert_array_equal(first, second)
