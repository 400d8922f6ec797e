"""Courses against the simulation that made the recording, and against other routes to the same torques."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmark.identification.courses import Course, courses, fit_of
from benchmark.identification.identification import Identification
from benchmark.problem.own_problem import OwnProblem
from datasets.recording import Recording
from datasets.recording_files import read_recording

from .conftest import recording_at

SAMPLES = 300  # 1.5 s


@pytest.fixture(scope="module")
def recording() -> Recording:
    return read_recording("a-published").at(slice(0, SAMPLES))


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> OwnProblem:
    return OwnProblem((recording_at(tmp_path_factory.mktemp("courses"), SAMPLES),))


@pytest.fixture(scope="module")
def course(problem: OwnProblem, recording: Recording) -> Course:
    (only,) = courses(problem, recording.true_parameters, is_held_out=False)
    return only


def test_with_the_true_parameters_muscles_do_what_they_did(
    course: Course, problem: OwnProblem, recording: Recording
) -> None:
    # The simulation integrates to 1e-8, in equilibrium; what differs is EMG that is held between samples of 5 ms.
    rows, columns = problem.coupled[0].counted, [recording.muscles.index(name) for name in course.muscles]
    optimal = np.array([recording.true_parameters[f"{name}.optimal_fibre_length"] for name in course.muscles])
    states = recording.states
    np.testing.assert_array_equal(course.time_s, recording.time_s[rows])
    np.testing.assert_allclose(course.fibre_length, states.fibre_length_m[rows][:, columns] / optimal, atol=1e-4)
    np.testing.assert_allclose(course.activation, states.activation[rows][:, columns], atol=1e-5)
    np.testing.assert_allclose(course.force_n, states.tendon_force_n[rows][:, columns], atol=0.2)  # of up to 600 N
    np.testing.assert_array_equal(course.outside, 0.0)


def test_with_the_true_parameters_all_torque_is_explained(course: Course) -> None:
    fit = fit_of((course,))
    assert fit.r2 == pytest.approx(1.0, abs=1e-5)
    assert fit.rmse_n_m < 0.005 * np.abs(course.measured_n_m).max()


def test_predicted_torque_is_that_of_the_forces_without_what_deep_muscles_can_give(
    found: Identification,
) -> None:
    entry, course = found.problem.coupled[0], found.courses[0]
    muscles = entry.recording.muscles
    deep, seen = ([muscles.index(n) for n in names] for names in (found.problem.deep_muscles, course.muscles))
    arms = entry.arms[:, :, deep]
    without = np.eye(arms.shape[1]) - arms @ np.linalg.pinv(arms)
    torque = (without @ (entry.arms[:, :, seen] @ course.force_n[..., None]))[..., 0]
    np.testing.assert_allclose(course.predicted_n_m, torque, atol=1e-10)  # rounding of torques of 10 N m


def test_what_is_left_of_the_torque_is_the_residual_times_its_inertia(found: Identification) -> None:
    stage = found.problem.acceleration_stage(found.values)
    inertia = np.array(stage.equations(stage.space.start, stage.force(stage.space.start))[1])  # (5, 1, T)
    course = found.courses[0]
    left = np.linalg.norm(course.measured_n_m - course.predicted_n_m, axis=1)
    expected = np.linalg.norm(inertia[:, 0], axis=0) * np.abs(course.residual_rad_per_s2[:, 0])
    np.testing.assert_allclose(left, expected, rtol=1e-6, atol=1e-10)  # a difference of torques of 10 N m


def test_bones_beyond_their_bounds_count_as_they_are(found: Identification) -> None:
    # Torques are linear in an inertia, so that those below its bound follow from those at it and above.
    name = "ulna.inertia.xx"
    low = found.problem.bounds(name)[0]
    below, at, above = (
        courses(found.problem, {**found.values, name: factor * low}, is_held_out=False)[0].measured_n_m
        for factor in (0.5, 1.0, 1.5)
    )
    np.testing.assert_allclose(below, 2.0 * at - above, atol=1e-12)  # rounding of torques of 10 N m
    assert np.abs(above - at).max() > 1e-6


def test_the_fit_is_that_of_all_courses_together(found: Identification) -> None:
    first = found.courses[0]
    other = replace(found.courses[1], is_held_out=False)
    measured = np.concatenate([first.measured_n_m, other.measured_n_m])
    error = np.concatenate([entry.predicted_n_m for entry in (first, other)]) - measured
    fit = fit_of((first, other))
    spread = ((measured - measured.mean(axis=0)) ** 2).sum()
    assert fit.r2 == pytest.approx(1.0 - (error**2).sum() / spread, rel=1e-12)
    assert fit.rmse_n_m == pytest.approx(float(np.sqrt((error**2).mean())), rel=1e-12)
    assert (fit.recordings, fit.samples, fit.equations) == (("a", "c"), len(measured), 1)
    assert not fit.is_held_out


def test_fits_are_of_the_search_and_of_the_held_out_recording(found: Identification) -> None:
    fit, held_out = found.fits
    mean_square = found.best.sum_of_squares / (fit.samples * fit.equations)
    assert fit.rms_rad_per_s2 == pytest.approx(np.sqrt(mean_square), rel=1e-9)
    assert held_out.is_held_out
    assert [entry.recording.name for entry in found.recordings] == ["a", "c"]
    assert [course.is_held_out for course in found.courses] == [False, True]
