"""Zero-lag filters against their closed-form gain; equal sampling; times within a recording."""

import math
from typing import Literal

import numpy as np
import pytest

from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.signals.sampling import check_filter, is_equally_sampled, mean_rate_hz, times_within, zero_lag
from tests.datasets.laboratory.oracle import butterworth_gain

RATE_HZ = 100.0


@pytest.mark.parametrize("kind", ["lowpass", "highpass"])
@pytest.mark.parametrize(("cutoff_hz", "order"), [(6.0, 2), (6.0, 4), (12.0, 6), (40.0, 4)])
def test_a_filters_response_is_the_closed_form(
    kind: Literal["lowpass", "highpass"], cutoff_hz: float, order: int
) -> None:
    samples, middle = 4096, 2048
    impulse = np.zeros((samples, 1))
    impulse[middle] = 1.0
    response = np.fft.rfft(np.roll(zero_lag(impulse, RATE_HZ, cutoff_hz, order, "x", kind=kind)[:, 0], -middle))
    frequency_hz = np.arange(1, middle) * RATE_HZ / samples
    expected = butterworth_gain(frequency_hz, RATE_HZ, cutoff_hz, order, kind == "highpass")
    # The response has died out at the ends, 20 s away: rounding only. A real transform: no phase, so no lag.
    np.testing.assert_allclose(response[1:-1], expected, rtol=0.0, atol=1e-9)


@pytest.mark.parametrize("kind", ["lowpass", "highpass"])
def test_a_sine_at_the_cut_off_frequency_loses_3_db(kind: Literal["lowpass", "highpass"]) -> None:
    sine = np.sin(2.0 * np.pi * 6.0 * np.arange(1000) / RATE_HZ)[:, np.newaxis]
    filtered = zero_lag(sine, RATE_HZ, 6.0, 4, "x", kind=kind)
    # 4 s from the ends, 24 periods, their influence of exp(-24 * 4.4) is far below rounding.
    np.testing.assert_allclose(filtered[400:600], sine[400:600] / math.sqrt(2.0), rtol=0.0, atol=1e-10)


def test_padding_keeps_a_slope_or_a_level() -> None:
    ramp, level = np.arange(200.0)[:, np.newaxis], np.full((200, 1), 3.0)
    # Odd padding carries a ramp on, so that a low-pass leaves all of it but the pad's own end, damped by 1 %.
    np.testing.assert_allclose(zero_lag(ramp, RATE_HZ, 6.0, 4, "x", padding="odd"), ramp, rtol=0.0, atol=0.02)
    np.testing.assert_allclose(zero_lag(level, RATE_HZ, 6.0, 4, "x", padding="even"), level, rtol=1e-12)


def test_a_cut_off_frequency_that_the_sampling_rate_does_not_allow_is_refused() -> None:
    for cutoff_hz in (50.0, 80.0, 120.0):
        with pytest.raises(LaboratoryError, match=r"emg: the lowpass .* expected below 50 Hz, half the sampling rate"):
            zero_lag(np.zeros((100, 1)), RATE_HZ, cutoff_hz, 4, "emg")


@pytest.mark.parametrize("cutoff_hz", [6.0, 1e-300, 5e-324])
def test_a_signal_shorter_than_the_padding_is_refused(cutoff_hz: float) -> None:
    with pytest.raises(LaboratoryError, match="x: has 17 samples at 100 Hz, expected more than"):
        zero_lag(np.zeros((17, 1)), RATE_HZ, cutoff_hz, 4, "x")


def test_the_shortest_signal_is_filtered() -> None:
    # A period of 6 Hz has 16.7 samples: 17 of padding, for which 18 samples do.
    assert zero_lag(np.zeros((18, 1)), RATE_HZ, 6.0, 4, "x").shape == (18, 1)


@pytest.mark.parametrize(
    ("cutoff_hz", "order"), [(0.0, 4), (-1.0, 4), (math.nan, 4), (math.inf, 4), (6.0, 3), (6.0, 0), (None, 1)]
)
def test_bad_filters_are_refused(cutoff_hz: float | None, order: int) -> None:
    with pytest.raises(LaboratoryError, match=r"x: the (cut-off frequency|filter's order) is"):
        check_filter(cutoff_hz, order, "x")


def test_rounded_times_count_as_equally_sampled_and_a_drift_does_not() -> None:
    time_s = np.arange(1000) / 120.0
    assert is_equally_sampled(time_s)
    assert is_equally_sampled(np.round(time_s, 4))  # off by up to 0.00005 s, 0.6 % of a step
    assert not is_equally_sampled(np.round(time_s, 3))
    assert not is_equally_sampled(time_s * (1.0 + 1e-4 * time_s))
    assert mean_rate_hz(time_s) == pytest.approx(120.0, rel=1e-12)


def test_times_beyond_the_ends_by_rounding_are_moved_onto_them() -> None:
    time_s = np.linspace(0.0, 1.0, 101)
    np.testing.assert_array_equal(times_within(time_s, np.array([-1e-9, 0.5, 1.0 + 1e-9]), "x"), [0.0, 0.5, 1.0])


@pytest.mark.parametrize(
    ("at_s", "expected"),
    [
        ([0.0, 1.5], "x: runs from 0 to 1 s and lacks 0.5 s at its end, expected 0 to 1.5 s"),
        ([-0.25, 1.0], "lacks 0.25 s at its start"),
        ([-1.0, 2.0], "lacks 1 s at its start and 1 s at its end"),
        ([np.nan], "lacks nan s"),
        ([], "no times"),
    ],
)
def test_times_beyond_the_recording_are_refused(at_s: list[float], expected: str) -> None:
    with pytest.raises(LaboratoryError, match=expected):
        times_within(np.linspace(0.0, 1.0, 101), np.array(at_s), "x")
