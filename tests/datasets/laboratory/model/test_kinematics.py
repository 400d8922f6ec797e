"""Muscle kinematics of imported models, against a recording's and a triangle's."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.model.moved import Motion
from datasets.recording import Recording
from datasets.recording_files import read_recording
from tests.datasets.laboratory.in_opensim import in_opensim

pytestmark = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")

SAMPLES = slice(60, None, 130)  # a dozen


@pytest.fixture(scope="module")
def recording() -> Recording:
    return read_recording("a-published")


@pytest.fixture(scope="module")
def moved(recording: Recording, model: Path) -> Any:
    return in_opensim(
        "model.kinematics_probe", "along", model, recording.coordinates, recording.muscles, motion(recording)
    )


def motion(recording: Recording) -> Motion:
    values = (recording.time_s, recording.position_rad, recording.velocity_rad_per_s, recording.acceleration_rad_per_s2)
    return Motion(*(series[SAMPLES] for series in values))


def test_lengths_speeds_and_moment_arms_are_the_recordings(recording: Recording, moved: Any) -> None:
    found, reported = moved
    assert reported == list(range(1, len(found.length_m) + 1))
    assert len(reported) == 12
    # The model's file holds couplings and moving points with six digits: 0.5 um of 1 m.
    np.testing.assert_allclose(found.length_m, recording.musculotendon_length_m[SAMPLES], rtol=0.0, atol=2e-6)
    np.testing.assert_allclose(
        found.velocity_m_per_s, recording.musculotendon_velocity_m_per_s[SAMPLES], rtol=0.0, atol=1e-5
    )
    np.testing.assert_allclose(found.moment_arm_m, recording.moment_arm_m[SAMPLES], rtol=0.0, atol=5e-6)


def test_a_muscle_over_a_pin_is_the_side_of_a_triangle(tmp_path: Path) -> None:
    angles = [-0.7, 0.1, 0.9]
    found = in_opensim("model.kinematics_probe", "turned_pin", tmp_path, angles, 0.4)
    # The pin is at (0, -0.3); the muscle goes from the ground's (0.02, 0.05, 0.01) to the link's (0.03, 0.05, 0.01).
    start, end = np.array([0.02, 0.05]), np.array([0.03, 0.05])

    def length(angle: float) -> float:
        c, s = np.cos(angle), np.sin(angle)
        return float(np.linalg.norm(np.array([[c, -s], [s, c]]) @ end + [0.0, -0.3] - start))

    step = 1e-5  # of central differences, whose error is some 1e-11
    slopes = np.array([(length(angle + step) - length(angle - step)) / (2.0 * step) for angle in angles])
    np.testing.assert_allclose(found.length_m[:, 0], [length(angle) for angle in angles], rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(found.velocity_m_per_s[:, 0], 2.0 * slopes, rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(found.moment_arm_m[:, 0, 0], -slopes, rtol=0.0, atol=1e-9)


def test_what_is_not_finite_is_told_with_muscle_and_time(recording: Recording, model: Path) -> None:
    broken = motion(recording)
    position = broken.position_rad.copy()
    position[2, 3] = np.nan
    asked = (recording.coordinates, ("BRA",), broken._replace(position_rad=position))
    with pytest.raises(LaboratoryError, match=r"suite.osim: the length of muscle BRA is not finite at 1\.600 s"):
        in_opensim("model.kinematics_probe", "along", model, *asked)
