"""Errors of the deep muscles' forces, by forces that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.analysis.deep_forces import deep_force_errors, true_deep_forces
from benchmark.problem.formulations.formulation import Formulation
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.stage import Stage

Array = NDArray[np.float64]

DEEP = ("INFSP", "SUBSC", "TRImed", "BRA", "PQ")


class Told(Formulation):
    """Thinks what it is told."""

    name = "told"
    summary = "forces from outside"
    deep_muscles = "absent"

    def __init__(self, force: Array) -> None:
        self._force = force

    def deep_forces(self, problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> Array:
        return self._force


def errors_of(force: Array) -> dict[str, float]:
    """Errors of forces, (T, 5), in the recording `a`."""
    problem = Problem("ignored-a-published")
    problem.parsed = replace(problem.parsed, formulation=Told(force))
    stage = problem.acceleration_stage(problem.truth)
    return deep_force_errors(problem, stage, stage.space.start, problem.truth)


@pytest.fixture(scope="module")
def true() -> Array:
    return true_deep_forces(load_problem("ignored-a-published"))


def test_true_forces_are_those_of_the_tendons(true: Array) -> None:
    problem = load_problem("m2-a-published")
    recording, counted = problem.coupled[0].recording, problem.coupled[0].counted
    for index, name in enumerate(DEEP):
        expected = recording.states.tendon_force_n[counted, recording.muscles.index(name)]
        np.testing.assert_array_equal(true[:, index], expected)


def test_forces_of_several_recordings_come_one_after_the_other() -> None:
    both, first, second = (true_deep_forces(load_problem(f"ignored-{name}-published")) for name in ("ab", "a", "b"))
    np.testing.assert_array_equal(both, np.concatenate([first, second]))


def test_a_muscles_error_is_its_own_and_relative_to_its_force(true: Array) -> None:
    """Factors of 1.1, 0.8, 1, 0 and -1: 10, 20, 0, 100 and 200 %."""
    found = errors_of(true * np.array([1.1, 0.8, 1.0, 0.0, -1.0]))
    assert list(found) == list(DEEP)
    assert list(found.values()) == pytest.approx([10.0, 20.0, 0.0, 100.0, 200.0], abs=1e-9)


def test_an_offset_counts_in_the_root_mean_square(true: Array) -> None:
    found = errors_of(true + 50.0)
    for error, force in zip(found.values(), true.T, strict=True):
        assert error == pytest.approx(100.0 * 50.0 / np.sqrt((force**2).mean()), rel=1e-12)


def test_no_force_is_an_error_of_a_hundred_percent() -> None:
    problem = load_problem("ignored-a-published")
    stage = problem.acceleration_stage(problem.truth)
    found = deep_force_errors(problem, stage, stage.space.start, problem.truth)
    assert found == dict.fromkeys(DEEP, 100.0)


def test_m2_knows_the_forces_at_the_truth() -> None:
    """To 1e-3 %: it has their EMG and their fibres."""
    problem = load_problem("m2-a-published")
    stage = problem.acceleration_stage(problem.truth)
    found = deep_force_errors(problem, stage, stage.space.start, problem.truth)
    assert max(found.values()) < 1e-3


def test_moment_tracking_is_not_asked() -> None:
    problem = load_problem("moments-de-published")
    stage = problem.first_stage(problem.truth | problem.start(0.1, 0))
    assert deep_force_errors(problem, stage, stage.space.start, problem.truth) == {}


def test_recordings_that_were_cut_are_compared_where_they_are() -> None:
    """Motion noise takes away the end: what counts stays beside what was simulated then."""
    problem = load_problem("ignored-a-published-motion_noise0.1").replicate(0)
    true = true_deep_forces(problem)
    assert true.shape == (problem.samples, 5)
    assert problem.samples < load_problem("ignored-a-published").samples
    recording = problem.coupled[0].recording
    columns = np.array([recording.muscles.index(name) for name in DEEP])
    np.testing.assert_array_equal(true, recording.states.tendon_force_n[np.ix_(problem.coupled[0].counted, columns)])
