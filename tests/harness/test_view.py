"""What a method gets and what the harness records of it, on a small problem with a known answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from benchmark.harness.recorder import TRACE_POINTS, BudgetSpent, StageRecorder
from benchmark.harness.view import ProblemView
from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.problem.parameters import ParameterSpace


class Bowl:
    """Loss (x0 - 1)^2 + 4 (x1 + 2)^2."""

    name = "bowl"
    space = ParameterSpace(("a", "b"), np.array([-3.0, -3.0]), np.array([3.0, 3.0]), np.zeros(2))

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        one = xp.constant(np.ones(1))
        return [one * (x[0] - 1.0), one * 2.0 * (x[1] + 2.0)]

    def residual(self, x: np.ndarray) -> np.ndarray:
        return np.concatenate(self.rows(x))

    def residual_and_jacobian(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.residual(x), np.diag([1.0, 2.0])

    def symbolic(self) -> Any:
        raise NotImplementedError

    def literal(self) -> Callable[[Any], Any]:
        return lambda x: (x[0] - 1.0) ** 2 + 4.0 * (x[1] + 2.0) ** 2


def recorder(budget_s: float = 60.0, evaluations: int | None = None) -> StageRecorder:
    return StageRecorder(Bowl.space, budget_s, evaluations)


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
    view.report(np.zeros(2), evaluations=5)
    literal = view.literal()
    assert literal(torch.zeros(2, dtype=torch.float64)).item() == 17.0
    assert dict(record.counts) == {"loss": 1, "residual": 1, "gradient": 1, "reported": 5, "literal": 1}
    assert record.evaluations == 9


def test_the_last_evaluation_of_the_budget_still_counts() -> None:
    record = recorder(evaluations=2)
    view = ProblemView(Bowl(), record, seed=0)
    view.loss(np.zeros(2))
    assert view.evaluations_left == 1
    with pytest.raises(BudgetSpent):
        view.loss(np.array([1.0, -2.0]))
    assert record.best_loss == 0.0


def test_the_budget_of_seconds_binds() -> None:
    view = ProblemView(Bowl(), recorder(budget_s=1e-9), seed=0)
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


def test_what_the_harness_does_for_itself_is_not_on_the_clock() -> None:
    record = recorder()
    before = record.seconds
    record.set_aside(100.0)
    assert record.seconds < before - 99.0


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
    assert record.trace[-1].evaluations == 5000
    assert record.trace[-1].loss == record.best_loss == 1.0 / 5000


def test_only_controls_see_the_truth() -> None:
    with pytest.raises(PermissionError, match="control"):
        _ = ProblemView(Bowl(), recorder(), seed=0).truth
    truth = np.array([1.0, -2.0])
    assert ProblemView(Bowl(), recorder(), 0, truth).truth is truth


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, second = (ProblemView(Bowl(), recorder(), seed=7).rng.random(3) for _ in range(2))
    np.testing.assert_array_equal(first, second)
