"""The physics-informed network: its objective by differences, and what its presets change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from benchmark.harness.execute import execute
from benchmark.harness.methods import load_method
from benchmark.harness.row import Row
from benchmark.harness.spec import RunSpec
from benchmark.problem.equation_of_motion import EquationOfMotion
from benchmark.problem.parameters import ParameterSpace
from benchmark.problem.problem import load_problem
from methods import pinn
from methods._pinn_objective import Bounded, Objective

PROBLEM = "m1-a-published"
SHORT: dict[str, Any] = {"stride": 20, "adam_epochs": 30, "first_epochs": 60, "round": 20, "rounds": 1}


def objective(problem_name: str = PROBLEM, **options: Any) -> Objective:
    problem = load_problem(problem_name)
    stage = problem.acceleration_stage(problem.start(0.1, 0))
    own = {**pinn.OPTIONS, "stride": 40, **options}
    return Objective(EquationOfMotion(stage, own["stride"]), stage.space, stage.space.start, own, seed=0)


def run(method: str = "pinn", problem: str = PROBLEM, **options: Any) -> Row:
    row, _ = execute(RunSpec("test", problem, method, 0.1, 0, 60.0, options={**SHORT, **options}))
    assert row["status"] == "converged", row["message"]
    return row


def test_bounds_cannot_be_left_and_a_unit_is_a_tenth_of_a_scale() -> None:
    """The logistic function's own slope at the first point: a step of 1e-6 gives it to 1e-6."""
    lower, upper, start = np.array([0.0, -1.0, 5.0]), np.array([10.0, 1.0, 6.0]), np.array([1.0, 0.5, 5.0])
    space = ParameterSpace(("a", "b", "c"), lower, upper, start)
    bounded, zero = Bounded(space, start), torch.zeros(3, dtype=torch.float64)
    np.testing.assert_allclose(bounded(zero)[:2], start[:2], rtol=1e-14)
    assert float(bounded(zero)[2]) == pytest.approx(5.001, rel=1e-12)  # one that starts at its bound has to leave it
    slope = (bounded(zero + 1e-6) - bounded(zero - 1e-6)) / 2e-6
    np.testing.assert_allclose(slope, 0.1 * space.scale, rtol=1e-6)
    for far in (-1e6, 1e6):
        found = bounded(zero + far).numpy()
        assert ((found >= lower) & (found <= upper)).all()


@pytest.mark.parametrize("problem", [PROBLEM, "m2-a-published", "m1-a-published-fibres_unknown"])
def test_gradients_of_all_terms(problem: str) -> None:
    """By a small step of all weights and parameters at once: central differences leave 1e-7."""
    found = objective(problem, hidden=(8,))
    trained = [found.moved, *found.weights]
    generator = torch.Generator().manual_seed(0)
    ways = [torch.randn(part.shape, generator=generator, dtype=torch.float64) for part in trained]
    terms = found.terms()
    assert terms.shape == (3,)
    gradients = [torch.autograd.grad(term, trained, retain_graph=True, allow_unused=True) for term in terms]
    step, ends = 1e-5, []
    for side in (step, -2.0 * step):
        with torch.no_grad():
            for part, way in zip(trained, ways, strict=True):
                part.add_(side * way)
        ends.append(found.terms().detach())
    for own, difference in zip(gradients, ends[0] - ends[1], strict=True):
        slope = sum(float((part * way).sum()) for part, way in zip(own, ways, strict=True) if part is not None)
        assert slope == pytest.approx(float(difference) / (2.0 * step), rel=1e-5)


def test_it_learns_the_motion_and_says_what_it_predicts() -> None:
    """Ninety epochs are enough for the angles of one recording; movement c it has not seen."""
    row = run()
    assert row["loss"] < row["loss_start"]
    assert row["counts"]["network"] > 90
    training, held_out = row["predictions"]["training"], row["predictions"]["held_out"]
    muscles = load_problem(PROBLEM).coupled[0].recording.muscles
    assert set(training["force_n"]) == set(held_out["force_n"]) == set(muscles)
    assert min(r2 for _, r2 in training["angle_rad"].values()) > 0.9
    assert max(r2 for _, r2 in held_out["angle_rad"].values()) < 0.9


@pytest.mark.parametrize("preset", ["regression", "fixed_parameters"])
def test_untrained_parameters_stay_where_they_start(preset: str) -> None:
    row = run(f"pinn+{preset}")
    space = load_problem(PROBLEM).acceleration_stage(load_problem(PROBLEM).start(0.1, 0)).space
    stayed = [
        row["identified"][name] == pytest.approx(value, rel=1e-12) for name, value in space.values(space.start).items()
    ]
    assert all(stayed)
    assert ("force_n" in row["predictions"]["training"]) == (preset == "fixed_parameters")


def test_without_physics_nothing_but_the_motion_is_learned() -> None:
    options = load_method("pinn+regression").options
    assert objective(**options).terms().shape == (1,)
    assert objective().terms().shape == (3,)


def test_rates_are_no_part_of_the_loss_of_angles_alone() -> None:
    """Angles' own mean square error over their variance: by hand from what it predicts."""
    found = objective(rates=0.0)
    problem = load_problem(PROBLEM)
    entry = problem.coupled[0]
    columns = [name not in problem.deep_muscles for name in entry.recording.muscles]
    predicted = found.predict(entry.recording.time_s, np.array(entry.recording.emg[:, columns])).position_rad
    assert predicted is not None
    rows = entry.counted[::40]
    recorded = entry.recording.position_rad[rows]
    expected = (((predicted[rows] - recorded) / recorded.std(axis=0, ddof=1)) ** 2).mean()
    assert float(found.terms()[0].detach()) == pytest.approx(expected, rel=1e-10)


def test_warm_it_starts_from_where_gauss_newton_ends() -> None:
    """Which is the best minimum, so that the loss cannot fall any more."""
    cold, warm = run(), run("pinn+warm_started")
    assert warm["counts"]["jacobian"] > 0
    assert warm["loss"] < 1e-4 * cold["loss"]
    assert warm["predictions"]["training"]["angle_rad"]


def test_where_there_is_no_equation_of_motion_it_does_not_apply() -> None:
    for problem, why in (("ignored-a-published", "left out"), ("moments-deg-published", "no equation of motion")):
        row, _ = execute(RunSpec("test", problem, "pinn", 0.1, 0, 10.0, options=SHORT))
        assert row["status"] == "skipped"
        assert why in row["message"]


def test_a_device_that_is_not_there_is_told() -> None:
    row, _ = execute(RunSpec("test", PROBLEM, "pinn", 0.1, 0, 10.0, options={**SHORT, "device": "nowhere"}))
    assert row["status"] == "failed"
    assert "device" in row["message"]
