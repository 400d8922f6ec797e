"""Bounded elimination: M1 where no bound is met, and elsewhere scipy's bounded least squares."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from benchmark.analysis.deep_forces import true_deep_forces
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.formulations.eliminated import ELIMINATED
from benchmark.problem.nested.bounded_stage import STRENGTH_MARGIN, BoundedStage
from benchmark.problem.nested.deep_columns import deep_columns
from benchmark.problem.nested.deep_model import DeepModel
from benchmark.problem.problem import Problem
from benchmark.problem.projection import CoupledRecording
from benchmark.problem.stage_loss import loss_and_gradient
from tests.problem.formulations.checks import jacobian_error, only, squares

Array = NDArray[np.float64]

DETERMINED, COLLINEAR = ("INFSP", "SUBSC", "PQ"), ("TRImed", "BRA")


class Pair(NamedTuple):
    """Bounded elimination and M1 of the same recordings, from one start."""

    problem: Problem
    start: dict[str, float]
    stage: BoundedStage
    plain: FibreStage


def pair(level: float, coupled: list[CoupledRecording] | None = None) -> Pair:
    """Of one movement, from a start of seed 0; a level of zero is the truth."""
    problem, plain = Problem("bounded-a-published", coupled), Problem("m1-a-published", coupled)
    start = problem.start(level, 0)
    stage = problem.acceleration_stage(start)
    assert isinstance(stage, BoundedStage)
    return Pair(problem, start, stage, plain.fibre_stage(start))


whole = cache(pair)


def upper_bounds(chosen: Pair) -> Array:
    """What the deep muscles may give, (T, deep muscles), in N."""
    model = DeepModel(chosen.problem, chosen.start)
    return np.asarray(STRENGTH_MARGIN * np.maximum(0.0, model.passive + model.capacity))


def elbow_torque(chosen: Pair, force: Array) -> Array:
    """What the collinear muscles give together about the elbow, (T,), from forces, (T, deep muscles)."""
    columns = [chosen.problem.deep_muscles.index(name) for name in COLLINEAR]
    elbow = chosen.problem.coupled[0].recording.coordinates.index("elbow_flexion")
    return np.asarray((chosen.problem.deep_arms[:, elbow][:, columns] * force[:, columns]).sum(axis=1))


def is_within_bounds(chosen: Pair) -> NDArray[np.bool_]:
    """In which samples forces within the bounds give the torques that M1 eliminates, (T,): known without the stage."""
    force = ELIMINATED.deep_forces(chosen.problem, chosen.plain, chosen.plain.space.start, chosen.start)
    upper = upper_bounds(chosen)
    determined = [chosen.problem.deep_muscles.index(name) for name in DETERMINED]
    within = ((force >= 0.0) & (force <= upper))[:, determined].all(axis=1)
    extends, flexes = (np.array([name == one for name in chosen.problem.deep_muscles]) for one in COLLINEAR)
    ends = [elbow_torque(chosen, upper * one) for one in (extends, flexes)]
    torque = elbow_torque(chosen, force)
    return np.asarray(within & (torque > np.minimum(*ends)) & (torque < np.maximum(*ends)))


@pytest.mark.parametrize(("level", "share"), [(0.01, 0.9), (0.1, 0.3)])
def test_where_no_bound_is_met_it_is_m1(level: float, share: float) -> None:
    """Loss and gradient, in all samples where M1's forces are possible; TRIlat and BRD, unseen by M1, do nothing.

    To 1e-9 and 1e-7: two ways to the same small rest of large torques, which agree to 1e-12 and 1e-9.
    """
    within = is_within_bounds(whole(level))
    assert share < within.mean() < 1.0
    chosen = pair(level, [only(whole(level).problem.coupled[0], within)])
    found, gradient = loss_and_gradient(chosen.stage, chosen.stage.space.start)
    expected, of_m1 = loss_and_gradient(chosen.plain, chosen.plain.space.start)
    assert found == pytest.approx(expected, rel=1e-9)
    scaled = chosen.stage.space.values(gradient * chosen.stage.space.scale)
    also = chosen.plain.space.values(of_m1 * chosen.plain.space.scale)
    largest = max(map(abs, also.values()))
    assert {name.partition(".")[0] for name in scaled.keys() - also.keys()} == {"TRIlat", "BRD"}
    for name, slope in scaled.items():
        assert slope == pytest.approx(also.get(name, 0.0), abs=1e-7 * largest), name


def test_where_a_bound_is_met_more_is_left() -> None:
    """In each other sample, and by more than rounding in almost all of them."""
    chosen = whole(0.1)
    rows = chosen.stage.residual(chosen.stage.space.start).reshape(5, -1)
    bounded, free = np.linalg.norm(rows, axis=0), np.abs(chosen.plain.residual(chosen.plain.space.start))
    met = ~is_within_bounds(chosen)
    rounding = 1e-9 * free.max()
    assert (bounded >= free - rounding).all()
    assert (bounded[met] > free[met] + rounding).mean() > 0.99


def test_at_the_truth_it_is_m1_and_forces_are_the_simulated_ones() -> None:
    """Determined muscles' to 1e-5 of their largest, which is what the recordings' integration leaves of them.

    The extensor and the flexor of the elbow alone can be told by their common torque only.
    """
    chosen = whole(0.0)
    x = chosen.stage.space.start
    of_m1 = squares(chosen.plain.residual(chosen.plain.space.start))
    assert squares(chosen.stage.residual(x)) == pytest.approx(of_m1, rel=1e-6)
    found, true = chosen.stage.deep_forces(x), true_deep_forces(chosen.problem)
    for name in DETERMINED:
        column = chosen.problem.deep_muscles.index(name)
        np.testing.assert_allclose(found[:, column], true[:, column], rtol=0, atol=1e-5 * true[:, column].max())
    expected = elbow_torque(chosen, true)
    np.testing.assert_allclose(elbow_torque(chosen, found), expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def test_at_the_truth_the_jacobian_is_that_of_the_residual() -> None:
    """Where nothing is left, what Kaufman leaves out is nothing; 1e-4 is far below what held forces make of it."""
    stage = whole(0.0).stage
    x = stage.space.start
    assert jacobian_error(stage, x, stage.residual_and_jacobian(x)[1]) < 1e-4


def test_muscles_only_pull_where_m1_lets_them_push() -> None:
    chosen = whole(0.1)
    pushing = ELIMINATED.deep_forces(chosen.problem, chosen.plain, chosen.plain.space.start, chosen.start)
    found = chosen.stage.deep_forces(chosen.stage.space.start)
    assert pushing.min() < -100.0
    assert found.min() == 0.0
    assert (found <= upper_bounds(chosen)).all()


def test_forces_are_bounded_least_squares() -> None:
    """Of the equations of motion as the plain stage has them, by scipy, in a sample of fifty."""
    chosen = whole(0.1)
    stage, x = chosen.stage, chosen.stage.space.start
    without = FibreStage(stage.projection, chosen.problem.arm.identified_bodies, chosen.start, stage.variance)
    target = without.residual(x).reshape(5, -1).T
    columns = stage.weight * deep_columns(stage, x, chosen.problem.deep_arms)
    found, upper = stage.deep_forces(x), upper_bounds(chosen)
    for t in range(0, len(target), 50):
        expected = lsq_linear(columns[t], target[t], (0.0, upper[t]), method="bvls", tol=1e-15)
        left = target[t] - columns[t] @ found[t]
        assert squares(left) == pytest.approx(2.0 * expected.cost, rel=1e-8)
