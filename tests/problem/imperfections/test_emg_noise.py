"""Noise of EMG envelopes: its size and band against the filter's closed form, and what it depends on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.signal import welch

from benchmark.problem.imperfections.emg_noise import EMG_NOISE
from datasets.recording import Recording
from datasets.recording_files import read_recording


@pytest.fixture(scope="module")
def recording() -> Recording:
    return read_recording("a-published")


def noise(recording: Recording, seed: int) -> NDArray[np.float64]:
    """What the envelopes are multiplied by, less one, for a size of one; (samples, muscles)."""
    return (EMG_NOISE.recording(recording, 1e-3, seed).emg / recording.emg - 1.0) / 1e-3


def test_noise_has_the_size_that_is_asked_for(recording: Recording) -> None:
    np.testing.assert_allclose(noise(recording, 1).std(axis=0), 1.0, rtol=1e-9)  # rounding of 1e-16 in 1e-3


def test_noise_stays_within_the_envelopes_band(recording: Recording) -> None:
    """Two passes of a second-order Butterworth filter leave white noise a spectrum of (1 + (f / 6 Hz)^4)^-2.

    Of 8 s of 16 muscles there are some 1500 independent figures of the spectrum, a fifteenth of its power above 6 Hz:
    0.01 is four standard errors of that share, with what Welch's window blurs.
    """
    frequency, power = welch(noise(recording, 1), fs=recording.sampling_rate_hz, nperseg=400, axis=0)
    total = power.sum()
    beyond = [quad(lambda x: (1.0 + x**4) ** -2, low, np.inf)[0] for low in (0.0, 1.0, 2.0)]
    for times, expected in ((1.0, beyond[1] / beyond[0]), (2.0, beyond[2] / beyond[0])):
        assert power[frequency > 6.0 * times].sum() / total == pytest.approx(expected, abs=0.01)


def test_noise_is_in_proportion_to_the_envelope(recording: Recording) -> None:
    once = EMG_NOISE.recording(recording, 0.2, 1).emg
    twice = EMG_NOISE.recording(replace(recording, emg=2.0 * recording.emg), 0.2, 1).emg
    np.testing.assert_array_equal(twice, 2.0 * once)


def test_the_envelope_stays_above_zero(recording: Recording) -> None:
    emg = EMG_NOISE.recording(recording, 2.0, 1).emg
    assert emg.min() == 0.0


def test_noise_depends_on_seed_recording_and_muscle_alone(recording: Recording) -> None:
    first = noise(recording, 1)
    np.testing.assert_array_equal(first, noise(recording, 1))
    turned = replace(recording, muscles=recording.muscles[::-1], emg=recording.emg[:, ::-1])
    np.testing.assert_array_equal(noise(turned, 1)[:, ::-1], first)
    # 8 s of a 6 Hz band are some 90 independent figures: a correlation beyond 0.6 would be none of chance.
    others = [noise(recording, 2), noise(replace(recording, name="b-published"), 1), np.roll(first, 1, axis=1)]
    for other in others:
        together = np.mean(first * other, axis=0)
        assert np.abs(together).max() < 0.6


def test_nothing_but_the_emg_is_noisy(recording: Recording) -> None:
    noisy = EMG_NOISE.recording(recording, 0.2, 1)
    for name, values in noisy.variables.items():
        assert (values is recording.variables[name]) == (name != "emg"), name
