"""The negative control: all equations, and no torque of the deep muscles in them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.formulations.ignored import IGNORED
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.stage_loss import stage_loss
from tests.problem.formulations.checks import point_of

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def problem() -> Problem:
    return load_problem("ignored-a-published")


@pytest.fixture(scope="module")
def start(problem: Problem) -> dict[str, float]:
    return problem.start(0.1, 0)


@pytest.fixture(scope="module")
def stage(problem: Problem, start: dict[str, float]) -> FibreStage:
    return problem.fibre_stage(start)


def test_it_is_m2_with_deep_muscles_that_have_no_force(
    problem: Problem, stage: FibreStage, start: dict[str, float]
) -> None:
    """In rad/s2, to rounding of the mass matrix's inverse."""
    strengthless = start | {f"{name}.maximum_isometric_force": 0.0 for name in problem.deep_muscles}
    all_modelled = load_problem("m2-a-published").fibre_stage(start)
    expected = all_modelled.residual(point_of(all_modelled, strengthless)) / all_modelled.weight
    found = stage.residual(stage.space.start) / stage.weight
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * np.abs(expected).max())


def test_it_is_what_m1_eliminates_from(problem: Problem, stage: FibreStage, start: dict[str, float]) -> None:
    """The same equations in the same unit of loss, all five of them."""
    eliminated = load_problem("m1-a-published")
    unit = eliminated.loss_unit(start)
    plain = FibreStage(eliminated.all_equations, problem.arm.identified_bodies, start, unit)
    assert stage.variance == unit
    np.testing.assert_array_equal(stage.residual(stage.space.start), plain.residual(plain.space.start))
    assert stage.projection.equations == 5
    assert not {*stage.projection.muscles} & {*problem.deep_muscles}


def test_even_the_truth_leaves_what_the_deep_muscles_did(problem: Problem, start: dict[str, float]) -> None:
    """More than the variance in the unit of a 10 % start, where M2 leaves next to nothing."""
    left, nothing = (entry.acceleration_stage(start) for entry in (problem, load_problem("m2-a-published")))
    assert stage_loss(left, point_of(left, problem.truth)) > 1.0
    assert stage_loss(nothing, point_of(nothing, problem.truth)) < 1e-9


def test_the_literal_form_is_the_same_loss(stage: FibreStage) -> None:
    """To 1e-6, which is what pseudo-inverses in 16 coordinates keep."""
    x = stage.space.start
    literal = stage.literal()(torch.tensor(x)).item()
    assert literal == pytest.approx(stage_loss(stage, x), rel=1e-6)


def test_deep_muscles_did_nothing(problem: Problem, stage: FibreStage, start: dict[str, float]) -> None:
    found = IGNORED.deep_forces(problem, stage, stage.space.start, start)
    assert found.shape == (problem.samples, 5)
    assert (found == 0.0).all()
