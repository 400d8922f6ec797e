"""numpy, torch and CasADi give the same loss and derivatives."""

from __future__ import annotations

import casadi
import numpy as np
import pytest
import torch

from benchmark.model.backends.torch_backend import TORCH
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.problem import load_problem
from benchmark.problem.stage import Stage
from benchmark.problem.tendon_stage import TendonStage

PROBLEMS = ("m1-a-published", "m2-a-light", "m1-ab-published")


def stages(name: str, seed: int) -> tuple[FibreStage, TendonStage]:
    problem = load_problem(name)
    start = problem.start(0.2, seed)
    first = problem.fibre_stage(start)
    return first, problem.tendon_stage(first, first.space.start, start)


def numpy_loss(stage: Stage, x: np.ndarray) -> float:
    return float(sum(row @ row for row in stage.rows(x)))


def torch_loss_and_gradient(stage: Stage, x: np.ndarray) -> tuple[float, np.ndarray]:
    point = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    loss = sum(row.square().sum() for row in stage.rows(point, TORCH))
    assert isinstance(loss, torch.Tensor)
    (gradient,) = torch.autograd.grad(loss, point)
    return loss.item(), gradient.numpy()


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("which", [0, 1], ids=["fibre", "tendon"])
def test_values_and_gradients_agree(name: str, which: int, seed: int) -> None:
    """The same formulas in float64: 1e-9 in value and 1e-7 in gradient are the bar, 1e-13 is seen."""
    stage = stages(name, seed)[which]
    x, scale = stage.space.start, stage.space.scale
    symbolic = stage.symbolic()
    function = casadi.Function("f", [symbolic.x], [symbolic.loss, casadi.gradient(symbolic.loss, symbolic.x)])
    by_torch, gradient = torch_loss_and_gradient(stage, x)
    by_casadi, casadi_gradient = (np.array(value).ravel() for value in function(x))
    reference = numpy_loss(stage, x)
    assert by_torch == pytest.approx(reference, rel=1e-9)
    assert by_casadi[0] == pytest.approx(reference, rel=1e-9)
    size = np.abs(gradient * scale).max()
    np.testing.assert_allclose(casadi_gradient * scale, gradient * scale, rtol=0, atol=1e-7 * size)


@pytest.mark.parametrize("name", PROBLEMS)
def test_gradient_is_the_derivative_of_the_reference_loss(name: str) -> None:
    """Central differences of the numpy loss, in every parameter: their own error is about 1e-8 of the largest."""
    stage, _ = stages(name, 0)
    x, scale = stage.space.start, stage.space.scale
    _, gradient = torch_loss_and_gradient(stage, x)
    differences = np.empty(len(x))
    for i, step in enumerate(1e-6 * scale):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += step
        behind[i] -= step
        differences[i] = (numpy_loss(stage, ahead) - numpy_loss(stage, behind)) / (2.0 * step)
    np.testing.assert_allclose(
        gradient * scale, differences * scale, rtol=0, atol=1e-7 * np.abs(gradient * scale).max()
    )


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("which", [0, 1], ids=["fibre", "tendon"])
def test_jacobian_gives_the_gradient(name: str, which: int) -> None:
    """Compiled residual and Jacobian against the reference residual and torch's gradient: rounding only."""
    stage = stages(name, 1)[which]
    x, scale = stage.space.start, stage.space.scale
    residual, jacobian = stage.residual_and_jacobian(x)
    expected = np.concatenate(stage.rows(x))
    for found in (stage.residual(x), residual):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * np.abs(expected).max())
    _, gradient = torch_loss_and_gradient(stage, x)
    by_jacobian = 2.0 * jacobian.T @ residual
    np.testing.assert_allclose(
        by_jacobian * scale, gradient * scale, rtol=0, atol=1e-10 * np.abs(gradient * scale).max()
    )


@pytest.mark.parametrize("name", ["m1-a-published", "m2-a-light"])
def test_jacobian_is_the_derivative_of_the_residual(name: str) -> None:
    """Every column against central differences, in the root mean square.

    To 1e-6 of the derivative, and the rounding of the residual (1e-13 with the light phantoms' condition) over the
    step. Single samples where a difference straddles a kink (u = a in eq. (18)) agree less well.
    """
    stage, _ = stages(name, 0)
    x = stage.space.start
    residual, jacobian = stage.residual_and_jacobian(x)
    for i, step in enumerate(1e-5 * stage.space.scale):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += step
        behind[i] -= step
        expected = (np.concatenate(stage.rows(ahead)) - np.concatenate(stage.rows(behind))) / (2.0 * step)
        error = np.linalg.norm(jacobian[:, i] - expected)
        rounding = 1e-13 * np.linalg.norm(residual) / step
        assert error <= 1e-6 * np.linalg.norm(expected) + rounding, stage.space.names[i]


@pytest.mark.parametrize("which", [0, 1], ids=["fibre", "tendon"])
def test_symbolic_hessian_is_the_derivative_of_the_gradient(which: int) -> None:
    """Three columns (a bone's, a muscle's, a shared parameter's) against central differences of torch's gradient."""
    stage = stages("m1-a-published", 0)[which]
    x, scale = stage.space.start, stage.space.scale
    symbolic = stage.symbolic()
    hessian = np.array(casadi.densify(casadi.Function("h", [symbolic.x], [symbolic.hessian])(x)))
    np.testing.assert_allclose(hessian, hessian.T, rtol=0, atol=1e-9 * np.abs(hessian).max())
    for column in {0, stage.space.size // 2, stage.space.size - 1}:
        step = np.zeros(len(x))
        step[column] = 1e-6 * scale[column]
        ahead, behind = (torch_loss_and_gradient(stage, x + sign * step)[1] for sign in (1, -1))
        expected = (ahead - behind) / (2.0 * step[column]) * scale
        # Differences across the curves' and the EMG's kinks limit the agreement.
        np.testing.assert_allclose(hessian[:, column] * scale, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("name", ["m1-a-published", "m2-a-light"])
@pytest.mark.parametrize("which", [0, 1], ids=["fibre", "tendon"])
def test_symbolic_gauss_newton_hessian_is_that_of_the_jacobian(name: str, which: int) -> None:
    """2 J'J of CasADi's Jacobian against that of the compiled one: rounding only, 1e-14 is seen."""
    stage = stages(name, 0)[which]
    x, scale = stage.space.start, stage.space.scale
    symbolic = stage.symbolic()
    found = np.array(casadi.densify(casadi.Function("h", [symbolic.x], [symbolic.gauss_newton_hessian])(x)))
    _, jacobian = stage.residual_and_jacobian(x)
    expected = 2.0 * (jacobian * scale).T @ (jacobian * scale)
    np.testing.assert_allclose(found * np.outer(scale, scale), expected, rtol=0, atol=1e-10 * np.abs(expected).max())


def test_loss_is_finite_at_random_points_within_the_bounds() -> None:
    rng = np.random.default_rng(0)
    stage, _ = stages("m2-a-light", 0)
    for _ in range(200):
        x = rng.uniform(stage.space.lower, stage.space.upper)
        loss, gradient = torch_loss_and_gradient(stage, x)
        assert np.isfinite(loss)
        assert np.isfinite(gradient).all()
