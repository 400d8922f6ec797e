"""Unknown fibres: all parameters at once, from the lengths of muscle and tendon together."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from benchmark.analysis.heldout import held_out_fit
from benchmark.harness.errors import HarnessError
from benchmark.problem.equilibrium_stage import EquilibriumStage
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.stage import NoSuchFormError
from benchmark.problem.stage_loss import stage_loss, torch_loss
from benchmark.problem.targets import objective

Array = NDArray[np.float64]

NAMES = ("m1-b-published-fibres_unknown", "m2-b-light-fibres_unknown")


def stage_at(problem: Problem, level: float, seed: int) -> EquilibriumStage:
    stage = problem.first_stage(problem.start(level, seed))
    assert isinstance(stage, EquilibriumStage)
    return stage


def truth_of(problem: Problem, stage: EquilibriumStage) -> Array:
    return np.array([problem.truth[name] for name in stage.space.names])


@pytest.mark.parametrize(("formulation", "share"), [("m1", 1e-6), ("m2", 1e-4)])
def test_the_true_parameters_solve_the_recordings(formulation: str, share: float) -> None:
    """Of the median loss of ten 10 % starts: 4e-8 is seen of M1, and 2e-5 of M2, whose INFSP and PQ jump in length."""
    problem = load_problem(f"{formulation}-ab-published-fibres_unknown")
    stages = [stage_at(problem, 0.1, seed) for seed in range(10)]
    at_start = [stage_loss(stage, stage.space.start) for stage in stages]
    at_truth = [stage_loss(stage, truth_of(problem, stage)) for stage in stages]
    assert np.median(at_truth) <= share * np.median(at_start)
    assert stages[0].left_range(truth_of(problem, stages[0])) == ()


def test_all_five_parameters_of_a_muscle_are_free_in_its_one_stage() -> None:
    """The rigid tendon's slack length, too, as it sets the fibre's; the four angles that are zero are not."""
    problem = load_problem(NAMES[1])
    stage = stage_at(problem, 0.1, 0)
    assert stage.space.size == 30 + 16 * 5 - 4 + 5
    assert "PECM1.tendon_slack_length" in stage.space.names
    assert problem.next_stage(stage, stage.space.start, problem.truth) is None


def test_the_rigid_tendon_acts_and_acts_on_its_own_muscle_alone() -> None:
    stage = stage_at(load_problem(NAMES[0]), 0.1, 0)
    x = stage.space.start
    moved = x.copy()
    moved[stage.space.names.index("PECM1.tendon_slack_length")] += 1e-3
    changed = np.abs(stage.force(moved) - stage.force(x)).max(axis=0) > 0.0
    assert np.array(stage.projection.muscles)[changed].tolist() == ["PECM1"]


@pytest.mark.parametrize("name", NAMES)
def test_jacobian_is_the_derivative_of_the_residual(name: str) -> None:
    """Every column against central differences, in the root mean square: to 1e-5 of the derivative.

    The bar is far above what the steps of 1e-6 leave, some 1e-6; at longer ones samples differ in which a difference
    straddles a kink of eq. (18), as they do with known fibres.
    """
    stage = stage_at(load_problem(name), 0.1, 1)
    x = stage.space.start
    residual, jacobian = stage.residual_and_jacobian(x)
    for i, step in enumerate(1e-6 * stage.space.scale):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += step
        behind[i] -= step
        expected = (stage.residual(ahead) - stage.residual(behind)) / (2.0 * step)
        error = np.linalg.norm(jacobian[:, i] - expected)
        rounding = 1e-13 * np.linalg.norm(residual) / step
        assert error <= 1e-5 * np.linalg.norm(expected) + rounding, stage.space.names[i]


@pytest.mark.parametrize("name", NAMES)
def test_numpy_torch_and_compiled_agree(name: str) -> None:
    """Value and gradient: rounding only, 1e-15 is seen."""
    stage = stage_at(load_problem(name), 0.2, 1)
    x, scale = stage.space.start, stage.space.scale
    residual, jacobian = stage.residual_and_jacobian(x)
    expected = np.concatenate(stage.rows(x))
    for found in (residual, stage.residual(x)):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * np.abs(expected).max())
    point = torch.tensor(x, requires_grad=True)
    loss = torch_loss(stage, point)
    loss.backward()
    assert point.grad is not None
    gradient = 2.0 * (residual @ jacobian) * scale
    assert loss.item() == pytest.approx(residual @ residual, rel=1e-10)
    np.testing.assert_allclose(point.grad.numpy() * scale, gradient, rtol=0, atol=1e-10 * np.abs(gradient).max())


def test_far_points_are_finite_and_muscles_that_leave_their_range_are_named() -> None:
    """DELT1 with a tendon as long as its bounds let it be is slack; PECM1, rigid, has no fibre left."""
    stage = stage_at(load_problem(NAMES[0]), 0.1, 0)
    names, space = stage.space.names, stage.space
    x = space.start.copy()
    chosen = [names.index(f"{muscle}.tendon_slack_length") for muscle in ("DELT1", "PECM1")]
    x[chosen] = space.upper[chosen]
    assert set(stage.left_range(x)) == {"DELT1", "PECM1"}
    rng = np.random.default_rng(0)
    for point in (x, space.lower, space.upper, *rng.uniform(space.lower, space.upper, (10, space.size))):
        residual, jacobian = stage.residual_and_jacobian(point)
        assert np.isfinite(residual).all()
        assert np.isfinite(jacobian).all()


def test_it_has_no_symbolic_and_no_literal_form() -> None:
    stage = stage_at(load_problem(NAMES[0]), 0.1, 0)
    with pytest.raises(NoSuchFormError, match="no symbolic form"):
        stage.symbolic()
    with pytest.raises(NoSuchFormError, match="no literal form"):
        stage.literal()


def test_the_scale_and_the_objective_are_those_of_known_fibres_at_the_truth() -> None:
    """There the computed states are the recorded ones: var(d_t) to 1e-4; the start's noise is the same in both."""
    unknown, known = load_problem(NAMES[0]), load_problem("m1-b-published")
    assert unknown.acceleration_stage(known.truth).variance == pytest.approx(
        known.fibre_stage(known.truth).variance, rel=1e-4
    )
    assert objective(unknown, known.truth) < 1e-6
    assert unknown.start(0.1, 3) == known.start(0.1, 3)


def test_held_out_torques_follow_from_the_identified_tendons() -> None:
    """OpenSim's to a thousandth with the true parameters; a longer tendon changes them, as with known fibres not."""
    problem = load_problem(NAMES[0])
    muscles, recording = problem.compared_muscles, problem.parsed.held_out[0]
    longer = problem.truth | {"DELT1.tendon_slack_length": 1.05 * problem.truth["DELT1.tendon_slack_length"]}
    true, off = (held_out_fit(values, muscles, recording, "unknown") for values in (problem.truth, longer))
    assert true.r2 > 1.0 - 1e-6
    assert off.rmse_nm > 10.0 * true.rmse_nm
    assert held_out_fit(longer, muscles, recording) == held_out_fit(problem.truth, muscles, recording)


def test_what_needs_known_fibres_says_so() -> None:
    problem = load_problem(NAMES[0])
    with pytest.raises(HarnessError, match="has unknown fibres"):
        problem.fibre_stage(problem.truth)
