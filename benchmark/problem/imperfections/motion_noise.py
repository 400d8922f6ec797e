"""Noise of the measured joint angles, with velocities and accelerations obtained as a laboratory does."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.imperfections.imperfection import Imperfection, named_generator
from datasets.recording import Recording

Array = NDArray[np.float64]

CUT_OFF_HZ: Final = 10.0  # laboratories take 4 to 10 Hz (Winter 2009): these movements are quick
FILTER_ORDER: Final = 2  # forwards and backwards: of fourth order in all
END_S: Final = 0.3  # left out, as a filter does not know there what comes next


class MotionNoise(Imperfection):
    """Joint angles are noisy; a low-pass filter without lag and two differentiations make the rest of them.

    Lengths, velocities and moment arms of muscles stay as they are: errors of these are imperfections of their own.

    Two things come of it. White noise of s rad in the angles becomes noise of s (2 pi)^2 (pi 2^0.5 / (8 r))^0.5 fc^2.5
    rad/s2 in the accelerations (rate r, cut-off fc; each pass a Butterworth filter of second order): 11 rad/s2 for a
    degree at 200 Hz. And the filter takes away some of the motion as well, which is an error where there is no noise
    at all, and no small one here: the two passes leave half of what moves at 10 Hz, and co-activation shakes the
    simulated arm more quickly than that. In the movements a, b and c of the published arm this error is, as a share of
    the acceleration, both in root mean square, 2 to 6 % (elv_angle), 7 to 11 % (shoulder_elv), 33 to 49 %
    (shoulder_rot), 18 to 24 % (elbow_flexion) and 62 to 81 % (pro_sup), and of the subjects' lighter arms some 30 % at
    the shoulder's elevation. In torques it is less, as the quickest joint has the least inertia.
    """

    name = "motion_noise"
    unit = "deg"
    summary = "independent noise in joint angles, its standard deviation; filtered at 10 Hz and differentiated"

    def recording(self, recording: Recording, size: float, seed: int) -> Recording:
        """The recording, shorter at its end, with the motion that a laboratory would find."""
        generator = named_generator(seed, self.name, recording.name)
        noise = np.radians(size) * generator.standard_normal(recording.position_rad.shape)
        position = _low_passed(recording.position_rad + noise, recording.sampling_rate_hz)
        step_s = 1.0 / recording.sampling_rate_hz
        velocity = np.gradient(position, step_s, axis=0, edge_order=2)
        acceleration = np.empty_like(position)
        acceleration[1:-1] = np.diff(position, 2, axis=0) / step_s**2
        acceleration[[0, -1]] = acceleration[[1, -2]]
        moved = replace(
            recording, position_rad=position, velocity_rad_per_s=velocity, acceleration_rad_per_s2=acceleration
        )
        return moved.at(recording.time_s <= recording.time_s[-1] - END_S)


def _low_passed(position: Array, rate_hz: float) -> Array:
    from scipy.signal import butter, sosfiltfilt

    return np.asarray(sosfiltfilt(butter(FILTER_ORDER, CUT_OFF_HZ, fs=rate_hz, output="sos"), position, axis=0))


MOTION_NOISE = MotionNoise()
