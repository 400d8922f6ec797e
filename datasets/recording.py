"""Recordings: what an identification works from; :mod:`datasets.recording_files` keeps them (see README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datasets.description import ArmDescription

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
MEASURED: Mapping[str, Variable] = {
    "position_rad": Variable(_MOTION, "rad", "position of the independent coordinates"),
    "velocity_rad_per_s": Variable(_MOTION, "rad/s", "velocity of the independent coordinates"),
    "acceleration_rad_per_s2": Variable(_MOTION, "rad/s2", "acceleration of the independent coordinates"),
    "emg": Variable(_MUSCLES, "1", "EMG envelope, of its maximum"),
    "musculotendon_length_m": Variable(_MUSCLES, "m", "length of muscle and tendon along the path"),
    "musculotendon_velocity_m_per_s": Variable(_MUSCLES, "m/s", "lengthening velocity of muscle and tendon"),
    "moment_arm_m": Variable(
        ("time", "muscle", "coordinate"), "m", "moment arm, the dependent coordinates moving along with each coordinate"
    ),
}
# And those of `States`.
SIMULATED: Mapping[str, Variable] = {
    "excitation": Variable(_MUSCLES, "1", "neural excitation, held from this sample to the next"),
    "activation": Variable(_MUSCLES, "1", "muscle activation"),
    "fibre_length_m": Variable(_MUSCLES, "m", "length of the fibres"),
    "fibre_velocity_m_per_s": Variable(_MUSCLES, "m/s", "lengthening velocity of the fibres"),
    "tendon_force_n": Variable(_MUSCLES, "N", "force of the tendon"),
}


class NotSimulatedError(ValueError):
    """A recording of a laboratory is asked for what a simulation alone knows."""


@dataclass(frozen=True, eq=False)
class States:
    """What only a simulation knows of the muscles, (T, m) each.

    Attributes
    ----------
    excitation, activation
        Of 1. An excitation is held from its sample to the next.
    fibre_length_m, fibre_velocity_m_per_s, tendon_force_n
        Of fibres and tendons, lengthening positive.
    """

    excitation: Array
    activation: Array
    fibre_length_m: Array
    fibre_velocity_m_per_s: Array
    tendon_force_n: Array


@dataclass(frozen=True, eq=False)
class Recording:
    """A movement of an arm, simulated or a laboratory's: T samples, 5 independent coordinates, m muscles.

    Attributes
    ----------
    name
        Name of the file without its suffix, e.g. ``a-published``.
    movement
        What was simulated; ``imported`` of a laboratory's recording.
    arm
        The arm that moved, as far as known: of a laboratory's recording the model that it was imported with.
    coordinates, muscles
        Names along the coordinate and muscle axes.
    time_s
        (T,)
    position_rad, velocity_rad_per_s, acceleration_rad_per_s2
        Of the independent coordinates: (T, 5).
    emg
        Of 1: (T, m); zero of muscles without EMG in a laboratory's recording.
    musculotendon_length_m, musculotendon_velocity_m_per_s
        (T, m)
    moment_arm_m
        With the dependent coordinates moving along: (T, m, 5).
    simulated
        What only a simulation knows; None of a laboratory's recording.
    seed
        Seed of what was simulated; None of a laboratory's recording.
    true_parameters
        The simulated arm's parameters, by the names of `datasets.parameters`; none of a laboratory's recording.
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
    arm: ArmDescription
    coordinates: tuple[str, ...]
    muscles: tuple[str, ...]
    time_s: Array
    position_rad: Array
    velocity_rad_per_s: Array
    acceleration_rad_per_s2: Array
    emg: Array
    musculotendon_length_m: Array
    musculotendon_velocity_m_per_s: Array
    moment_arm_m: Array
    simulated: States | None
    seed: int | None
    true_parameters: dict[str, float]
    rigid_tendons: tuple[str, ...]
    deep_muscles: tuple[str, ...]
    provenance: dict[str, str]
    checksum: str = ""

    @property
    def variant(self) -> str:
        """Name of the arm."""
        return self.arm.variant

    @property
    def states(self) -> States:
        """What only a simulation knows.

        Raises
        ------
        NotSimulatedError
            If the recording is a laboratory's.
        """
        if self.simulated is None:
            raise NotSimulatedError(f"{self.name} is a laboratory's recording: what its fibres did is unknown")
        return self.simulated

    @property
    def sampling_rate_hz(self) -> float:
        """Samples per second."""
        return float((self.time_s.size - 1) / (self.time_s[-1] - self.time_s[0]))

    @property
    def variables(self) -> dict[str, Array]:
        """All that goes over time, by name: `MEASURED`, and `SIMULATED` where it is known."""
        measured = {name: getattr(self, name) for name in MEASURED}
        return measured if self.simulated is None else measured | vars(self.simulated)

    def at(self, samples: slice | NDArray[np.bool_]) -> Recording:
        """The same at some of its samples."""
        some = {name: values[samples] for name, values in self.variables.items()}
        states = None if self.simulated is None else States(**{name: some.pop(name) for name in SIMULATED})
        fields: dict[str, Any] = some
        return replace(self, time_s=self.time_s[samples], simulated=states, **fields)
