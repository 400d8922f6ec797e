"""Recordings: what an identification works from; :mod:`datasets.recording_files` keeps them (see README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Variable:
    """A variable of the file: dimensions, unit and meaning."""

    dimensions: tuple[str, ...]
    unit: str
    meaning: str


_MOTION = ("time", "coordinate")
_MUSCLES = ("time", "muscle")
# The variables by name, which is also the field of `Recording`.
VARIABLES: Mapping[str, Variable] = {
    "position_rad": Variable(_MOTION, "rad", "position of the independent coordinates"),
    "velocity_rad_per_s": Variable(_MOTION, "rad/s", "velocity of the independent coordinates"),
    "acceleration_rad_per_s2": Variable(_MOTION, "rad/s2", "acceleration of the independent coordinates"),
    "emg": Variable(_MUSCLES, "1", "EMG envelope, of its maximum"),
    "excitation": Variable(_MUSCLES, "1", "neural excitation, held from this sample to the next"),
    "activation": Variable(_MUSCLES, "1", "muscle activation"),
    "musculotendon_length_m": Variable(_MUSCLES, "m", "length of muscle and tendon along the path"),
    "musculotendon_velocity_m_per_s": Variable(_MUSCLES, "m/s", "lengthening velocity of muscle and tendon"),
    "fibre_length_m": Variable(_MUSCLES, "m", "length of the fibres"),
    "fibre_velocity_m_per_s": Variable(_MUSCLES, "m/s", "lengthening velocity of the fibres"),
    "tendon_force_n": Variable(_MUSCLES, "N", "force of the tendon"),
    "moment_arm_m": Variable(
        ("time", "muscle", "coordinate"), "m", "moment arm, the dependent coordinates moving along with each coordinate"
    ),
}


@dataclass(frozen=True)
class Recording:
    """A simulated movement of the arm: T samples, 5 independent coordinates, m muscles.

    Attributes
    ----------
    name
        Name of the file without its suffix, e.g. ``a-published``.
    movement, variant, seed
        What was simulated.
    coordinates, muscles
        Names along the coordinate and muscle axes.
    time_s
        (T,)
    position_rad, velocity_rad_per_s, acceleration_rad_per_s2
        Of the independent coordinates: (T, 5).
    emg, excitation, activation
        Of 1: (T, m). An excitation is held from its sample to the next.
    musculotendon_length_m, musculotendon_velocity_m_per_s, fibre_length_m, fibre_velocity_m_per_s, tendon_force_n
        (T, m)
    moment_arm_m
        With the dependent coordinates moving along: (T, m, 5).
    true_parameters
        The simulated arm's parameters, by the names of `datasets.parameters`.
    rigid_tendons
        Muscles whose tendon does not stretch.
    deep_muscles
        Muscles without surface EMG.
    provenance
        How it was made.
    checksum
        SHA-256 of the file; empty until there is one.
    """

    name: str
    movement: str
    variant: str
    seed: int
    coordinates: tuple[str, ...]
    muscles: tuple[str, ...]
    time_s: Array
    position_rad: Array
    velocity_rad_per_s: Array
    acceleration_rad_per_s2: Array
    emg: Array
    excitation: Array
    activation: Array
    musculotendon_length_m: Array
    musculotendon_velocity_m_per_s: Array
    fibre_length_m: Array
    fibre_velocity_m_per_s: Array
    tendon_force_n: Array
    moment_arm_m: Array
    true_parameters: dict[str, float]
    rigid_tendons: tuple[str, ...]
    deep_muscles: tuple[str, ...]
    provenance: dict[str, str]
    checksum: str = ""

    @property
    def sampling_rate_hz(self) -> float:
        """Samples per second."""
        return float((self.time_s.size - 1) / (self.time_s[-1] - self.time_s[0]))
