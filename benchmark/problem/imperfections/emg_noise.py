"""Signal-dependent noise of the EMG envelope."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.imperfections.imperfection import Imperfection, named_generator
from datasets.recording import Recording

Array = NDArray[np.float64]

ENVELOPE_BAND_HZ: Final = 6.0  # the usual low-pass of envelopes: what they still wobble by is slower than that
FILTER_ORDER: Final = 2  # forwards and backwards


class EmgNoise(Imperfection):
    """An envelope wobbles around the true one, in proportion to it, as fast as its low-pass lets through.

    Rectified EMG is a random carrier whose power is the excitation's; what a low-pass leaves of its randomness is in
    proportion to the envelope (Clancy and Hogan 1999, *IEEE Trans. Biomed. Eng.* 46, 730-739).
    """

    name = "emg_noise"
    unit = "1"
    summary = "noise of EMG envelopes, its standard deviation as a share of the envelope"

    def recording(self, recording: Recording, size: float, seed: int) -> Recording:
        """The recording with noisy EMG, which stays above zero."""
        noise = [_wobble(recording, muscle, seed) for muscle in recording.muscles]
        return replace(recording, emg=recording.emg * np.maximum(0.0, 1.0 + size * np.transpose(noise)))


def _wobble(recording: Recording, muscle: str, seed: int) -> Array:
    """Noise of unit standard deviation in the envelope's band, (samples,)."""
    from scipy.signal import butter, sosfiltfilt

    low_pass = butter(FILTER_ORDER, ENVELOPE_BAND_HZ, fs=recording.sampling_rate_hz, output="sos")
    generator = named_generator(seed, EmgNoise.name, recording.name, muscle)
    noise = np.asarray(sosfiltfilt(low_pass, generator.standard_normal(recording.time_s.size)))
    return np.asarray(noise / noise.std())


EMG_NOISE = EmgNoise()
