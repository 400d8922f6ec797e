"""Errors of the moment arms, as a scaled generic model has them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmark.problem.imperfections.imperfection import Imperfection, named_generator
from datasets.recording import Recording


class MomentArmBias(Imperfection):
    """Each muscle's arm about each coordinate is wrong by one factor, the same in all poses and recordings of an arm.

    A joint that a muscle does not span stays unspanned, and muscles of one joint stay collinear: as many equations are
    left as without errors. Sizes are small beside one; beyond a third of it, arms would often change their sign.
    """

    name = "arm_bias"
    unit = "1"
    summary = "wrong moment arms: standard deviation of each arm's error as a share of it"

    def recording(self, recording: Recording, size: float, seed: int) -> Recording:
        """The recording with wrong moment arms."""
        errors = np.array(
            [
                [self._error(recording, muscle, about, seed) for about in recording.coordinates]
                for muscle in recording.muscles
            ]
        )
        return replace(recording, moment_arm_m=recording.moment_arm_m * (1.0 + size * errors))

    def _error(self, recording: Recording, muscle: str, coordinate: str, seed: int) -> float:
        """Error of an arm of size one."""
        return float(named_generator(seed, self.name, recording.variant, muscle, coordinate).standard_normal())


MOMENT_ARM_BIAS = MomentArmBias()
