"""Synergy extrapolation: exact where deep EMG is made of the measured channels' synergies, and its costs by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.identifiability.refine import refine
from benchmark.problem.formulations.synergy_extrapolation import (
    ADDED,
    BEYOND,
    EXTRAPOLATED,
    SYNERGY_NMF,
    SYNERGY_PCA,
    TORQUE_NM,
)
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.stage_loss import loss_and_gradient, stage_loss
from benchmark.problem.synergies.costs import AllowedEmg
from benchmark.problem.synergies.courses import Factorisation, largest_emg, synergies
from benchmark.problem.synergies.synergy_stage import SynergyStage
from benchmark.uncertainty.bootstrap import without_residual
from benchmark.uncertainty.fit import fitted
from datasets.parameters import SYNERGIES
from tests.problem.formulations.checks import gradient_errors, point_of, squares, with_emg

Array = NDArray[np.float64]

FACTORISATIONS: list[Factorisation] = ["pca", "nmf"]
FORMULATIONS = {"pca": SYNERGY_PCA, "nmf": SYNERGY_NMF}
WITHOUT_COSTS = AllowedEmg(TORQUE_NM, extrapolated=1e6, added=1e6, beyond=1e6)
PERTURBED = 0.02  # of each parameter that is searched for


class Made(NamedTuple):
    """A problem whose deep EMG is a combination of synergies, and the point that it was made with.

    Attributes
    ----------
    stage
        From the truth, with costs that are next to nothing.
    point
        The true parameters and weights, (p,).
    deep_force
        Forces (N) that the deep muscles were given, (T, 5).
    """

    problem: Problem
    stage: SynergyStage
    point: Array
    deep_force: Array


@cache
def made(factorisation: Factorisation) -> Made:
    """Deep EMG by random weights, and the accelerations that the model's equations of motion give with it."""
    base = load_problem("m2-a-published")
    entry = base.coupled[0]
    courses = synergies(entry, largest_emg(base.coupled), factorisation)
    deep = [entry.recording.muscles.index(name) for name in base.deep_muscles]
    weights = _weights(factorisation, courses.shape[1], len(deep))
    emg = entry.recording.emg.copy()
    emg[:, deep] = courses @ weights
    assert 0.05 < emg[:, deep].min() < emg[:, deep].max() < 0.95
    given = Problem(base.name, [replace(entry, recording=replace(entry.recording, emg=emg))])
    modelled = given.fibre_stage(given.truth)
    force = modelled.force(modelled.space.start)[:, modelled.projection.columns(base.deep_muscles)]
    problem = Problem(f"synergy_{factorisation}-a-published", without_residual(given, fitted(given, given.truth)))
    stage = SynergyStage(problem, problem.truth, factorisation, WITHOUT_COSTS)
    return Made(problem, stage, _point(problem, stage, weights), force)


def _weights(factorisation: Factorisation, courses: int, deep: int) -> Array:
    """Weights, (courses, deep muscles), with which EMG is well within 0 and 1."""
    rng = np.random.default_rng(0)
    if factorisation == "nmf":
        return rng.uniform(0.05, 0.18, (courses, deep))
    weights = rng.uniform(-0.08, 0.08, (courses, deep))
    weights[-1] = 0.45  # of the constant
    return weights


def _point(problem: Problem, stage: SynergyStage, weights: Array) -> Array:
    values = {name: 0.0 for name in stage.space.names if name.startswith(SYNERGIES)} | problem.truth
    for course, row in enumerate(weights, start=1):
        values |= {
            f"{SYNERGIES}.a{course}.{name}": weight for name, weight in zip(problem.deep_muscles, row, strict=True)
        }
    return point_of(stage, values)


def from_start(factorisation: Factorisation) -> tuple[Problem, SynergyStage]:
    """The formulation itself, from a 10 % start."""
    problem = load_problem(f"synergy_{factorisation}-a-published")
    stage = problem.acceleration_stage(problem.start(0.1, 0))
    assert isinstance(stage, SynergyStage)
    return problem, stage


@pytest.mark.parametrize("factorisation", FACTORISATIONS)
def test_it_is_exact_where_deep_emg_is_made_of_synergies(factorisation: Factorisation) -> None:
    """No torque is left, by rounding of some 10 N m, and forces are the given ones, to the bit."""
    problem, stage, point, force = made(factorisation)
    residual = stage.residual(point)[: 5 * problem.samples]
    assert np.abs(residual / stage.weight).max() < 1e-9
    found = FORMULATIONS[factorisation].deep_forces(problem, stage, point, problem.truth)
    np.testing.assert_allclose(found, force, rtol=0, atol=1e-9)


@pytest.mark.parametrize("factorisation", FACTORISATIONS)
def test_a_search_comes_back_to_it(factorisation: Factorisation) -> None:
    """From parameters and weights that are all off by 2 %: the loss falls to rounding, and all else to 1e-8."""
    problem, stage, point, force = made(factorisation)
    noise = PERTURBED * np.random.default_rng(1).standard_normal(point.size)
    away = stage.space.clip(point * (1.0 + noise))
    found = refine(stage, away, steps=60).x
    assert stage_loss(stage, away) > 0.1
    assert stage_loss(stage, found) < 1e-11
    forces = FORMULATIONS[factorisation].deep_forces(problem, stage, found, problem.truth)
    np.testing.assert_allclose(forces, force, rtol=0, atol=1e-5 * force.max())
    np.testing.assert_allclose(found / stage.space.scale, point / stage.space.scale, rtol=0, atol=1e-5)


@pytest.mark.parametrize("factorisation", FACTORISATIONS)
def test_the_loss_is_what_its_costs_add_up_to(factorisation: Factorisation) -> None:
    """Mean squares over what is allowed: of torques, of EMG extrapolated and added, and of what lies beyond 0 and 1."""
    problem, stage = from_start(factorisation)
    x = stage.space.start.copy()
    weights = slice(x.size - stage.courses[0].shape[1] * 16, None)
    x[weights] += 0.3 * np.random.default_rng(3).standard_normal(x[weights].size)
    entry = problem.coupled[0]
    is_deep = np.array([name in problem.deep_muscles for name in entry.recording.muscles])
    combined = stage.courses[0] @ x[weights].reshape(-1, 16)
    measured = np.where(is_deep, 0.0, entry.recording.emg)
    acting = np.clip(measured + combined, 0.0, 1.0)
    as_if_measured = load_problem("m2-a-published-torque")
    modelled = with_emg(as_if_measured, lambda _: acting).acceleration_stage(problem.start(0.1, 0))
    values = problem.start(0.1, 0) | stage.space.values(x)
    torque = modelled.residual(point_of(modelled, values)) / modelled.weight
    expected = (
        ((torque / TORQUE_NM) ** 2).mean()
        + ((combined[:, is_deep] / EXTRAPOLATED) ** 2).mean()
        + ((combined[:, ~is_deep] / ADDED) ** 2).mean()
        + (((measured + combined - acting) / BEYOND) ** 2).mean()
    )
    assert np.abs(measured + combined - acting).max() > 0.1
    assert stage_loss(stage, x) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("factorisation", FACTORISATIONS)
def test_deep_muscles_start_with_the_mean_of_the_measured_and_nothing_added(factorisation: Factorisation) -> None:
    """The mean is as good as in the span of the courses: to a tenth of it."""
    problem, stage = from_start(factorisation)
    values = stage.space.values(stage.space.start)
    emg = problem.coupled[0].recording.emg
    is_deep = np.array([name in problem.deep_muscles for name in problem.coupled[0].recording.muscles])
    mean = emg[:, ~is_deep].mean(axis=1)
    for muscle in problem.projection.muscles:
        own = [value for name, value in values.items() if name.startswith(SYNERGIES) and name.endswith(f".{muscle}")]
        started = stage.courses[0] @ np.array(own)
        expected = mean if muscle in problem.deep_muscles else np.zeros_like(mean)
        assert np.linalg.norm(started - expected) <= 0.1 * np.linalg.norm(expected), muscle


def test_the_deep_muscles_own_emg_is_not_looked_at() -> None:
    problem, stage = from_start("pca")
    is_deep = np.array([name in problem.deep_muscles for name in problem.coupled[0].recording.muscles])
    other = with_emg(problem, lambda emg: np.where(is_deep, 0.5, emg)).acceleration_stage(problem.start(0.1, 0))
    np.testing.assert_array_equal(other.residual(stage.space.start), stage.residual(stage.space.start))


def test_bones_stay_as_they_are_at_the_start() -> None:
    problem, stage = from_start("pca")
    assert not {name.partition(".")[0] for name in stage.space.names} & {*problem.identified_bodies}


@pytest.mark.parametrize("factor", [1.0, 1.6])
def test_gradients_are_derivatives_where_emg_is_added_and_cut_off(factor: float) -> None:
    """Also where measured channels are beyond their maximum, as wrong normalisation leaves them."""
    problem = with_emg(load_problem("synergy_pca-a-published"), partial(np.multiply, factor))
    stage = problem.acceleration_stage(problem.start(0.1, 0))
    x = stage.space.start.copy()
    weights = np.array([name.startswith(SYNERGIES) for name in stage.space.names])
    x[weights] += 0.3 * np.random.default_rng(3).standard_normal(weights.sum())
    loss, gradient = loss_and_gradient(stage, x)
    assert stage_loss(stage, x) == pytest.approx(loss, rel=1e-12)
    errors = gradient_errors(stage, lambda at: squares(stage.residual(at)), x, gradient)
    assert max(errors.values()) < 1e-6, errors
