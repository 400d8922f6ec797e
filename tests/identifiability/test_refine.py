"""The minimum next to a point, with and without parameters held."""

import numpy as np
import pytest

from benchmark.identifiability.quantities import magnitudes
from benchmark.identifiability.refine import HeldStage, refine
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.problem import load_problem

HELD = {"DELT1.optimal_fibre_length": 0.09762}


@pytest.fixture(scope="module")
def stage() -> FibreStage:
    problem = load_problem("m1-ab-published-noise0.01")
    return problem.replicate(1).fibre_stage(problem.truth)


def test_a_minimum_has_no_slope(stage: FibreStage) -> None:
    """Along each relative parameter the slope is below 1e-4 of what the noise makes of it at a random point."""
    found = refine(stage, stage.space.start)
    residual, jacobian = stage.residual_and_jacobian(found.x)
    columns = jacobian * magnitudes(stage.space, found.x)
    inside = (found.x > stage.space.lower) & (found.x < stage.space.upper)
    slope = (residual @ columns) / np.linalg.norm(residual) / np.linalg.norm(columns, axis=0)
    assert np.abs(slope[inside]).max() < 1e-4
    assert found.sum_of_squares == pytest.approx(float(residual @ residual) / stage.weight**2, rel=1e-12)
    start = stage.residual(stage.space.start)
    assert found.sum_of_squares < float(start @ start) / stage.weight**2


def test_held_parameters_stay_and_the_others_make_the_best_of_it(stage: FibreStage) -> None:
    free, held = refine(stage, stage.space.start), refine(stage, stage.space.start, HELD)
    values = stage.space.values(held.x)
    assert {name: values[name] for name in HELD} == HELD
    assert held.sum_of_squares > free.sum_of_squares


def test_a_held_stage_is_the_stage_with_fewer_columns(stage: FibreStage) -> None:
    own = HeldStage(stage, stage.space.start, HELD)
    residual, jacobian = own.residual_and_jacobian(own.space.start)
    whole_residual, whole = stage.residual_and_jacobian(own.complete(own.space.start))
    np.testing.assert_array_equal(residual, whole_residual)
    kept = [index for index, name in enumerate(stage.space.names) if name not in HELD]
    np.testing.assert_array_equal(jacobian, whole[:, kept])
    assert own.space.size == stage.space.size - len(HELD)
