"""The network of `pinn`: from time and a window of EMG to joint angles with their rates, and to muscle forces.

Rates are those along the recording: values, first and second derivatives by time go through the layers together (the
chain rule layer by layer: automatic differentiation in Taylor mode), from the inputs' own derivatives. For angles EMG
is smoothed by a broad Gaussian, whose derivatives are known, and time enters as slow sines and cosines: what varies
fast among the inputs comes out of two differentiations as noise. Forces are not differentiated, and have a trunk of
their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from benchmark.problem.equation_of_motion import Motion

Array = NDArray[np.float64]

RESTING_OUTPUT = 2.0  # forces begin at softplus(-2), an eighth of the strengths at the start


class InputSettings(NamedTuple):
    """What a network is given.

    Attributes
    ----------
    smoothing_s, force_smoothing_s
        Standard deviations of the Gaussians that smooth EMG for angles and for forces, in s.
    window_s, lags
        How far back EMG is seen, in s, and at how many equal steps.
    fastest_hz, frequencies
        Highest frequency of the sines and cosines of time, and how many there are, at equal steps from zero.
    """

    smoothing_s: float
    force_smoothing_s: float
    window_s: float
    lags: int
    fastest_hz: float
    frequencies: int


class Inputs(NamedTuple):
    """Inputs at samples of recordings: arrays, or tensors when they have been scaled.

    Attributes
    ----------
    motion
        (3, T, n): those that angles are computed from, with their first and second derivatives by time (1/s, 1/s2).
    force
        (T, n): those that forces are computed from.
    """

    motion: Any
    force: Any


def network_inputs(time_s: Array, emg: Array, settings: InputSettings) -> Inputs:
    """The inputs at all samples of a recording.

    Parameters
    ----------
    time_s
        (T,), at equal steps.
    emg
        EMG (1) of the measured muscles, (T, measured); before the first sample it is taken as held there.
    settings
        What the inputs are.
    """
    step = float(time_s[1] - time_s[0])
    late = np.round(np.linspace(0.0, settings.window_s, settings.lags) / step).astype(int)
    rows = np.maximum(np.arange(len(time_s))[:, None] - late, 0)

    def windows(width_s: float, order: int) -> Array:
        smooth = gaussian_filter1d(emg, width_s / step, axis=0, order=order, mode="nearest") / step**order
        return np.asarray(smooth[rows].reshape(len(time_s), -1))

    times = _time_jets(time_s, settings)
    jets = np.concatenate([[windows(settings.smoothing_s, order) for order in range(3)], times], axis=2)
    return Inputs(jets, np.concatenate([windows(settings.force_smoothing_s, 0), times[0]], axis=1))


class MovementNetwork(torch.nn.Module):
    """Two fully connected trunks with hyperbolic tangents, in float64: one to angles, one to forces.

    Parameters
    ----------
    inputs
        What it is to be trained on: inputs are centred and scaled by these.
    hidden
        Width of each hidden layer of a trunk.
    motion
        The motion that it is to be trained on: angles begin around its mean, and are scaled by its spread.
    strengths
        What forces are scaled by (N), (muscles,).
    seed
        Seed of the weights.
    """

    def __init__(self, inputs: Inputs, hidden: Sequence[int], motion: Motion, strengths: Any, seed: int) -> None:
        super().__init__()
        self._centres = [part.mean(axis=0) for part in (inputs.motion[0], inputs.force)]
        self._scales = [part.std(axis=0) for part in (inputs.motion[0], inputs.force)]
        self._mean, self._spread = motion.position.mean(dim=0), motion.position.std(dim=0)
        self._strengths = strengths
        random = torch.Generator().manual_seed(seed)
        self._to_angles = _trunk([inputs.motion.shape[2], *hidden, len(self._mean)], random)
        self._to_forces = _trunk([inputs.force.shape[1], *hidden, len(strengths)], random)
        self.to(strengths.device)

    def scaled(self, inputs: Inputs) -> Inputs:
        """Inputs as `forward` takes them."""
        motion = np.concatenate([inputs.motion[:1] - self._centres[0], inputs.motion[1:]]) / self._scales[0]
        force = (inputs.force - self._centres[1]) / self._scales[1]
        return Inputs(*(torch.from_numpy(part).to(self._strengths.device) for part in (motion, force)))

    def forward(self, inputs: Inputs) -> tuple[Motion, Any]:
        """The motion, (T, 5) each, and forces (N) of all muscles, (T, muscles), none of them negative."""
        angles, rates, seconds = _with_rates(self._to_angles, inputs.motion)
        motion = Motion(self._mean + self._spread * angles, self._spread * rates, self._spread * seconds)
        forces = inputs.force
        for layer in self._to_forces[:-1]:
            forces = torch.tanh(layer(forces))
        return motion, self._strengths * torch.nn.functional.softplus(self._to_forces[-1](forces) - RESTING_OUTPUT)


def _with_rates(trunk: Any, jets: Any) -> tuple[Any, Any, Any]:
    """Outputs of a trunk with their first and second derivatives by time."""
    value, rate, second = jets
    for layer in trunk[:-1]:
        value, rate, second = torch.tanh(layer(value)), rate @ layer.weight.T, second @ layer.weight.T
        slope = 1.0 - value * value
        rate, second = slope * rate, slope * (second - 2.0 * value * rate * rate)
    last = trunk[-1]
    return last(value), rate @ last.weight.T, second @ last.weight.T


def _trunk(widths: Sequence[int], random: torch.Generator) -> torch.nn.ModuleList:
    return torch.nn.ModuleList(_layer(*ends, random) for ends in pairwise(widths))


def _layer(inputs: int, outputs: int, random: torch.Generator) -> torch.nn.Linear:
    layer = torch.nn.Linear(inputs, outputs, dtype=torch.float64)
    torch.nn.init.xavier_normal_(layer.weight, generator=random)
    torch.nn.init.zeros_(layer.bias)
    return layer


def _time_jets(time_s: Array, settings: InputSettings) -> Array:
    """Time, and its sines and cosines, with their derivatives: (3, T, 1 + 2 frequencies)."""
    rates = 2.0 * np.pi * np.linspace(0.0, settings.fastest_hz, settings.frequencies + 1)[1:]
    phases, one = time_s[:, None] * rates, np.ones((len(time_s), 1))
    sine, cosine = np.sin(phases), np.cos(phases)
    return np.array(
        [
            np.hstack([time_s[:, None], sine, cosine]),
            np.hstack([one, rates * cosine, -rates * sine]),
            np.hstack([0.0 * one, -(rates**2) * sine, -(rates**2) * cosine]),
        ]
    )
