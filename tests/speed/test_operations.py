"""What is timed, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from types import SimpleNamespace
from typing import NoReturn
from unittest.mock import Mock

import casadi
import numpy as np
import pytest
import torch

from benchmark.problem.collocation import Collocation
from benchmark.problem.equation_of_motion import EquationOfMotion
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.problem import load_problem
from benchmark.problem.stage import NoSuchFormError
from benchmark.speed import clock, worker
from benchmark.speed.clock import Effort, median_seconds
from benchmark.speed.operations import OPERATIONS, Operation
from methods import pinn
from methods._pinn_objective import Objective
from tests.harness.bowl import Bowl

PROBLEM = "m1-a-published"


class CollocatedBowl(Bowl):
    """A bowl with unknowns of its own, and a constraint on one of them."""

    def collocation(self) -> Collocation:
        u = casadi.MX.sym("u", 2)
        unseen, slopes = casadi.DM.zeros(2, 2), casadi.jacobian(u[0], u)
        return Collocation(u, 4.0 * u[1] ** 2, u[0] - 1.0, slopes, unseen, np.array([3.0, 5.0]), np.ones(2))


class UnsymbolicBowl(Bowl):
    """A bowl whose loss has neither a symbolic nor a literal form."""

    def symbolic(self) -> NoReturn:
        raise NoSuchFormError("not in symbols")

    def literal(self) -> NoReturn:
        raise NoSuchFormError("not in the paper")


@dataclass(frozen=True, eq=False)
class Line:
    """The reference back end's residual along a direction from the start, and its differences."""

    stage: FibreStage
    direction: np.ndarray

    def residual(self, way: float = 0.0) -> np.ndarray:
        return np.concatenate(self.stage.rows(self.stage.space.start + way * self.direction))

    def loss(self, way: float = 0.0) -> float:
        return float(self.residual(way) @ self.residual(way))

    def rate(self, step: float = 1e-6) -> np.ndarray:
        return np.asarray((self.residual(step) - self.residual(-step)) / (2.0 * step))

    def slope(self) -> float:
        return 2.0 * float(self.residual() @ self.rate())

    def curvature(self, step: float = 1e-6) -> float:
        return (self.loss(step) - 2.0 * self.loss() + self.loss(-step)) / step**2


def slope_of_network(stage: FibreStage, step: float = 1e-5) -> float:
    """Difference of the network's loss along equal steps of all parameters' coordinates."""
    physics = EquationOfMotion(stage, pinn.OPTIONS["stride"])
    objective = Objective(physics, stage.space, stage.space.start, pinn.OPTIONS, seed=0)
    ends = []
    for side in (step, -2.0 * step):
        with torch.no_grad():
            objective.moved.add_(side)
        ends.append(float(objective.terms().detach().sum()))
    return (ends[0] - ends[1]) / (2.0 * step)


@pytest.fixture(scope="module")
def line() -> Line:
    problem = load_problem(PROBLEM)
    stage = problem.fibre_stage(problem.start(0.1, 0))
    signs = np.random.default_rng(0).choice([-1.0, 1.0], stage.space.size)
    return Line(stage, stage.space.scale * signs)


@pytest.mark.parametrize(
    "operation",
    [operation for operation in OPERATIONS if operation.name not in ("incremental loss", "collocation")],
    ids=lambda operation: f"{operation.name}, {operation.backend}",
)
def test_what_is_timed_is_what_the_row_says(operation: Operation, line: Line) -> None:
    """Against the reference back end's residual along a line, and its differences.

    Losses agree to rounding, the literal one too; central differences leave up to 1e-8, second differences 4e-5. The
    Gauss-Newton Hessian is another one than the exact one: it differs by a factor here.
    """
    found = operation.prepare(line.stage, line.stage.space.start)()
    along = line.direction
    match operation.name:
        case "residual" | "literal residual":
            rows = {"compiled": [found], "numpy": found}.get(operation.backend)
            loss = float(found) if rows is None else sum(row @ row for row in rows)
            assert loss == pytest.approx(line.loss(), rel=1e-9)
        case "gradient" | "literal epoch":
            assert np.asarray(found).ravel() @ along == pytest.approx(line.slope(), rel=1e-6)
        case "residual and Jacobian":
            residual, jacobian = found
            assert residual @ residual == pytest.approx(line.loss(), rel=1e-9)
            np.testing.assert_allclose(jacobian @ along, line.rate(), rtol=0, atol=1e-6 * np.abs(line.rate()).max())
        case "Gauss-Newton Hessian":
            assert along @ _dense(found) @ along == pytest.approx(2.0 * line.rate() @ line.rate(), rel=1e-6)
        case "exact Hessian":
            assert along @ _dense(found) @ along == pytest.approx(line.curvature(), rel=1e-3)
        case "network epoch":
            assert float(found.sum()) == pytest.approx(slope_of_network(line.stage), rel=1e-6)
        case _:
            pytest.fail(f"nothing is known about {operation.name}")


def test_a_sweep_changes_one_parameter_after_the_other_within_the_bounds() -> None:
    """Of (x0 - 1)^2 + 4 (x1 + 2)^2 between -3 and 3: a hundredth of the scales, 0.06 and 3, the latter downwards."""
    [sweep] = [operation for operation in OPERATIONS if operation.is_sweep]
    found = sweep.prepare(Bowl(), np.array([0.0, 3.0]))()
    assert found == pytest.approx([(0.0006 - 1.0) ** 2 + 100.0, 1.0 + 4.0 * (5.0 - 0.0006) ** 2], rel=1e-14)


def test_a_collocation_is_evaluated_at_its_start() -> None:
    """The loss 4 u1^2 under u0 - 1 = 0 at (3, 5): 100, 2, and the slopes 1 and 0."""
    [operation] = [operation for operation in OPERATIONS if operation.name == "collocation"]
    loss, constraints, jacobian = operation.prepare(CollocatedBowl(), np.zeros(2))()
    assert (float(loss), float(constraints)) == (100.0, 2.0)
    np.testing.assert_array_equal(_dense(jacobian), [[1.0, 0.0]])
    with pytest.raises(NoSuchFormError, match="the bowl stage has no fibre states"):
        operation.prepare(Bowl(), np.zeros(2))


def test_operations_that_a_stage_lacks_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is a sweep over the parameters has the time of one of them."""
    stage = UnsymbolicBowl()
    monkeypatch.setattr(worker, "load_problem", lambda name: SimpleNamespace(start=Mock(), first_stage=lambda _: stage))
    monkeypatch.setattr(worker, "median_seconds", lambda calls, effort: [6.0] * len(calls))
    timings = worker.time_problem("bowl", worker.EFFORTS["quick"])
    assert {timing.backend for timing in timings} == {"compiled", "numpy", "torch"}
    times = {timing.operation: timing.milliseconds for timing in timings if timing.backend == "compiled"}
    assert times == {
        **dict.fromkeys(("residual", "gradient", "residual and Jacobian"), 6000.0),
        "incremental loss": 3000.0,
        "compile": 0.0,
    }


def _dense(matrix: casadi.DM) -> np.ndarray:
    return np.array(casadi.densify(matrix))


class ScriptedClock:
    """A clock that calls move, and a record of who was called."""

    def __init__(self) -> None:
        self.now = 0.0
        self.called: list[str] = []

    def perf_counter(self) -> float:
        return self.now

    def call(self, name: str, *seconds: float) -> Callable[[], None]:
        """A call that takes these seconds, in turn and again from the first."""
        durations = cycle(seconds)

        def run() -> None:
            self.called.append(name)
            self.now += next(durations)

        return run


def test_medians_over_interleaved_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Durations are binary fractions, so that sums are exact."""
    scripted = ScriptedClock()
    monkeypatch.setattr(clock, "time", scripted)
    # An outlier in every round, one call that fills its slice alone, and one that has had enough after two rounds.
    calls = [scripted.call("a", 0.25, 0.25, 4.0), scripted.call("b", 1.0, 2.0, 3.0), scripted.call("c", 16.0)]
    found = median_seconds(calls, Effort(rounds=3, slice_s=1.0, fewest_rounds=2, enough_s=20.0))
    assert found == [0.25, 2.0, 16.0]
    assert "".join(scripted.called) == "aaabc" + "aaabc" + "aaab"
