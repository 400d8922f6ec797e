"""The constrained form of a problem with unknown fibres, against the compiled residual that eliminates the states."""

from __future__ import annotations

import casadi
import numpy as np
import pytest
from scipy.sparse.linalg import splu

from benchmark.model.arm import Regressors
from benchmark.problem.equilibrium_stage import EquilibriumStage
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.projection import CoupledRecording
from benchmark.problem.stage import CollocatedStage

SAMPLES = 300
MOST_STEPS = 5  # of Newton's method, from the interpolated start; three are seen


def stage_of(name: str) -> EquilibriumStage:
    """The stage on the recordings' first second and a half."""
    problem = Problem(name, [shortened(entry) for entry in load_problem(name).coupled])
    stage = problem.first_stage(problem.start(0.1, 0))
    assert isinstance(stage, EquilibriumStage)
    return stage


def shortened(entry: CoupledRecording) -> CoupledRecording:
    keep = entry.counted < SAMPLES
    dynamics = Regressors(*(values[keep] for values in vars(entry.dynamics).values()))
    return CoupledRecording(
        entry.recording.at(slice(SAMPLES)), entry.arm, entry.counted[keep], entry.arms[keep], dynamics
    )


@pytest.mark.parametrize("name", ["m1-ab-published-fibres_unknown", "m2-b-light-fibres_unknown"])
def test_without_the_states_it_is_the_compiled_residual_and_jacobian(name: str) -> None:
    """At the states that satisfy the constraints, in a random direction of the parameters.

    The residual to 1e-9 (1e-12 is seen), its derivative to 1e-7: the compiled one is of a Newton step before.
    """
    stage = stage_of(name)
    residual, by_parameters = stage.residual_and_jacobian(stage.space.start)
    problem, count = stage.collocation(), stage.space.size
    equations, derivatives = (
        casadi.Function("at", [problem.unknowns], [expression])
        for expression in (problem.constraints, problem.jacobian)
    )
    point = problem.start.copy()
    assert np.abs(np.array(equations(point))).max() < 0.1  # order one, and near: between samples it is interpolated
    for _ in range(MOST_STEPS):
        jacobian = derivatives(point).sparse()
        system = splu(jacobian[:, count:].tocsc())
        point[count:] -= system.solve(np.array(equations(point)).ravel())
    np.testing.assert_allclose(point[-len(residual) :], residual, rtol=0, atol=1e-9 * np.abs(residual).max())
    direction = stage.space.scale * np.random.default_rng(0).normal(size=count)
    expected = by_parameters @ direction
    found = -system.solve(jacobian[:, :count] @ direction)[-len(residual) :]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-7 * np.abs(expected).max())
    loss = casadi.Function("loss", [problem.unknowns], [problem.loss])
    assert float(loss(point)) == pytest.approx(residual @ residual, rel=1e-9)


def test_the_hessian_is_the_loss_s() -> None:
    problem = stage_of("m1-b-published-fibres_unknown").collocation()
    expected = casadi.evalf(casadi.hessian(problem.loss, problem.unknowns)[0]).sparse()
    assert abs(casadi.DM(problem.hessian).sparse() - expected).max() == 0.0
    assert (problem.scale > 0.0).all()


def test_known_fibres_have_no_such_form() -> None:
    problem = load_problem("m1-b-published")
    assert not isinstance(problem.first_stage(problem.truth), CollocatedStage)
