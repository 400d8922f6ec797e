"""Static optimisation against its closed form, and M2 where nothing is left to it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.analysis.deep_forces import deep_force_errors
from benchmark.problem.nested.deep_model import DeepModel
from benchmark.problem.nested.synthesis_stage import SynthesisStage
from benchmark.problem.problem import Problem, load_problem
from tests.problem.formulations.checks import all_measured, point_of

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def problem() -> Problem:
    return load_problem("static_optimisation-a-published")


@pytest.fixture(scope="module")
def stage(problem: Problem) -> SynthesisStage:
    return stage_at(problem, problem.truth)


def stage_at(problem: Problem, start: dict[str, float]) -> SynthesisStage:
    stage = problem.acceleration_stage(start)
    assert isinstance(stage, SynthesisStage)
    return stage


@pytest.mark.parametrize("level", [0.0, 0.1])
def test_where_all_muscles_are_measured_it_is_m2_in_torques(problem: Problem, level: float) -> None:
    """The same five equations in N m and no row more, at the truth and at a 10 % start."""
    measured = all_measured(problem)
    start = measured.start(level, 0)
    found = stage_at(measured, start)
    modelled = load_problem("m2-a-published-torque").acceleration_stage(start)
    expected = modelled.residual(point_of(modelled, start)) / modelled.weight
    residual = found.residual(point_of(found, start)) / found.weight
    np.testing.assert_allclose(residual, expected, rtol=0, atol=1e-11)
    assert found.inner_solution(found.space.start).shape == (measured.samples, 0)


def test_activations_are_those_of_least_squares_that_give_the_torques(problem: Problem, stage: SynthesisStage) -> None:
    """At the truth, where the simulated activations give them, and with these a line of others, as four torques do.

    On the line the squares are a parabola: its lowest point, or the end of the line that is next to it. To 1e-3, as the
    balance is a cost here that gives way a little.
    """
    entry = problem.coupled[0]
    columns = np.array([entry.recording.muscles.index(name) for name in problem.deep_muscles])
    simulated = entry.recording.states.activation[np.ix_(entry.counted, columns)]
    torques = problem.deep_arms * DeepModel(problem, problem.truth).capacity[:, None]
    line = np.linalg.svd(torques)[2][:, -1]
    assert np.abs(np.einsum("tcn,tn->tc", torques, line)).max() < 1e-10
    ends = np.sort([(end - simulated) / np.where(line == 0.0, np.inf, line) for end in (0.0, 1.0)], axis=0)
    moving = np.abs(line) > 1e-9
    first = np.where(moving, ends[0], -np.inf).max(axis=1)
    last = np.where(moving, ends[1], np.inf).min(axis=1)
    along = np.clip(-(simulated * line).sum(axis=1), first, last)
    expected = simulated + along[:, None] * line
    found = stage.inner_solution(stage.space.start)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-3)
    assert np.abs(simulated - expected).max() > 0.1


def test_torques_are_kept_to_a_thousandth(problem: Problem, stage: SynthesisStage) -> None:
    """At the truth, of what the deep muscles give, in the root mean square."""
    x = stage.space.start
    left = stage.unexplained(x, stage.force(x), stage.deep_forces(x)) / stage.weight
    given = np.einsum("tcn,tn->ct", problem.deep_arms, stage.deep_forces(x)).ravel()
    assert np.linalg.norm(left) < 1e-3 * np.linalg.norm(given)


def test_determined_forces_are_the_simulated_ones_and_co_contraction_is_not_seen(
    problem: Problem, stage: SynthesisStage
) -> None:
    errors = deep_force_errors(problem, stage, stage.space.start, problem.truth)
    assert max(errors[name] for name in ("INFSP", "SUBSC", "PQ")) < 0.1
    assert min(errors[name] for name in ("TRImed", "BRA")) > 10.0
