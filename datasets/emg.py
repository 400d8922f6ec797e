"""Synthetic EMG: a controller that moves the arm along an irregular path and keeps all its muscles busy.

It is a computed-torque law with a bounded least-squares distribution over the muscles. Eleven of the sixteen muscles
are not needed to make five torques: that freedom follows a reference of co-activation, irregular and of its own for
every muscle, so that the muscles are excited over a wide range and independently. Nothing here knows OpenSim.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear
from scipy.special import ndtr

from datasets.movements import Movement

Array = NDArray[np.float64]

LOWEST_EMG = 0.03  # keeps the excitation above the model's minimum activation of 0.01
HIGHEST_EMG = 0.98
LOOKAHEAD_S = 0.028  # what a command waits for: electromechanical delay and filter
LEAD = 0.8  # share of the activation's lag that is made up for
RATE_SMOOTHING = 0.3  # weight of the newest sample in the smoothed rate of activation
PATH_TERMS, EMG_TERMS = 4, 8
NATURAL_FREQUENCY_RAD_PER_S = 7.0  # of the position error, critically damped
# Stiffness beside the computed torque's, for what its inertia alone would leave limp: pro_sup above all.
STIFFNESS_N_M_PER_RAD = (15.0, 15.0, 10.0, 20.0, 2.5)
# Torque errors that weigh as much as an EMG one unit off its reference.
TORQUE_SCALE_N_M = (0.5, 0.5, 0.3, 0.3, 0.05)


@dataclass(frozen=True)
class IrregularSignal:
    """Sums of sinusoids of random frequency and phase, one per channel, never beyond +-1; smooth and band-limited.

    Attributes
    ----------
    weights, angular_frequencies_rad_per_s, phases_rad
        (channels, terms); a channel's weights sum to one.
    """

    weights: Array
    angular_frequencies_rad_per_s: Array
    phases_rad: Array

    @classmethod
    def draw(cls, rng: np.random.Generator, terms: int, slowest_hz: float, fastest_hz: Array) -> IrregularSignal:
        """Draw a signal: one frequency in each of `terms` equal parts of a channel's band, the slower the stronger.

        Parameters
        ----------
        rng
            Where chance comes from.
        terms
            Number of sinusoids in a channel.
        slowest_hz, fastest_hz
            The band: its lower end, one for all, and its upper end, (channels,).
        """
        channels = fastest_hz.size
        places = (np.arange(terms) + rng.uniform(0.0, 1.0, (channels, terms))) / terms
        frequencies_hz = slowest_hz + (fastest_hz[:, None] - slowest_hz) * places
        weights = rng.uniform(0.7, 1.3, (channels, terms)) / np.sqrt(frequencies_hz)
        weights /= weights.sum(axis=1, keepdims=True)
        return cls(weights, 2.0 * np.pi * frequencies_hz, rng.uniform(0.0, 2.0 * np.pi, (channels, terms)))

    def derivative(self, time_s: float, order: int = 0) -> Array:
        """The signal's derivative of `order` with respect to time, or the signal itself: (channels,)."""
        angle = self.angular_frequencies_rad_per_s * time_s + self.phases_rad + order * np.pi / 2.0
        scale = self.weights * self.angular_frequencies_rad_per_s**order
        return np.asarray((scale * np.sin(angle)).sum(axis=1), dtype=np.float64)

    def percentile(self, time_s: float) -> Array:
        """The signal spread evenly over 0 to 1 by its own (about normal) distribution: (channels,)."""
        deviation = np.sqrt(0.5 * (self.weights**2).sum(axis=1))
        return np.asarray(ndtr(self.derivative(time_s) / deviation), dtype=np.float64)


@dataclass(frozen=True)
class ArmState:
    """What the controller senses of an arm of five independent coordinates and m muscles.

    Attributes
    ----------
    position_rad, velocity_rad_per_s
        (5,)
    mass_kg_m2
        Inertia in the independent coordinates, K'MK: (5, 5).
    bias_n_m
        Torque that gravity and velocity ask for, K' tau_bias: (5,).
    moment_arm_m
        (m, 5)
    capacity_n
        Tendon force per unit of activation, at rest: (m,).
    passive_force_n
        (m,)
    """

    position_rad: Array
    velocity_rad_per_s: Array
    mass_kg_m2: Array
    bias_n_m: Array
    moment_arm_m: Array
    capacity_n: Array
    passive_force_n: Array


class ActivationLead:
    """Sends a command ahead of the activation's lag, eq. (17)-(18): a + tau(a, sign of da/dt) da/dt.

    The rate da/dt is smoothed, and only part of the lag is made up for, so that the EMG stays smooth.
    """

    def __init__(self, time_constants: dict[str, float], interval_s: float) -> None:
        self._rise_s, self._fall_s = time_constants["activation_time_s"], time_constants["deactivation_time_s"]
        self._interval_s = interval_s
        self._previous: Array | None = None
        self._rate: Array | float = 0.0

    def step(self, activation: Array) -> Array:
        """EMG (m,) that lets the activation follow `activation` (m,), one sample after the last."""
        if self._previous is not None:
            self._rate += RATE_SMOOTHING * ((activation - self._previous) / self._interval_s - self._rate)
        self._previous = activation
        shape = 0.5 + 1.5 * activation
        lag_s = np.where(np.greater(self._rate, 0.0), self._rise_s * shape, self._fall_s / shape)
        return np.clip(activation + LEAD * lag_s * self._rate, LOWEST_EMG, HIGHEST_EMG)


class EmgController:
    """EMG of one seeded run of a movement, called once per sample.

    Parameters
    ----------
    movement
        The movement.
    seed
        Seed of the path and of the co-activation.
    muscles
        Number of muscles.
    time_constants
        ``activation_time_s`` and ``deactivation_time_s``.
    interval_s
        Time from sample to sample.
    """

    def __init__(
        self, movement: Movement, seed: int, muscles: int, time_constants: dict[str, float], interval_s: float
    ) -> None:
        rng = np.random.default_rng(seed)
        self._movement = movement
        self._path = IrregularSignal.draw(rng, PATH_TERMS, movement.slowest_hz, np.array(movement.fastest_hz))
        slowest_hz, fastest_hz = movement.emg_band_hz
        self._coactivation = IrregularSignal.draw(rng, EMG_TERMS, slowest_hz, np.full(muscles, fastest_hz))
        self._lead = ActivationLead(time_constants, interval_s)

    def target(self, time_s: float, order: int = 0) -> Array:
        """The path's derivative of `order` (0 the position) in rad, rad/s or rad/s2: (5,)."""
        offset = np.radians(self._movement.centre_deg) if order == 0 else 0.0
        return np.asarray(offset + np.radians(self._movement.amplitude_deg) * self._path.derivative(time_s, order))

    def emg(self, time_s: float, arm: ArmState) -> Array:
        """EMG of all muscles, within `LOWEST_EMG` and `HIGHEST_EMG`: (m,)."""
        low, high = self._movement.coactivation
        wanted = low + (high - low) * self._coactivation.percentile(time_s + LOOKAHEAD_S)
        return self._lead.step(distribute(self._torque(time_s, arm), arm, wanted))

    def _torque(self, time_s: float, arm: ArmState) -> Array:
        """Torque (5,) for the moment at which the command will have arrived, from the position foreseen then."""
        arrival_s = time_s + LOOKAHEAD_S
        error = self.target(arrival_s) - (arm.position_rad + LOOKAHEAD_S * arm.velocity_rad_per_s)
        rate_error = self.target(arrival_s, 1) - arm.velocity_rad_per_s
        feedback = NATURAL_FREQUENCY_RAD_PER_S**2 * error + 2.0 * NATURAL_FREQUENCY_RAD_PER_S * rate_error
        inertial = arm.mass_kg_m2 @ (self.target(arrival_s, 2) + feedback)
        return np.asarray(inertial + arm.bias_n_m + np.array(STIFFNESS_N_M_PER_RAD) * error, dtype=np.float64)


def distribute(torque_n_m: Array, arm: ArmState, wanted: Array) -> Array:
    """Muscle commands that make `torque_n_m` (5,), as near to `wanted` (m,) as they can be, within bounds."""
    scale = np.array(TORQUE_SCALE_N_M)
    torque_per_command = (arm.moment_arm_m * arm.capacity_n[:, None]).T
    missing = torque_n_m - arm.moment_arm_m.T @ arm.passive_force_n
    matrix = np.vstack([torque_per_command / scale[:, None], np.eye(wanted.size)])
    solution = lsq_linear(matrix, np.concatenate([missing / scale, wanted]), (LOWEST_EMG, HIGHEST_EMG), method="bvls")
    return np.asarray(np.clip(solution.x, LOWEST_EMG, HIGHEST_EMG), dtype=np.float64)
