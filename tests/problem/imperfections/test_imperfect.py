"""Imperfections together: what is not asked for is not done, and what is drawn for one does not shift another."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.model.arm import Arm
from benchmark.problem.imperfect import imperfect
from benchmark.problem.imperfections import IMPERFECTIONS
from benchmark.problem.imperfections.hand_load import HAND_LOAD
from benchmark.problem.problem import load_problem
from benchmark.problem.projection import CoupledRecording, couple, couple_recording
from datasets.arm_files import load_arm
from datasets.description import ArmDescription

SIZES = {
    "emg_noise": 0.1,
    "emg_scaling": 0.2,
    "motion_noise": 0.1,
    "arm_bias": 0.1,
    "hand_load": 0.2,
    "noise": 0.1,
}


@pytest.fixture(scope="module")
def entry() -> CoupledRecording:
    return couple("a-published")


@pytest.fixture(scope="module")
def arm() -> ArmDescription:
    return load_arm("published")


def test_a_recording_of_which_nothing_is_asked_is_itself(entry: CoupledRecording, arm: ArmDescription) -> None:
    assert imperfect(entry, arm, (), seed=1) is entry
    problem = load_problem("m1-a-published")
    assert problem.as_seen(entry) is entry


def test_every_imperfection_has_a_name_a_unit_and_a_line() -> None:
    assert IMPERFECTIONS.keys() == SIZES.keys()
    for name, imperfection in IMPERFECTIONS.items():
        assert imperfection.name == name
        assert imperfection.unit in {"1", "deg", "kg", "rad/s2"}
        assert imperfection.summary.count("\n") == 0
        assert imperfection.summary


@pytest.mark.parametrize("name", SIZES)
def test_every_imperfection_changes_what_is_seen_and_not_the_truth(
    name: str, entry: CoupledRecording, arm: ArmDescription
) -> None:
    before = entry.recording.emg.copy(), entry.recording.moment_arm_m.copy(), entry.dynamics.torque_known.copy()
    seen = imperfect(entry, arm, [(name, SIZES[name])], seed=1)
    after = seen.recording.emg, seen.recording.moment_arm_m, seen.dynamics.torque_known
    assert not all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    assert seen.recording.true_parameters == entry.recording.true_parameters
    kept = entry.recording.emg, entry.recording.moment_arm_m, entry.dynamics.torque_known
    for one, other in zip(before, kept, strict=True):
        np.testing.assert_array_equal(one, other)


def test_regressors_are_computed_again_only_where_the_motion_or_the_arm_is_another(
    entry: CoupledRecording, arm: ArmDescription
) -> None:
    """What stays is what :func:`couple_recording` would compute again, to the last bit."""
    seen = imperfect(entry, arm, [("emg_noise", 0.1), ("emg_scaling", 0.1)], seed=1)
    again = couple_recording(seen.recording, arm)
    assert seen.dynamics is entry.dynamics
    for name in ("torque", "torque_known", "inertia", "inertia_known"):
        np.testing.assert_array_equal(getattr(seen.dynamics, name), getattr(again.dynamics, name))
    np.testing.assert_array_equal(seen.arms, again.arms)
    np.testing.assert_array_equal(seen.counted, again.counted)


def test_what_is_drawn_for_one_does_not_depend_on_the_others(entry: CoupledRecording, arm: ArmDescription) -> None:
    alone = {name: imperfect(entry, arm, [(name, SIZES[name])], seed=1) for name in ("arm_bias", "hand_load", "noise")}
    together = imperfect(entry, arm, [(name, SIZES[name]) for name in alone], seed=1)
    np.testing.assert_array_equal(together.arms, alone["arm_bias"].arms)
    noisy = alone["noise"].recording.acceleration_rad_per_s2
    np.testing.assert_array_equal(together.recording.acceleration_rad_per_s2, noisy)
    # Noise of accelerations acts through the inertia of the arm that is believed in: Pinocchio's, to rounding.
    some = entry.counted[::300]
    motion = (entry.recording.position_rad[some], entry.recording.velocity_rad_per_s[some], noisy[some])
    believed = Arm(HAND_LOAD.arm(arm, SIZES["hand_load"])).regressors(*motion)
    np.testing.assert_allclose(together.dynamics.torque_known[::300], believed.torque_known, rtol=0.0, atol=1e-11)


def test_the_recording_held_out_has_the_same_wrong_maxima() -> None:
    """A session's EMG is normalised once."""
    problem = load_problem("m1-a-published-emg_scaling0.2").replicate(3)
    held_out = couple("c-published")
    seen = problem.as_seen(held_out).recording.emg / held_out.recording.emg
    identified = problem.coupled[0].recording.emg / problem.noise_free[0].recording.emg
    np.testing.assert_allclose(seen[0], identified[0], rtol=1e-14)  # rounding
    assert np.abs(seen[0] - 1.0).max() > 0.1


def test_a_replicate_is_of_its_seed() -> None:
    problem = load_problem("m1-a-published-emg_scaling0.2")
    first, again, other = (problem.replicate(seed).coupled[0].recording.emg for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(problem.coupled[0].recording.emg, couple("a-published").recording.emg)
