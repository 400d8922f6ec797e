"""The network's rates against differences and torch's own derivatives, and what it may not see or say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from benchmark.problem.equation_of_motion import Motion
from methods._movement_network import Inputs, InputSettings, MovementNetwork, network_inputs

Array = NDArray[np.float64]

SETTINGS = InputSettings(smoothing_s=0.1, force_smoothing_s=0.03, window_s=0.3, lags=4, fastest_hz=1.5, frequencies=6)
STEP_S = 0.005
TIME_S: Array = STEP_S * np.arange(400, dtype=np.float64)
ANGLES, MUSCLES = 5, 16


def emg(seed: int = 0) -> Array:
    """Three channels that vary at some hertz."""
    phases = np.random.default_rng(seed).uniform(0.0, 2.0 * np.pi, (2, 3))
    slow, fast = (np.sin(2.0 * np.pi * hz * TIME_S[:, None] + own) for hz, own in zip((0.7, 3.0), phases, strict=True))
    return np.asarray(0.4 + 0.2 * slow + 0.1 * fast)


def network(inputs: Inputs, seed: int = 0, hidden: Sequence[int] = (8, 8)) -> MovementNetwork:
    generator = np.random.default_rng(1)
    motion = Motion(*(torch.from_numpy(part) for part in generator.standard_normal((3, 50, ANGLES))))
    return MovementNetwork(inputs, hidden, motion, torch.full((MUSCLES,), 100.0, dtype=torch.float64), seed)


def test_inputs_have_their_own_rates() -> None:
    """Against central differences of the values, whose error is of the square of a step: 1e-3 of the largest rate.

    Near the beginning windows reach to before it, where EMG is held and has no smooth course.
    """
    motion = network_inputs(TIME_S, emg(), SETTINGS).motion[:, 120:-60]
    for value, rate in pairwise(motion):
        differences = (value[2:] - value[:-2]) / (2.0 * STEP_S)
        np.testing.assert_allclose(rate[1:-1], differences, rtol=0, atol=1e-3 * np.abs(rate).max())


def test_a_window_has_the_past_of_each_channel() -> None:
    """At lags of 0, 0.1, 0.2 and 0.3 s; before the first sample it is held."""
    found = network_inputs(TIME_S, emg(), SETTINGS).force
    channels = emg().shape[1]
    now = found[:, :channels]
    for place, late in enumerate((0, 20, 40, 60)):
        own = found[:, channels * place : channels * (place + 1)]
        np.testing.assert_array_equal(own[late:], now[: len(now) - late])
        np.testing.assert_array_equal(own[:late], np.broadcast_to(now[0], (late, channels)))


def test_forces_see_more_of_the_emg_than_angles() -> None:
    inputs, course = network_inputs(TIME_S, emg(), SETTINGS), emg()
    rough = [np.abs(found[:, :3] - course)[60:-60].max() for found in (inputs.force, inputs.motion[0])]
    assert rough[0] < 0.3 * rough[1]


def test_rates_are_torchs_own_derivatives_along_time() -> None:
    """Of the same layers, twice backward, along inputs that move as theirs do at each sample: to rounding."""
    inputs = network_inputs(TIME_S, emg(), SETTINGS)
    found = network(inputs)
    scaled = found.scaled(Inputs(inputs.motion[:, ::40], inputs.force[::40]))
    value, rate, second = scaled.motion

    time = torch.zeros(value.shape[0], dtype=torch.float64, requires_grad=True)
    moved = value + time[:, None] * rate + 0.5 * time[:, None] ** 2 * second
    still = torch.zeros_like(moved)
    position = found(Inputs(torch.stack([moved, still, still]), scaled.force))[0].position
    motion, _ = found(scaled)
    for angle in range(ANGLES):
        [first] = torch.autograd.grad(position[:, angle].sum(), time, create_graph=True)
        [twice] = torch.autograd.grad(first.sum(), time, retain_graph=True)
        for own, other in zip(motion, (position[:, angle], first, twice), strict=True):
            torch.testing.assert_close(own[:, angle], other, rtol=1e-12, atol=1e-12 * float(other.detach().abs().max()))


def test_muscles_never_push() -> None:
    inputs = network_inputs(TIME_S, emg(), SETTINGS)
    found = network(inputs)
    with torch.no_grad():
        for part in found.parameters():
            part.mul_(10.0)
        _, force = found(found.scaled(inputs))
    assert force.shape == (len(TIME_S), MUSCLES)
    assert (force >= 0.0).all()
    assert force.min() < 1.0 < 100.0 < force.max()


def test_a_seed_says_which_network_it_is() -> None:
    inputs = network_inputs(TIME_S, emg(), SETTINGS)
    first, same, other = (network(inputs, seed).state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(first[name], same[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)
    assert all(part.dtype == torch.float64 for part in first.values())


@pytest.mark.parametrize("frequencies", [0, 3])
def test_time_may_be_all_there_is_of_it(frequencies: int) -> None:
    inputs = network_inputs(TIME_S, emg(), SETTINGS._replace(frequencies=frequencies))
    assert inputs.force.shape == (len(TIME_S), 4 * 3 + 1 + 2 * frequencies)
    assert inputs.motion.shape == (3, *inputs.force.shape)
