"""Noise of the measured accelerations: the disturbance under which eq. (14) is the maximum-likelihood loss.

Eq. (14) sums squares of accelerations of all 16 coordinates that the eliminated muscles cannot explain. It is the
best of losses where the measured accelerations carry independent Gaussian noise that is as large in every orthonormal
direction of what the couplings allow: K dy with dy = C^(1/2) xi, C = (K'K)^-1, xi of independent entries.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.projection import CoupledRecording, metric_root

Array = NDArray[np.float64]


def with_noise(entry: CoupledRecording, noise_rad_per_s2: float, seed: int) -> CoupledRecording:
    """The recording with noisy accelerations; the noise depends on its name and the seed alone.

    Parameters
    ----------
    entry
        A recording without noise.
    noise_rad_per_s2
        Standard deviation in each orthonormal direction, in rad/s2; independent from sample to sample.
    seed
        Seed of the noise.
    """
    generator = np.random.default_rng([seed, zlib.crc32(entry.recording.name.encode())])
    return with_changed_accelerations(
        entry, noise_rad_per_s2 * generator.standard_normal(entry.dynamics.torque_known.shape)
    )


def with_changed_accelerations(entry: CoupledRecording, change: Array) -> CoupledRecording:
    """The recording with other accelerations at the samples that count; its torques follow, as they are linear in them.

    Parameters
    ----------
    entry
        A recording.
    change
        xi above, (T, 5), in rad/s2.
    """
    recording, dynamics = entry.recording, entry.dynamics
    step = change @ metric_root(entry.arm.coupling_matrix()).T
    acceleration = recording.acceleration_rad_per_s2.copy()
    acceleration[entry.counted] += step
    moved = replace(
        dynamics,
        torque=dynamics.torque + np.einsum("tcep,te->tcp", dynamics.inertia, step),
        torque_known=dynamics.torque_known + np.einsum("tce,te->tc", dynamics.inertia_known, step),
    )
    return replace(entry, recording=replace(recording, acceleration_rad_per_s2=acceleration), dynamics=moved)
