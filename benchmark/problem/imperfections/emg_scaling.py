"""Errors of the EMG channels' amplitudes, as a wrong maximum leaves them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmark.problem.imperfections.imperfection import Imperfection, named_generator
from datasets.recording import Recording


class EmgScaling(Imperfection):
    """A channel's normalisation is wrong by one factor, the same in all recordings of an arm, as of one session."""

    name = "emg_scaling"
    unit = "1"
    summary = "wrong maximum of each EMG channel: standard deviation of the logarithm of its factor"

    def recording(self, recording: Recording, size: float, seed: int) -> Recording:
        """The recording with EMG channels too large or too small."""
        arm = recording.variant
        draws = [named_generator(seed, self.name, arm, muscle).standard_normal() for muscle in recording.muscles]
        return replace(recording, emg=recording.emg * np.exp(size * np.array(draws)))


EMG_SCALING = EmgScaling()
