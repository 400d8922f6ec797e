"""Wrong moment arms: a factor for each muscle and joint, and no arm where there was none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.problem.imperfections.moment_arm_bias import MOMENT_ARM_BIAS
from benchmark.problem.projection import couple_recording, project
from datasets.arm_files import load_arm
from datasets.recording import Recording
from datasets.recording_files import read_recording

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def recording() -> Recording:
    return read_recording("a-published")


def factors(recording: Recording, size: float = 0.1, seed: int = 1) -> Array:
    """Wrong over true arms where there is one, (samples, arms)."""
    spanned = load_arm("published").spanned()
    wrong = MOMENT_ARM_BIAS.recording(recording, size, seed)
    return wrong.moment_arm_m[:, spanned] / recording.moment_arm_m[:, spanned]


def few(recording: Recording) -> Recording:
    """Every 40th sample of the recording."""
    return recording.at(slice(None, None, 40))


def test_an_arm_has_one_factor_in_all_poses_and_recordings(recording: Recording) -> None:
    found = factors(recording)
    np.testing.assert_allclose(found, np.broadcast_to(found[0], found.shape), rtol=1e-12)  # rounding
    np.testing.assert_allclose(factors(read_recording("b-published"))[0], found[0], rtol=1e-12)
    assert len(np.unique(found[0].round(9))) == found.shape[1]


def test_arms_of_nothing_stay_nothing(recording: Recording) -> None:
    wrong = MOMENT_ARM_BIAS.recording(recording, 0.1, 1)
    np.testing.assert_array_equal(wrong.moment_arm_m == 0.0, recording.moment_arm_m == 0.0)


def test_as_many_equations_are_left_as_with_true_arms(recording: Recording) -> None:
    """TRImed and BRA span the elbow alone: collinear with whatever errors, so that deep muscles span four of five."""
    wrong = couple_recording(few(MOMENT_ARM_BIAS.recording(recording, 0.2, 1)), load_arm("published"))
    assert project([wrong], "eliminated").equations == 1
    elbow = wrong.arms[:, :, [recording.muscles.index(name) for name in ("TRImed", "BRA")]]
    assert (np.linalg.matrix_rank(elbow) == 1).all()


def test_errors_have_the_size_that_is_asked_for(recording: Recording) -> None:
    """Of 100 seeds, to four standard errors."""
    errors = np.array([factors(few(recording), 0.1, seed)[0] - 1.0 for seed in range(100)])
    assert np.std(errors) == pytest.approx(0.1, abs=4.0 * 0.1 / np.sqrt(2.0 * errors.size))


def test_errors_depend_on_seed_arm_muscle_and_joint_alone(recording: Recording) -> None:
    right = few(recording)
    first = MOMENT_ARM_BIAS.recording(right, 0.1, 1).moment_arm_m
    turned = replace(right, muscles=right.muscles[::-1], moment_arm_m=right.moment_arm_m[:, ::-1])
    np.testing.assert_array_equal(MOMENT_ARM_BIAS.recording(turned, 0.1, 1).moment_arm_m[:, ::-1], first)
    for other, seed in ((right, 2), (replace(right, arm=load_arm("subject1")), 1)):
        assert np.abs(factors(other, 0.1, seed)[0] / factors(right)[0] - 1.0).min() > 1e-5


def test_nothing_but_the_arms_is_wrong(recording: Recording) -> None:
    wrong = MOMENT_ARM_BIAS.recording(recording, 0.1, 1)
    for name, values in wrong.variables.items():
        assert (values is recording.variables[name]) == (name != "moment_arm_m"), name
