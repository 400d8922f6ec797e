"""Raw surface EMG of muscles whose envelopes are known.

It is Gaussian noise with the power spectrum of surface EMG, modulated in amplitude by the envelope (Shwedyk,
Balasubramanian & Scott, IEEE Trans. Biomed. Eng. 24, 1977, 417-424), so that an envelope taken from it has the
statistical error that one from a muscle has. The spectrum is Shwedyk's, f^2 / ((f^2 + f_l^2) (f^2 + f_h^2)^2), which
Stulen & De Luca (IEEE Trans. Biomed. Eng. 28, 1981, 515-523) take as well, with corners chosen to let it peak at 87 Hz.
An amplifier passes 20 to 450 Hz of it, at 12 dB an octave, and adds baseline noise of its own, white within that band
(De Luca, Gilmore, Kuznetsov & Roy, J. Biomech. 43, 2010, 1573-1579).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.signals.envelope import EmgSettings
from datasets.laboratory.signals.sampling import Array, zero_lag

CORNERS_HZ = (80.0, 160.0)  # f_l and f_h
BAND_HZ = (20.0, 450.0)
LOWEST_RATE_HZ = 1000.0  # twice the band's end, and some more
FULL_EFFORT_MV = 1.0  # root mean square of a muscle's signal at an EMG of 1
BASELINE = 0.01  # root mean square of the baseline noise, of that of a muscle's signal at an EMG of 1
RESOLUTION_S = 4.0  # of spectra: a quarter of a Hz

Spectrum = Callable[[Array], Array]


def amplifier_gain(frequency_hz: Array) -> Array:
    """Power gain of the amplifier, Butterworth of order 2 at either end of its band, (n,)."""
    low, high = (frequency_hz / BAND_HZ[0]) ** 4, (frequency_hz / BAND_HZ[1]) ** 4
    return low / (1.0 + low) / (1.0 + high)


def muscle_spectrum(frequency_hz: Array) -> Array:
    """Power spectral density of surface EMG behind the amplifier, up to a factor, (n,)."""
    square, (low, high) = frequency_hz**2, CORNERS_HZ
    return square / ((square + low**2) * (square + high**2) ** 2) * amplifier_gain(frequency_hz)


def coloured_noise(spectrum: Spectrum, samples: int, rate_hz: float, rng: np.random.Generator) -> Array:
    """Gaussian noise of variance 1.

    Parameters
    ----------
    spectrum
        Its power spectral density by frequency (Hz), up to a factor.
    samples, rate_hz
        How many samples, T, and how many a second.
    rng
        Where chance comes from.

    Returns
    -------
    Array
        (T,)
    """
    density = spectrum(_frequencies_hz(samples, rate_hz))
    variance = np.fft.irfft(density, samples)[0]
    noise = np.fft.irfft(np.sqrt(density / variance) * np.fft.rfft(rng.standard_normal(samples)), samples)
    return np.asarray(noise, dtype=np.float64)


def raw_emg(envelope: Array, rate_hz: float, rng: np.random.Generator) -> Array:
    """Raw surface EMG in mV, baseline noise included.

    Parameters
    ----------
    envelope
        EMG of its maximum, (T, m).
    rate_hz
        Samples a second.
    rng
        Where chance comes from.

    Returns
    -------
    Array
        (T, m)

    Raises
    ------
    LaboratoryError
        If the rate is too low for surface EMG.
    """
    check_rate(rate_hz)
    signal = np.empty_like(envelope)
    for column in range(envelope.shape[1]):
        muscle = coloured_noise(muscle_spectrum, len(envelope), rate_hz, rng)
        baseline = coloured_noise(amplifier_gain, len(envelope), rate_hz, rng)
        signal[:, column] = FULL_EFFORT_MV * (envelope[:, column] * muscle + BASELINE * baseline)
    return signal


def full_effort_envelope_mv(rate_hz: float) -> float:
    """Mean envelope at an EMG of 1, as a maximum voluntary contraction gives it: in mV.

    The trial's usual high-pass (:class:`~datasets.laboratory.signals.envelope.EmgSettings`) passes a share of muscle's
    and baseline's power; of the Gaussian rest with standard deviation sigma, the rectified mean is sqrt(2/pi) sigma.

    Parameters
    ----------
    rate_hz
        Samples a second.

    Raises
    ------
    LaboratoryError
        If the rate is too low for surface EMG.
    """
    check_rate(rate_hz)
    passed = _passed(muscle_spectrum, rate_hz) + BASELINE**2 * _passed(amplifier_gain, rate_hz)
    return float(FULL_EFFORT_MV * np.sqrt(2.0 / np.pi * passed))


def check_rate(rate_hz: float) -> None:
    """Raise a LaboratoryError if surface EMG cannot be sampled at that rate."""
    if not rate_hz >= LOWEST_RATE_HZ:
        raise LaboratoryError(
            f"raw EMG: the sampling rate is {rate_hz:g} Hz, expected {LOWEST_RATE_HZ:g} Hz or more, "
            f"as surface EMG reaches {BAND_HZ[1]:g} Hz; choose a higher rate, or envelopes"
        )


def _passed(spectrum: Spectrum, rate_hz: float) -> float:
    """Share of a signal's power that the usual high-pass passes; of its answer to an impulse."""
    settings = EmgSettings()
    if settings.highpass_hz is None:
        return 1.0
    samples = round(RESOLUTION_S * rate_hz)
    impulse = np.zeros((samples, 1))
    impulse[samples // 2] = 1.0
    answer = zero_lag(impulse, rate_hz, settings.highpass_hz, settings.order, "an impulse", kind="highpass")
    density = spectrum(_frequencies_hz(samples, rate_hz))
    return float(np.average(np.abs(np.fft.rfft(answer[:, 0])) ** 2, weights=density))


def _frequencies_hz(samples: int, rate_hz: float) -> Array:
    """Frequencies of a real signal's Fourier transform."""
    return np.asarray(np.fft.rfftfreq(samples, 1.0 / rate_hz), dtype=np.float64)
