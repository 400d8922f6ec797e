"""Derivatives of activations by what the EMG depends on, against finite differences and at rest."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.model.scan import SHARED_COUNT, activation_from_emg, activation_with_sensitivities

Array = NDArray[np.float64]

SAMPLE_TIME = 0.005
SHARED = np.array([-0.55, -0.25, 0.018, 0.010, 0.040])
SAMPLES, MUSCLES, COURSES = 600, 4, 3


@pytest.fixture(scope="module")
def emg() -> Array:
    """It never rests: at rest activation is at the kink of eq. (18), where there are two derivatives."""
    time, rates = SAMPLE_TIME * np.arange(SAMPLES)[:, None], np.array([3.0, 5.0, 7.0, 11.0])
    return np.asarray(0.4 + 0.3 * np.sin(rates * time + rates) + 0.05 * np.cos(2.3 * rates * time))


@pytest.fixture(scope="module")
def inputs() -> Array:
    """What a parameter of a muscle adds to its EMG, (T, k, muscles), from the first sample on."""
    rng = np.random.default_rng(1)
    return np.asarray(0.5 + np.cumsum(rng.normal(0.0, 0.02, (SAMPLES, COURSES, MUSCLES)), axis=0))


@pytest.mark.parametrize("course", range(COURSES))
def test_derivatives_by_inputs_are_derivatives(emg: Array, inputs: Array, course: int) -> None:
    """Against central differences, whose own error is about 1e-8 of the derivative."""
    found = activation_with_sensitivities(emg, SHARED, SAMPLE_TIME, inputs)[1][:, SHARED_COUNT + course]
    step = 1e-7
    ahead, behind = (
        activation_from_emg(emg + sign * step * inputs[:, course], SHARED, SAMPLE_TIME) for sign in (1.0, -1.0)
    )
    expected = (ahead - behind) / (2.0 * step)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6 * np.abs(expected).max())


def test_the_shared_parameters_come_first_and_as_without_inputs(emg: Array, inputs: Array) -> None:
    activation, sensitivity = activation_with_sensitivities(emg, SHARED, SAMPLE_TIME, inputs)
    expected = activation_with_sensitivities(emg, SHARED, SAMPLE_TIME)
    assert sensitivity.shape == (SAMPLES, SHARED_COUNT + COURSES, MUSCLES)
    np.testing.assert_array_equal(activation, expected[0])
    np.testing.assert_array_equal(sensitivity[:, :SHARED_COUNT], expected[1])


def test_at_rest_activation_goes_along_with_emg() -> None:
    """EMG that is the same all the time is the activation, whatever the dynamics: the derivative is one."""
    emg = np.full((SAMPLES, MUSCLES), 0.3)
    activation, sensitivity = activation_with_sensitivities(emg, SHARED, SAMPLE_TIME, np.ones((SAMPLES, 1, MUSCLES)))
    np.testing.assert_allclose(activation, 0.3, rtol=0, atol=1e-13)
    np.testing.assert_allclose(sensitivity[:, SHARED_COUNT], 1.0, rtol=0, atol=1e-12)


def test_an_input_acts_on_its_own_muscle_and_on_what_comes_after(emg: Array) -> None:
    """Nothing before the delay of 3.6 samples is over, nor in another muscle."""
    late = np.zeros((SAMPLES, 1, MUSCLES))
    late[200:, 0, 2] = 1.0
    found = activation_with_sensitivities(emg, SHARED, SAMPLE_TIME, late)[1][:, SHARED_COUNT]
    assert (found[:, [0, 1, 3]] == 0.0).all()
    assert (found[:204, 2] == 0.0).all()
    assert (found[206:, 2] > 0.0).all()
