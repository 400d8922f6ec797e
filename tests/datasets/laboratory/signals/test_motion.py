"""Smoothed motions against sines, whose derivatives and filtered amplitudes are known; the check of the unit."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from datasets.laboratory.files.table import Table
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.signals.motion import MotionSettings, angles_rad, smooth_motion
from tests.datasets.laboratory.oracle import butterworth_gain

Array = NDArray[np.float64]
RATE_HZ = 100.0
TIME_S = np.arange(601) / RATE_HZ
FREQUENCY_HZ = np.array([0.5, 1.0, 1.5])
OMEGA = 2.0 * np.pi * FREQUENCY_HZ
UNFILTERED = MotionSettings(cutoff_hz=None)


def _sines(time_s: Array) -> tuple[Array, Array, Array]:
    phase = time_s[:, np.newaxis] * OMEGA + 0.3
    return np.sin(phase), OMEGA * np.cos(phase), -(OMEGA**2) * np.sin(phase)


def test_a_spline_through_a_motion_has_its_derivatives() -> None:
    at_s = np.linspace(0.0, 6.0, 997)
    step = OMEGA.max() / RATE_HZ
    # A quintic spline of a sine is off by a multiple of (omega h)^(6 - d) in its d-th derivative, relative to that
    # derivative's amplitude: well below 1 inside, up to about 1 at not-a-knot ends.
    found = smooth_motion(TIME_S, _sines(TIME_S)[0], at_s, UNFILTERED)
    for order, (figure, truth) in enumerate(zip(found, _sines(at_s), strict=True)):
        error = np.abs(figure - truth) / OMEGA**order
        assert error.max() < step ** (6 - order)
        assert error[100:-100].max() < 0.01 * step ** (6 - order)


@pytest.mark.parametrize("jitter", [0.0, 0.15])
def test_a_filtered_motion_is_the_motion_times_the_filters_gain(jitter: float) -> None:
    # Steps vary by up to +-2 * 15 %: within what a table may have, far beyond what counts as equal.
    time_s = TIME_S + jitter / RATE_HZ * np.random.default_rng(0).uniform(-1.0, 1.0, TIME_S.size)
    at_s = np.linspace(1.5, 4.5, 301)
    gain = butterworth_gain(FREQUENCY_HZ, RATE_HZ, 6.0, 4, high=False)
    assert gain.min() > 0.99
    found = smooth_motion(time_s, _sines(time_s)[0], at_s, MotionSettings(cutoff_hz=6.0))
    # 1.5 s, nine periods of the cut-off, from the ends, their influence is below exp(-9 * 4.4). What is left is the
    # splines' error, as above with a wider step, and the gain's at a rate that the jitter of the ends changes by 5e-5.
    for order, (figure, truth) in enumerate(zip(found, _sines(at_s), strict=True)):
        np.testing.assert_allclose(figure / OMEGA**order, gain * truth / OMEGA**order, rtol=0.0, atol=1e-5)


def test_accelerations_are_right_from_a_period_of_the_cut_off_on() -> None:
    cutoff_hz = 6.0
    at_s = np.linspace(1.0 / cutoff_hz, 6.0 - 1.0 / cutoff_hz, 301)
    gain = butterworth_gain(FREQUENCY_HZ, RATE_HZ, cutoff_hz, 4, high=False)
    found = smooth_motion(TIME_S, _sines(TIME_S)[0], at_s, MotionSettings(cutoff_hz))[2] / OMEGA**2
    # The padding has no curvature at an end, an error of up to 1 there; a pass forgets exp(-2 pi / sqrt(2)) = 1.2 % of
    # it in a period.
    np.testing.assert_allclose(found, gain * _sines(at_s)[2] / OMEGA**2, rtol=0.0, atol=0.012)


def test_noise_is_taken_out_of_the_accelerations() -> None:
    noise = 1e-3 * np.random.default_rng(1).normal(size=(TIME_S.size, 3))
    at_s = np.linspace(1.0, 5.0, 401)
    raw = smooth_motion(TIME_S, noise, at_s, UNFILTERED)[2]
    smooth = smooth_motion(TIME_S, noise, at_s, MotionSettings(cutoff_hz=6.0))[2]
    # White noise through (2 pi f)^2: its power grows with f^5, so that 6 Hz of 50 Hz leave (6 / 50)^2.5 = 0.005 of its
    # amplitude, and a filter that is no brick wall some more.
    assert smooth.std() < 0.02 * raw.std()


def test_a_short_motion_is_refused() -> None:
    position = np.zeros((17, 1))
    with pytest.raises(LaboratoryError, match="the motion: has 17 samples at 100 Hz, expected more than 17"):
        smooth_motion(TIME_S[:17], position, TIME_S[:3], MotionSettings())
    assert smooth_motion(TIME_S[:6], position[:6], TIME_S[:3], UNFILTERED)[2].shape == (3, 1)
    with pytest.raises(LaboratoryError, match="has 5 samples, expected 6 or more for a quintic spline"):
        smooth_motion(TIME_S[:5], position[:5], TIME_S[:3], UNFILTERED)


def test_a_cut_off_frequency_or_times_that_do_not_fit_are_refused() -> None:
    position = np.zeros((601, 1))
    with pytest.raises(LaboratoryError, match=r"the motion: the lowpass .* 50 Hz, expected below 50 Hz"):
        smooth_motion(TIME_S, position, TIME_S, MotionSettings(cutoff_hz=50.0))
    with pytest.raises(LaboratoryError, match="the motion: runs from 0 to 6 s and lacks 1 s at its end"):
        smooth_motion(TIME_S, position, np.array([0.0, 7.0]), MotionSettings())


@pytest.mark.parametrize(("cutoff_hz", "order"), [(0.0, 4), (float("nan"), 4), (6.0, 3), (6.0, 0)])
def test_bad_settings_are_refused(cutoff_hz: float, order: int) -> None:
    with pytest.raises(LaboratoryError, match="the motion's low-pass: the"):
        MotionSettings(cutoff_hz, order)


def _table(values: Array, in_degrees: bool) -> Table:
    time_s = np.arange(len(values)) / RATE_HZ
    return Table(Path("x.mot"), time_s, ("/jointset/elbow/elbow_flexion/value", "pro_sup"), values, in_degrees, 8)


MOVEMENT_RAD = np.column_stack((np.linspace(0.2, 1.8, 5), np.linspace(-0.4, 0.3, 5)))


def test_angles_come_in_rad_in_the_order_asked_for() -> None:
    coordinates = ("pro_sup", "elbow_flexion")
    in_rad = angles_rad(_table(MOVEMENT_RAD, in_degrees=False), coordinates)
    np.testing.assert_array_equal(in_rad, MOVEMENT_RAD[:, ::-1])
    in_degrees = angles_rad(_table(MOVEMENT_RAD * 180.0 / np.pi, in_degrees=True), coordinates)
    np.testing.assert_allclose(in_degrees, in_rad, rtol=1e-15)  # rounding only


def test_a_wrong_unit_is_refused_with_what_to_put_in_the_header() -> None:
    wrong = _table(MOVEMENT_RAD * 180.0 / np.pi, in_degrees=False)
    with pytest.raises(LaboratoryError, match=r"line 12, column '/jointset/elbow.*' is 103.132.*inDegrees=yes in the"):
        angles_rad(wrong, ("elbow_flexion", "pro_sup"))
    wrong = _table(MOVEMENT_RAD, in_degrees=True)
    with pytest.raises(LaboratoryError, match=r"line 12, column '/jointset/elbow.*' is 1.8.*put inDegrees=no in the"):
        angles_rad(wrong, ("elbow_flexion", "pro_sup"))


@pytest.mark.parametrize("in_degrees", [True, False])
def test_an_arm_at_rest_passes_in_either_unit(in_degrees: bool) -> None:
    still = _table(np.full((5, 2), 0.2) + 0.4 * np.linspace(0.0, 1.0, 5)[:, np.newaxis], in_degrees)
    assert angles_rad(still, ("pro_sup",)).shape == (5, 1)


def test_a_coordinate_that_moves_little_beside_another_passes_in_degrees() -> None:
    values = np.column_stack((np.linspace(10.0, 60.0, 5), np.linspace(-1.0, 1.0, 5)))
    np.testing.assert_allclose(
        angles_rad(_table(values, in_degrees=True), ("elbow_flexion", "pro_sup")), values * np.pi / 180.0, rtol=1e-15
    )


def test_a_missing_coordinate_is_refused() -> None:
    with pytest.raises(LaboratoryError, match="no column of coordinate 'shoulder_elv'"):
        angles_rad(_table(MOVEMENT_RAD, in_degrees=False), ("pro_sup", "shoulder_elv"))
