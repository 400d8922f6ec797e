"""What the models of the fibre state take and give: the path, the activations, the muscles, and the states found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.model.contraction import MuscleParameters
from benchmark.model.scan import activation_from_emg, activation_with_sensitivities

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MusculotendonPath:
    """A whole recording's paths of muscle and tendon.

    Attributes
    ----------
    length, velocity
        Musculotendon lengths (m) and lengthening velocities (m/s), (T, n).
    sample_time_s
        Time between samples.
    rigid_tendon
        Which muscles have a tendon that does not stretch, (n,).
    """

    length: Array
    velocity: Array
    sample_time_s: float
    rigid_tendon: NDArray[np.bool_]

    def of_muscles(self, which: NDArray[np.intp]) -> MusculotendonPath:
        """Paths of some of the muscles, by their indices."""
        length, velocity = self.length[:, which], self.velocity[:, which]
        return MusculotendonPath(length, velocity, self.sample_time_s, self.rigid_tendon[which])

    def thinned(self, stride: int) -> MusculotendonPath:
        """Paths at every so many samples, from the first one on."""
        length, velocity = self.length[::stride], self.velocity[::stride]
        return MusculotendonPath(length, velocity, stride * self.sample_time_s, self.rigid_tendon)


@dataclass(frozen=True, eq=False)
class Drive:
    """A whole recording's activations.

    Attributes
    ----------
    activation
        Activations at the samples, (T, n).
    sensitivity
        Derivatives of the activations with respect to the k parameters that all muscles share, (T, k, n); None for
        states without partials.
    time_constants_s
        Activation and deactivation time, which shape the activation between samples: for a course in time alone.
    """

    activation: Array
    sensitivity: Array | None = None
    time_constants_s: tuple[float, float] | None = None

    @property
    def shared_count(self) -> int:
        """Number of shared parameters that the sensitivity goes over, k; none without it."""
        return 0 if self.sensitivity is None else int(self.sensitivity.shape[1])


@dataclass(frozen=True, eq=False)
class FibreStates:
    """States of the fibres at every sample of a recording.

    The last axis but one of the partials goes over the muscle's own parameters, in the order of
    :class:`MuscleParameters`, and then the shared ones.

    Attributes
    ----------
    length, velocity, force
        Fibre length (m), fibre velocity (m/s) and force along the tendon (N), (T, n).
    length_partials, velocity_partials, force_partials
        Their partial derivatives, (T, 5 + k, n); (0, 5, n) where none were asked for.
    outside
        Samples of a muscle, (n,), beyond what the model is made for: the tendon slack, the fibre shorter than 0.4 or
        longer than 1.6 optimal lengths, or pennate beyond the largest angle. All figures stay finite there.
    unsolved
        Equations of a muscle, (n,), that were not solved to their tolerance.
    """

    length: Array
    velocity: Array
    force: Array
    length_partials: Array
    velocity_partials: Array
    force_partials: Array
    outside: NDArray[np.intp]
    unsolved: NDArray[np.intp]

    @property
    def left_range(self) -> NDArray[np.bool_]:
        """Whether a muscle left its range at some sample, (n,)."""
        return np.asarray(self.outside > 0)

    @property
    def converged(self) -> NDArray[np.bool_]:
        """Whether every equation of a muscle was solved, (n,)."""
        return np.asarray(self.unsolved == 0)


def drive_from_emg(emg: Array, shared: Array, sample_time_s: float, with_sensitivity: bool = True) -> Drive:
    """Activations from EMG, (T, n), by eq. (17)-(21), with or without their sensitivities."""
    activation_time, deactivation_time = shared[3:].tolist()
    times = (activation_time, deactivation_time)
    if with_sensitivity:
        activation, sensitivity = activation_with_sensitivities(emg, shared, sample_time_s)
        return Drive(activation, sensitivity, times)
    return Drive(activation_from_emg(emg, shared, sample_time_s), None, times)


def empty_states(samples: int, drive: Drive) -> FibreStates:
    """States to be filled in, with partials where the drive has a sensitivity: nothing outside, nothing unsolved."""
    muscles, with_partials = drive.activation.shape[1], drive.sensitivity is not None
    length, velocity, force = np.empty((3, samples, muscles))
    partials = len(MuscleParameters._fields) + drive.shared_count
    by_length, by_velocity, by_force = np.empty((3, samples if with_partials else 0, partials, muscles))
    outside, unsolved = np.zeros((2, muscles), dtype=np.intp)
    return FibreStates(length, velocity, force, by_length, by_velocity, by_force, outside, unsolved)


def check(path: MusculotendonPath, drive: Drive, muscle: MuscleParameters) -> None:
    """Refuse what cannot be computed with.

    Raises
    ------
    HarnessError
        If an array's shape is not what the musculotendon lengths ask for, or a parameter is not a positive figure.
    """
    samples, muscles = path.length.shape
    expected: dict[str, tuple[Any, tuple[int, ...]]] = {
        "musculotendon velocity": (path.velocity, (samples, muscles)),
        "rigid tendon": (path.rigid_tendon, (muscles,)),
        "activation": (drive.activation, (samples, muscles)),
        **{name.replace("_", " "): (values, (muscles,)) for name, values in muscle._asdict().items()},
    }
    if drive.sensitivity is not None:
        expected["sensitivity of the activation"] = (drive.sensitivity, (samples, drive.shared_count, muscles))
    for name, (values, shape) in expected.items():
        if np.shape(values) != shape:
            raise HarnessError(f"{name}: shape {np.shape(values)}, but the musculotendon length asks for {shape}")
    for name, values in muscle._asdict().items():
        sound = (values >= 0.0) & (values < 0.5 * np.pi) if name == "pennation_at_optimal" else values > 0.0
        for index in np.flatnonzero(~(sound & np.isfinite(values)))[:1]:
            kind = "an angle below a right one" if name == "pennation_at_optimal" else "a positive figure"
            raise HarnessError(f"{name.replace('_', ' ')}: {values[index]:g} of muscle {index}, expected {kind}")
