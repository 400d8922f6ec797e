"""EMG-assisted modelling against scipy, where all is measured, and as the fixed point of alternation."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from benchmark.identifiability.refine import refine
from benchmark.model.backends.torch_backend import TORCH
from benchmark.model.scan import activations
from benchmark.problem.formulations.emg_assisted import ACTIVATION, DEPARTURE, TORQUE_NM
from benchmark.problem.nested.deep_model import DeepModel
from benchmark.problem.nested.synthesis_stage import SynthesisStage
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.stage_loss import loss_and_gradient, stage_loss
from datasets.parameters import SHARED_UNITS
from tests.problem.formulations.checks import all_measured, gradient_errors, jacobian_error, only, squares, with_emg

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def problem() -> Problem:
    return load_problem("emg_assisted-a-published")


@pytest.fixture(scope="module")
def stage(problem: Problem) -> SynthesisStage:
    return stage_at(problem, problem.start(0.1, 0))


def stage_at(problem: Problem, start: dict[str, float]) -> SynthesisStage:
    stage = problem.acceleration_stage(start)
    assert isinstance(stage, SynthesisStage)
    return stage


def by_emg(stage: SynthesisStage, x: Array) -> Array:
    """Activations of the measured muscles by their EMG, (T, n)."""
    seen, values = stage.projection, stage.space.values(x)
    shared = np.array([values[name] for name in SHARED_UNITS])
    return activations(seen.emg, seen.counted, shared, seen.sample_time_s)


def test_where_all_muscles_are_measured_the_truth_needs_no_adjustment(problem: Problem) -> None:
    """Nothing is synthesised, and the torques are met: by the recordings' 1e-5 N m, of which 2e-7 are seen to act."""
    stage = stage_at(all_measured(problem), problem.truth)
    x = stage.space.start
    found = stage.inner_solution(x)
    assert found.shape == (problem.samples, 16)
    np.testing.assert_allclose(found, by_emg(stage, x), rtol=0, atol=1e-6)
    assert stage_loss(stage, x) < 1e-10


def test_where_nothing_is_to_adjust_the_jacobian_is_that_of_the_residual(problem: Problem) -> None:
    """There what Kaufman leaves out is nothing; 1e-4 is far below what activations held would make of it."""
    stage = stage_at(all_measured(problem), problem.truth)
    x = stage.space.start
    assert jacobian_error(stage, x, stage.residual_and_jacobian(x)[1]) < 1e-4


def test_activations_are_bounded_least_squares_of_all_costs(problem: Problem, stage: SynthesisStage) -> None:
    """By scipy in a sample of a hundred; forces are affine in activations, so that two of them give the columns."""
    x, start = stage.space.start, problem.start(0.1, 0)
    measured, model = by_emg(stage, x), DeepModel(problem, start)
    slack, full = (stage.force_of(x, np.full_like(measured, value)) for value in (0.0, 1.0))
    resting = stage.unexplained(x, slack, model.passive) / stage.weight
    deep = problem.deep_arms * model.capacity[:, None]
    columns = np.concatenate([deep, stage.projection.arms * (full - slack)[:, None]], axis=2)
    target = resting.reshape(5, -1).T
    allowed = np.repeat([ACTIVATION, DEPARTURE], [deep.shape[2], measured.shape[1]])
    centre = np.hstack([np.zeros((len(measured), deep.shape[2])), measured])
    found = stage.inner_solution(x)
    for t in range(0, len(target), 100):
        rows = np.vstack([columns[t] / TORQUE_NM, np.diag(1.0 / allowed)])
        right = np.concatenate([target[t] / TORQUE_NM, centre[t] / allowed])
        expected = lsq_linear(rows, right, (0.0, 1.0), method="bvls", tol=1e-15, max_iter=400)
        np.testing.assert_allclose(found[t], expected.x, rtol=0, atol=1e-8)


def test_the_loss_is_what_its_costs_add_up_to(problem: Problem, stage: SynthesisStage) -> None:
    """Means over samples of squares over what is allowed, of torques, deep activations and departures from EMG."""
    x = stage.space.start
    z = stage.inner_solution(x)
    deep = len(problem.deep_muscles)
    forces = stage.force_of(x, z[:, deep:]), stage.deep_forces(x)
    torque = stage.unexplained(x, *forces).reshape(5, -1) / stage.weight
    costs = (
        (torque / TORQUE_NM).T,
        z[:, :deep] / ACTIVATION,
        (z[:, deep:] - by_emg(stage, x)) / DEPARTURE,
    )
    expected = sum(float((part**2).sum(axis=1).mean()) for part in costs)
    assert stage_loss(stage, x) == pytest.approx(expected, rel=1e-10)


def held_loss(stage: SynthesisStage, z: Array, x: torch.Tensor) -> torch.Tensor:
    """The loss with activations that do not follow, in torch: what the calibration half of an alternation minimises."""
    torque, _ = stage.equations(x, stage.force_at(x, z, TORCH), TORCH)
    deep = torch.from_numpy(np.einsum("tcn,tn->ct", stage.deep_arms, stage.deep_forces_of(z)))
    left = [stage.weight * (row - own) for row, own in zip(torque, deep, strict=True)]
    return torch.stack([row.square().sum() for row in [*left, *stage.costs(x, z, TORCH)]]).sum()


def held_loss_and_gradient(stage: SynthesisStage, z: Array, x: Array) -> tuple[float, Array]:
    point = torch.tensor(x, requires_grad=True)
    loss = held_loss(stage, z, point)
    loss.backward()  # type: ignore[no-untyped-call]
    assert point.grad is not None
    return loss.item(), point.grad.numpy()


def test_a_minimum_is_the_fixed_point_of_alternation(problem: Problem) -> None:
    """With the activations that are found there held, nothing pulls at a parameter that is not at a bound.

    With one sample in eight. Slopes over what they are at the start; 1e-5 is where the search stops.
    """
    thin = [only(entry, np.arange(len(entry.counted)) % 8 == 0) for entry in problem.coupled]
    stage = stage_at(Problem(problem.name, thin), problem.start(0.1, 0))
    space = stage.space
    minimum = refine(stage, space.start, steps=60).x
    z = stage.inner_solution(minimum)
    loss, gradient = held_loss_and_gradient(stage, z, minimum)
    assert loss == pytest.approx(stage_loss(stage, minimum), rel=1e-12)
    assert loss < 0.5 * stage_loss(stage, space.start)
    at_start = loss_and_gradient(stage, space.start)[1] * space.scale
    slopes = gradient * space.scale
    held = (minimum <= space.lower) & (slopes > 0.0) | (minimum >= space.upper) & (slopes < 0.0)
    assert np.abs(slopes[~held]).max() < 1e-5 * np.abs(at_start).max()
    expected = loss_and_gradient(stage, minimum)[1] * space.scale
    np.testing.assert_allclose(slopes, expected, rtol=0, atol=1e-9 * np.abs(at_start).max())


def test_either_half_of_an_alternation_goes_down(stage: SynthesisStage) -> None:
    """A step of the calibration with activations held, and activations found anew, from the start."""
    x = stage.space.start
    z = stage.inner_solution(x)
    before, gradient = held_loss_and_gradient(stage, z, x)
    slopes = gradient * stage.space.scale
    moved = x - 1e-4 * stage.space.scale * slopes / np.linalg.norm(slopes)
    calibrated = held_loss_and_gradient(stage, z, moved)[0]
    assert stage_loss(stage, moved) < calibrated < before


def test_emg_beyond_its_maximum_asks_for_all_there_is(problem: Problem) -> None:
    """Channels normalised by too small a maximum: rows, residual and gradient stay one, and activations within 1."""
    beyond = with_emg(problem, partial(np.multiply, 1.6))
    stage = stage_at(beyond, problem.start(0.1, 0))
    x = stage.space.start
    assert by_emg(stage, x).max() > 1.1
    assert stage.inner_solution(x).max() <= 1.0
    loss, gradient = loss_and_gradient(stage, x)
    assert stage_loss(stage, x) == pytest.approx(loss, rel=1e-10)
    errors = gradient_errors(stage, lambda at: squares(stage.residual(at)), x, gradient)
    assert max(errors.values()) < 1e-6, errors
