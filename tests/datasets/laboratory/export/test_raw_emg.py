"""Raw EMG: its spectrum against the documented one, and envelopes of it against the theory of Gaussian noise."""

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import welch

from datasets.laboratory.export.raw_emg import coloured_noise, full_effort_envelope_mv, muscle_spectrum, raw_emg
from datasets.laboratory.files.table import Table
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.signals.envelope import EmgSettings, envelopes
from datasets.laboratory.signals.sampling import Array

RATE_HZ = 2000.0
SAMPLES = 400_000  # 200 s
FREQUENCY_HZ = np.linspace(0.0, 1000.0, 20_001)


def _documented(frequency_hz: Array) -> Array:
    """Shwedyk's spectrum with corners at 80 and 160 Hz, behind second-order Butterworth ends at 20 and 450 Hz."""
    f2 = frequency_hz**2
    band = f2**2 / (f2**2 + 20.0**4) * 450.0**4 / (f2**2 + 450.0**4)
    return np.asarray(f2 / (f2 + 80.0**2) / (f2 + 160.0**2) ** 2 * band)


def _highpassed(frequency_hz: Array) -> Array:
    """Power gain at 30 Hz of a second-order Butterworth high-pass passed twice, -3 dB in all."""
    corner_hz = 30.0 * (np.sqrt(2.0) - 1.0) ** 0.25
    return np.asarray((frequency_hz**4 / (frequency_hz**4 + corner_hz**4)) ** 2)


def _lowpassed(frequency_hz: Array) -> Array:
    """The same of a low-pass at 6 Hz."""
    corner_hz = 6.0 / (np.sqrt(2.0) - 1.0) ** 0.25
    return np.asarray((corner_hz**4 / (frequency_hz**4 + corner_hz**4)) ** 2)


def _envelope(signal: Array, settings: EmgSettings) -> Array:
    time_s = np.arange(len(signal)) / RATE_HZ
    table = Table(Path("emg.sto"), time_s, ("muscle",), signal, in_degrees=False)
    return envelopes(table, ("muscle",), settings)[:, 0]


def _constant(level: float, seed: int = 1) -> Array:
    return raw_emg(np.full((SAMPLES, 1), level), RATE_HZ, np.random.default_rng(seed))


def test_the_spectrum_peaks_where_that_of_surface_emg_does() -> None:
    # Of Shwedyk's part alone, u = f^2 at the peak solves 2 u^2 + l u - l h = 0 with l = f_l^2, h = f_h^2.
    low, high = 80.0**2, 160.0**2
    closed_form_hz = np.sqrt((np.sqrt(low**2 + 8.0 * low * high) - low) / 4.0)
    found_hz = FREQUENCY_HZ[muscle_spectrum(FREQUENCY_HZ).argmax()]
    assert 80.0 < found_hz < 100.0
    # The amplifier's ends, 20 and 450 Hz, tilt the peak by a fraction of a Hz.
    assert found_hz == pytest.approx(closed_form_hz, abs=1.0)


@pytest.mark.parametrize("band_hz", [(20.0, 60.0), (60.0, 100.0), (100.0, 200.0), (200.0, 450.0), (20.0, 450.0)])
def test_the_signals_power_is_in_the_documented_bands(band_hz: tuple[float, float]) -> None:
    frequency_hz, density = welch(_constant(1.0)[:, 0], RATE_HZ, nperseg=4096)
    inside = (frequency_hz >= band_hz[0]) & (frequency_hz < band_hz[1])
    expected = _documented(frequency_hz)
    # 200 s hold 16 000 independent figures in the narrowest band, so that its power is known within 0.8 %; a share of
    # 3 % more allows three times that, and the window's leakage.
    shares = [values[inside].sum() / values.sum() for values in (density, expected)]
    assert shares[0] == pytest.approx(shares[1], rel=0.03)


def test_nearly_all_power_is_within_the_amplifiers_band() -> None:
    density = muscle_spectrum(FREQUENCY_HZ)
    inside = (FREQUENCY_HZ >= 20.0) & (FREQUENCY_HZ <= 450.0)
    assert density[inside].sum() / density.sum() > 0.98


def test_the_noise_is_gaussian_with_variance_one() -> None:
    noise = coloured_noise(muscle_spectrum, SAMPLES, RATE_HZ, np.random.default_rng(3))
    # About 200 Hz of bandwidth over 200 s: 60 000 independent figures or so, and so an error of 0.6 % of the variance
    # and 2 % of the kurtosis; three times that.
    assert noise.mean() == pytest.approx(0.0, abs=1e-3)
    assert noise.var() == pytest.approx(1.0, rel=0.02)
    assert np.mean(noise**4) / noise.var() ** 2 == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("level", [0.0, 0.02, 0.3, 1.0])
def test_the_signals_root_mean_square_is_the_emg_and_the_baseline(level: float) -> None:
    # In mV, where full effort has 1; muscle and baseline add as independent noises do. Error of 0.3 %, three times.
    assert _constant(level).std() == pytest.approx(np.hypot(level, 0.01), rel=0.01)


@pytest.mark.parametrize("level", [0.02, 0.3, 1.0])
def test_the_mean_envelope_of_constant_emg_is_that_of_rectified_noise(level: float) -> None:
    muscle = np.average(_highpassed(FREQUENCY_HZ), weights=_documented(FREQUENCY_HZ))
    f4 = FREQUENCY_HZ**4
    amplifier = f4 / (f4 + 20.0**4) * 450.0**4 / (f4 + 450.0**4)
    baseline = 0.01**2 * np.average(_highpassed(FREQUENCY_HZ), weights=amplifier)
    expected_mv = np.sqrt(2.0 / np.pi * (level**2 * muscle + baseline))
    # The mean of 200 s is known within 0.25 %; three times that.
    assert _envelope(_constant(level), EmgSettings()).mean() == pytest.approx(expected_mv, rel=0.008)
    if level == 1.0:
        # The bilinear transform of the filter bends its slope at 30 of 1000 Hz by less than a thousandth.
        assert full_effort_envelope_mv(RATE_HZ) == pytest.approx(expected_mv, rel=1e-3)


def test_without_high_pass_the_mean_is_sqrt_2_over_pi_of_the_deviation() -> None:
    found_mv = _envelope(_constant(1.0), EmgSettings(highpass_hz=None)).mean()
    assert found_mv == pytest.approx(np.sqrt(2.0 / np.pi * (1.0 + 0.01**2)), rel=0.008)


def test_the_envelopes_statistical_error_is_that_of_smoothed_rectified_noise() -> None:
    # Rectified Gaussian noise of autocorrelation rho has the autocovariance 2/pi (rho asin rho + sqrt(1 - rho^2) - 1)
    # (Price's theorem); the low-pass keeps its gain's share of that's spectrum.
    grid_hz = np.linspace(0.0, RATE_HZ / 2.0, SAMPLES // 2 + 1)
    correlation = np.fft.irfft(_documented(grid_hz) * _highpassed(grid_hz))
    rho = np.clip(correlation / correlation[0], -1.0, 1.0)
    covariance = 2.0 / np.pi * (rho * np.arcsin(rho) + np.sqrt(1.0 - rho**2) - 1.0)
    smoothed = np.fft.irfft(np.fft.rfft(covariance).real * _lowpassed(grid_hz))[0]
    expected = np.sqrt(smoothed) / np.sqrt(2.0 / np.pi)
    envelope = _envelope(_constant(1.0), EmgSettings())
    # 200 s of 6 Hz are some 2400 independent figures: a deviation known within 1.5 %, three times that.
    assert envelope.std() / envelope.mean() == pytest.approx(expected, rel=0.045)
    assert 0.1 < expected < 0.2


def test_the_amplitude_follows_the_envelope() -> None:
    wave = 0.5 + 0.4 * np.sin(np.linspace(0.0, 100.0 * 2.0 * np.pi, SAMPLES, endpoint=False))
    signal = raw_emg(wave.reshape(-1, 1), RATE_HZ, np.random.default_rng(5))
    found = _envelope(signal, EmgSettings()) / full_effort_envelope_mv(RATE_HZ)
    # The mean of 100 periods, each 12 % off, is known within 1.2 %; four times that, and 1 % for the low-pass, which
    # rounds the troughs, and the baseline.
    np.testing.assert_allclose(found.reshape(100, -1).mean(axis=0), wave[: SAMPLES // 100], rtol=0.058)


def test_muscles_have_noise_of_their_own_that_a_seed_repeats() -> None:
    envelope = np.ones((20_000, 2))
    first, again = (raw_emg(envelope, RATE_HZ, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, raw_emg(envelope, RATE_HZ, np.random.default_rng(8)))
    # 10 s of 200 Hz: a correlation of 1.6 % by chance; three times that.
    assert np.mean(first[:, 0] * first[:, 1]) == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("rate_hz", [200.0, float("nan")])
def test_a_rate_too_low_for_surface_emg_is_refused(rate_hz: float) -> None:
    for refused in (
        lambda: raw_emg(np.ones((100, 1)), rate_hz, np.random.default_rng(1)),
        lambda: full_effort_envelope_mv(rate_hz),
    ):
        with pytest.raises(LaboratoryError, match="expected 1000 Hz or more, as surface EMG reaches 450 Hz"):
            refused()
