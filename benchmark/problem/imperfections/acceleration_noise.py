"""Noise of the accelerations themselves: the one that eq. (14) is the best loss under."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmark.problem.imperfections.imperfection import Imperfection

if TYPE_CHECKING:
    from benchmark.problem.projection import CoupledRecording


class AccelerationNoise(Imperfection):
    """Independent Gaussian noise, as large in every direction; :mod:`benchmark.problem.acceleration_noise` has more."""

    name = "noise"
    unit = "rad/s2"
    summary = "independent noise in the accelerations, its standard deviation"

    def coupled(self, entry: CoupledRecording, size: float, seed: int) -> CoupledRecording:
        """The recording with noisy accelerations."""
        from benchmark.problem.acceleration_noise import with_noise

        return with_noise(entry, size, seed)


ACCELERATION_NOISE = AccelerationNoise()
