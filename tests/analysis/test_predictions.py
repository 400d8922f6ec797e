"""Errors of predicted angles and forces, by predictions that are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.analysis.predictions import ANGLE, FORCE, HELD_OUT, TRAINING, Prediction, model_errors, prediction_errors
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.projection import couple

Array = NDArray[np.float64]

PROBLEM = "m1-ab-published"
MOVEMENTS = {TRAINING: ("a-published", "b-published"), HELD_OUT: ("c-published",)}


class Oracle:
    """Knows a recording by its EMG, and is off by so much of it."""

    def __init__(self, problem: Problem, factor: float = 1.0, forces: bool = True) -> None:
        self._factor, self._forces = factor, forces
        self._known = {
            _key(couple(name).recording.emg[:, _measured(problem)]): couple(name).recording
            for names in MOVEMENTS.values()
            for name in names
        }

    def __call__(self, time_s: Array, emg: Array) -> Prediction:
        recording = self._known[_key(emg)]
        np.testing.assert_array_equal(time_s, recording.time_s)
        return Prediction(
            self._factor * recording.position_rad,
            self._factor * recording.states.tendon_force_n if self._forces else None,
        )


def _key(emg: Array) -> bytes:
    return np.ascontiguousarray(emg).tobytes()


def _measured(problem: Problem) -> list[int]:
    muscles = problem.coupled[0].recording.muscles
    return [muscles.index(name) for name in problem.measured_muscles]


@pytest.mark.parametrize("name", [PROBLEM, "m2-ab-published"])
def test_who_knows_all_has_no_error(name: str) -> None:
    """And is given the EMG of the measured muscles alone: of others it knows no recording."""
    problem = load_problem(name)
    found = prediction_errors(Oracle(problem), problem)
    assert found.keys() == MOVEMENTS.keys()
    for own in found.values():
        assert set(own[ANGLE]) == set(problem.coupled[0].recording.coordinates)
        assert set(own[FORCE]) == set(problem.coupled[0].recording.muscles)
        assert {pair for errors in own.values() for pair in errors.values()} == {(0.0, 1.0)}


def test_errors_are_those_of_all_recordings_together() -> None:
    """A tenth too much of everything: by hand, at the samples that count alone."""
    problem = load_problem(PROBLEM)
    found = prediction_errors(Oracle(problem, factor=1.1), problem)
    for movement, names in MOVEMENTS.items():
        entries = [couple(name) for name in names]
        angle = np.concatenate([one.recording.position_rad[one.counted, 3] for one in entries])
        force = np.concatenate([one.recording.states.tendon_force_n[one.counted, 4] for one in entries])
        own = found[movement]
        for true, (rmse, r2) in ((angle, own[ANGLE]["elbow_flexion"]), (force, own[FORCE]["DELT2"])):
            assert rmse == pytest.approx(0.1 * np.sqrt(np.mean(true**2)), rel=1e-12)
            assert r2 == pytest.approx(1.0 - 0.01 * np.mean(true**2) / np.var(true), rel=1e-9)


def test_what_is_not_predicted_has_no_error() -> None:
    problem = load_problem(PROBLEM)
    found = prediction_errors(Oracle(problem, forces=False), problem)
    assert [set(own) for own in found.values()] == [{ANGLE}, {ANGLE}]


def test_a_predictor_sees_the_imperfections_and_is_measured_by_the_truth() -> None:
    """EMG 10 % off: the oracle knows no such recording."""
    problem = load_problem(f"{PROBLEM}-emg_noise0.1").replicate(0)
    with pytest.raises(KeyError):
        prediction_errors(Oracle(problem), problem)

    def still(time_s: Array, emg: Array) -> Prediction:
        return Prediction(np.zeros((len(time_s), 5)), None)

    clean = load_problem(PROBLEM)
    assert prediction_errors(still, problem) == prediction_errors(still, clean)


def test_true_parameters_give_true_forces_of_measured_muscles() -> None:
    """As far as the recordings agree with the model, 1e-4 of a force's deviation; INFSP and PQ are deep."""
    problem = load_problem(PROBLEM)
    for own in model_errors(problem, problem.truth).values():
        assert own.keys() == {FORCE}
        seen = set(problem.acceleration_stage(problem.truth).projection.muscles)
        assert set(own[FORCE]) == seen | set(problem.deep_muscles)
        assert max(1.0 - own[FORCE][name][1] for name in seen) < 1e-8
    ideal = load_problem("m2-ab-published")
    for own in model_errors(ideal, ideal.truth).values():
        assert set(own[FORCE]) == set(ideal.coupled[0].recording.muscles)
        assert max(1.0 - r2 for _, r2 in own[FORCE].values()) < 1e-8


def test_wrong_parameters_give_wrong_forces() -> None:
    """A tenth more strength is a tenth more force."""
    problem = load_problem(PROBLEM)
    strong = {**problem.truth, "DELT1.maximum_isometric_force": 1.1 * problem.truth["DELT1.maximum_isometric_force"]}
    found = model_errors(problem, strong)[HELD_OUT][FORCE]
    entry = couple("c-published")
    force = entry.recording.states.tendon_force_n[entry.counted, entry.recording.muscles.index("DELT1")]
    assert found["DELT1"][0] == pytest.approx(0.1 * np.sqrt(np.mean(force**2)), rel=1e-4)
    assert found["DELT3"][1] > 1.0 - 1e-8
