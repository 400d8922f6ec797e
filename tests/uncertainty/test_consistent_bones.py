"""Results with consistent bones: always consistent, by exact derivatives, and without loss where there is a choice."""

import numpy as np
import pytest

from benchmark.identifiability.analysis import information
from benchmark.identifiability.refine import refine
from benchmark.problem.problem import Problem, load_problem
from benchmark.uncertainty.consistency import bone_faults
from benchmark.uncertainty.consistent_bones import ConsistentStage, consistent, nearest_moments
from benchmark.uncertainty.fit import fitted
from tests.uncertainty.changed_problems import NOISE_FREE, refined, replicate

Values = dict[str, float]


@pytest.fixture(scope="module")
def problem() -> Problem:
    return load_problem(NOISE_FREE)


def inconsistent_minimum(problem: Problem) -> Values:
    """A minimum as low as the truth's whose bones no body has: moved along what leaves no trace in the residual."""
    stage = problem.fibre_stage(problem.truth)
    about = information(stage, stage.space.start)
    for direction in about.null_directions:
        for size in (-0.3, 0.3, -1.0, 1.0):
            moved = stage.space.clip(stage.space.start + size * about.magnitudes * direction)
            values = stage.space.values(refine(stage, moved).x)
            if bone_faults(values, problem.arm.identified_bodies):
                return values
    raise AssertionError("no direction leads out of what is consistent")


def test_without_noise_consistent_bones_cost_nothing(problem: Problem) -> None:
    """The truth is consistent, and fits as well: 1e-6 of the loss is what the searches leave."""
    values = inconsistent_minimum(problem)
    found = consistent(problem, values)
    assert bone_faults(values, problem.arm.identified_bodies)
    assert bone_faults(found.values, problem.arm.identified_bodies) == []
    assert found.after == pytest.approx(found.before, rel=1e-6)
    assert found.values.keys() == fitted(problem, values).stage.space.values(fitted(problem, values).point).keys()


def test_with_noise_consistent_bones_fit_nearly_as_well() -> None:
    """They are not better than the minimum, nor worse than the truth, which is consistent."""
    noisy = replicate(0)
    values = refined(noisy) | {"radius.inertia.xx": 2e-3}
    found = consistent(noisy, values)
    truth = fitted(noisy, noisy.truth)
    assert bone_faults(values, noisy.arm.identified_bodies)
    assert bone_faults(found.values, noisy.arm.identified_bodies) == []
    assert found.after < (truth.residual**2).sum() / truth.stage.projection.samples
    residual = fitted(noisy, found.values).residual
    assert found.after == pytest.approx((residual**2).sum() / truth.stage.projection.samples, rel=1e-9)


def test_consistent_bones_stay_as_they_are(problem: Problem) -> None:
    found = consistent(problem, problem.truth)
    assert all(found.values[name] == problem.truth[name] for name in found.values)
    assert found.before == found.after
    assert found.remarks == ("the bones are physically consistent as they are",)


def test_every_point_of_the_space_is_consistent(problem: Problem) -> None:
    stage = problem.fibre_stage(problem.truth)
    wrapped = ConsistentStage(stage, stage.space.start, problem.arm.identified_bodies)
    random = np.random.default_rng(0)
    for _ in range(100):
        point = random.uniform(wrapped.space.lower, wrapped.space.upper)
        assert bone_faults(stage.space.values(wrapped.complete(point)), problem.arm.identified_bodies) == []


def test_the_start_of_consistent_bones_is_the_point_itself(problem: Problem) -> None:
    """There and back by a Cholesky factor: 1e-12 of the values is rounding."""
    stage = problem.fibre_stage(problem.truth)
    wrapped = ConsistentStage(stage, stage.space.start, problem.arm.identified_bodies)
    assert wrapped.complete(wrapped.space.start) == pytest.approx(stage.space.start, rel=1e-12, abs=1e-15)


def test_the_jacobian_is_that_of_central_differences(problem: Problem) -> None:
    """By steps of 1e-5 of a parameter's scale: truncation and rounding leave 1e-6 of a column's largest entry."""
    stage = problem.fibre_stage(problem.start(0.1, 0))
    wrapped = ConsistentStage(stage, stage.space.start, problem.arm.identified_bodies)
    point = wrapped.space.start
    _, jacobian = wrapped.residual_and_jacobian(point)
    bones = [index for index, name in enumerate(wrapped.space.names) if "log_cholesky" in name]
    assert len(bones) == 6 * len(problem.arm.identified_bodies)
    for index in bones:
        step = np.zeros(len(point))
        step[index] = 1e-5 * wrapped.space.scale[index]
        slope = (wrapped.residual(point + step) - wrapped.residual(point - step)) / (2.0 * step[index])
        assert jacobian[:, index] == pytest.approx(slope, abs=1e-6 * np.abs(jacobian[:, index]).max())


def test_second_moments_are_made_positive_definite() -> None:
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    found = nearest_moments(turn @ np.diag([-1.0, 2.0, 4.0]) @ turn.T)
    assert np.linalg.eigvalsh(found) == pytest.approx([0.04, 2.0, 4.0])
