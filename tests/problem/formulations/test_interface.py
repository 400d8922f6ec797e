"""What every formulation must keep, so that any method solves any of them, and what M1 and M2 gave before."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.harness.execute import execute
from benchmark.harness.row import fault
from benchmark.harness.spec import RunSpec
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.formulations import FORMULATIONS
from benchmark.problem.problem import load_problem
from benchmark.problem.stage import NoSuchFormError
from benchmark.problem.stage_loss import loss_and_gradient, stage_loss, torch_loss
from tests.problem.formulations.checks import gradient_errors, squares

Array = NDArray[np.float64]

NAMES = [name for name, formulation in FORMULATIONS.items() if not formulation.tracks_moments]
COMPILED_ALONE = ["bounded", "static_optimisation", "emg_assisted", "synergy_pca", "synergy_nmf"]
REFERENCE_ROWS = Path(__file__).parents[3] / "results" / "reference" / "default"


@cache
def stage_of(formulation: str) -> AccelerationStage:
    """Stage one of one movement, from a 10 % start."""
    problem = load_problem(f"{formulation}-a-published")
    return problem.acceleration_stage(problem.start(0.1, 0))


@cache
def stored_rows(problem: str) -> list[dict[str, Any]]:
    """Rows of seed 0 that ended where a loss is more than rounding."""
    rows = [json.loads(path.read_text()) for path in sorted((REFERENCE_ROWS / problem).glob("*-10-0.json"))]
    return [row for row in rows if row["loss"] > 1e-12]


def test_formulations_go_by_their_own_names() -> None:
    for name, formulation in FORMULATIONS.items():
        assert formulation.name == name
        assert formulation.summary
        assert formulation.deep_muscles in ("eliminated", "modelled", "absent")


@pytest.mark.parametrize("name", COMPILED_ALONE)
def test_unknown_fibres_are_refused_by_what_is_made_for_known_ones(name: str) -> None:
    problem = load_problem(f"{name}-a-published-fibres_unknown")
    with pytest.raises(HarnessError, match=f"has unknown fibres, and {name} is made for known ones"):
        problem.acceleration_stage(problem.truth)


@pytest.mark.parametrize("name", NAMES)
def test_all_forms_of_a_loss_are_one(name: str) -> None:
    """At the start and at a uniform point: rounding, 1e-12 is seen of static optimisation, whose costs are steepest."""
    stage = stage_of(name)
    points = [stage.space.start, np.random.default_rng(2).uniform(stage.space.lower, stage.space.upper)]
    for x in points:
        expected = squares(stage.residual(x))
        for found in (stage_loss(stage, x), loss_and_gradient(stage, x)[0], torch_loss(stage, torch.tensor(x)).item()):
            assert found == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_derivatives_of_the_loss(name: str) -> None:
    """2 J'r against central differences; inner unknowns are found anew at either end. 3e-8 of the gradient is seen."""
    stage = stage_of(name)
    x = stage.space.start
    errors = gradient_errors(stage, lambda at: squares(stage.residual(at)), x, loss_and_gradient(stage, x)[1])
    assert max(errors.values()) < 1e-6, errors


@pytest.mark.parametrize("name", NAMES)
def test_torch_finds_the_same_gradient(name: str) -> None:
    """Where there are inner unknowns torch holds them: that nothing hangs on it is what makes 2 J'r exact.

    Bounded elimination keeps 2e-9, as its residual is a small rest of large forces; all others keep 1e-12.
    """
    stage = stage_of(name)
    x, scale = stage.space.start, stage.space.scale
    point = torch.tensor(x, requires_grad=True)
    torch_loss(stage, point).backward()
    assert point.grad is not None
    expected = loss_and_gradient(stage, x)[1] * scale
    np.testing.assert_allclose(point.grad.numpy() * scale, expected, rtol=0, atol=1e-7 * np.abs(expected).max())


@pytest.mark.parametrize("name", NAMES)
def test_points_far_away_are_finite(name: str) -> None:
    space, stage = stage_of(name).space, stage_of(name)
    rng = np.random.default_rng(0)
    for x in (space.lower, space.upper, *rng.uniform(space.lower, space.upper, (5, space.size))):
        residual, jacobian = stage.residual_and_jacobian(x)
        assert np.isfinite(residual).all()
        assert np.isfinite(jacobian).all()


@pytest.mark.parametrize("name", NAMES)
def test_deep_forces_are_one_a_muscle_and_sample(name: str) -> None:
    problem, stage = load_problem(f"{name}-a-published"), stage_of(name)
    found = FORMULATIONS[name].deep_forces(problem, stage, stage.space.start, problem.start(0.1, 0))
    assert found is not None
    assert found.shape == (problem.samples, len(problem.deep_muscles))
    assert np.isfinite(found).all()


@pytest.mark.parametrize("name", COMPILED_ALONE)
def test_forms_that_are_not_there_say_so(name: str) -> None:
    stage = stage_of(name)
    with pytest.raises(NoSuchFormError, match="no symbolic form"):
        stage.symbolic()
    with pytest.raises(NoSuchFormError, match="no literal form"):
        stage.literal()
    with pytest.raises(NoSuchFormError, match="no incremental form"):
        stage.incremental()


@pytest.mark.parametrize("name", COMPILED_ALONE)
@pytest.mark.parametrize("method", ["casadi_gauss_newton", "paper_literal"])
def test_methods_that_need_such_forms_are_skipped(name: str, method: str) -> None:
    row, trace = execute(RunSpec("tests", f"{name}-a-published", method, 0.1, 0, 10.0))
    assert row["status"] == "skipped"
    assert "form" in row["message"]
    assert trace == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_short_run_becomes_a_row(name: str) -> None:
    """The harness evaluates the best point again by rows, and would call the run failed if it found another loss."""
    row, _ = execute(RunSpec("tests", f"{name}-a-published", "gauss_newton", 0.1, 0, 60.0, 6))
    assert fault(row) is None
    assert row["status"] == "budget", row["message"]
    assert row["loss"] < row["loss_start"]
    assert row["deep_force_error_percent"] > 0.0
    assert len(row["deep_force_error_by_muscle"]) == 5


@pytest.mark.parametrize("problem", ["m1-ab-published", "m2-ab-published"])
def test_stored_results_have_the_losses_that_were_stored(problem: str) -> None:
    """Both at their ends and at the start, to 1e-9: the parameters are stored with all their digits."""
    found = load_problem(problem)
    rows = stored_rows(problem)
    assert len(rows) >= 5
    stage = found.acceleration_stage(found.start(0.1, 0))
    for row in rows:
        x = np.array([row["identified"][name] for name in stage.space.names])
        assert row["loss_start"] == pytest.approx(stage_loss(stage, stage.space.start), rel=1e-9)
        assert row["loss"] == pytest.approx(stage_loss(stage, x), rel=1e-9), row["method"]
