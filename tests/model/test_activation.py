"""Excitation filter and activation against closed forms and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.special import lambertw

from benchmark.model.scan import activation_from_emg, activation_with_sensitivities, delayed_emg

SAMPLE_TIME = 0.005
SHARED = np.array([-0.55, -0.25, 0.018, 0.010, 0.040])


@pytest.fixture(scope="module")
def emg() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.clip(0.3 + np.cumsum(rng.normal(0.0, 0.03, (800, 5)), axis=0), 0.03, 1.0)


def exact_step(u: float, a: float, rise: float, fall: float) -> float:
    """Eq. (17)-(18) over one sample with u held, solved in closed form.

    Falling, z = (a - u) / (0.5 + 1.5 a) decays exponentially; rising, the gap w = u - a obeys w exp(-k w) ~ exp(-t),
    whose inverse is Lambert's W.
    """
    slowing = 0.5 + 1.5 * u
    if u <= a:
        z = (a - u) / (0.5 + 1.5 * a) * np.exp(-slowing * SAMPLE_TIME / fall)
        return float((u + 0.5 * z) / (1.0 - 1.5 * z))
    k, gap = 1.5 / slowing, u - a
    decayed = gap * np.exp(-k * gap - SAMPLE_TIME / (rise * slowing))
    return float(u + lambertw(-k * decayed).real / k)


def test_activation_follows_the_closed_form(emg: np.ndarray) -> None:
    """Four Runge-Kutta steps a sample; at the true time constants that leaves errors below 1e-6."""
    delayed, _ = delayed_emg(emg, SHARED[2] / SAMPLE_TIME)
    c1, c2 = SHARED[:2]
    beta = [c1 + c2, c1 * c2]
    first = -np.outer([sum(beta), beta[1]], emg[0])
    excitation = lfilter([1.0 + sum(beta)], [1.0, *beta], delayed, axis=0, zi=first)[0]
    expected = np.empty_like(emg)
    expected[0] = emg[0]
    for k in range(1, len(emg)):
        for m in range(emg.shape[1]):
            expected[k, m] = exact_step(excitation[k - 1, m], expected[k - 1, m], SHARED[3], SHARED[4])
    np.testing.assert_allclose(activation_from_emg(emg, SHARED, SAMPLE_TIME), expected, rtol=0, atol=1e-6)


def test_delay_is_a_linear_interpolation(emg: np.ndarray) -> None:
    time = np.arange(len(emg), dtype=float)
    expected = np.column_stack([np.interp(time - 3.6, time, column) for column in emg.T])
    np.testing.assert_allclose(delayed_emg(emg, 3.6)[0], expected, atol=1e-15)


def test_whole_delay_is_a_shift(emg: np.ndarray) -> None:
    np.testing.assert_array_equal(delayed_emg(emg, 4.0)[0][4:], emg[:-4])


@pytest.mark.parametrize("parameter", range(5))
def test_sensitivities_are_derivatives(emg: np.ndarray, parameter: int) -> None:
    """Against central differences, whose own error is about 1e-8 of the derivative."""
    activation, sensitivity = activation_with_sensitivities(emg, SHARED, SAMPLE_TIME)
    np.testing.assert_allclose(activation, activation_from_emg(emg, SHARED, SAMPLE_TIME), atol=1e-14)
    step = np.zeros(5)
    step[parameter] = 1e-6 * abs(SHARED[parameter])
    ahead, behind = (activation_from_emg(emg, SHARED + sign * step, SAMPLE_TIME) for sign in (1, -1))
    expected = (ahead - behind) / (2.0 * step[parameter])
    np.testing.assert_allclose(sensitivity[:, parameter], expected, atol=1e-6 * np.abs(expected).max())


def test_filter_coefficients_can_be_exchanged(emg: np.ndarray) -> None:
    exchanged = SHARED[[1, 0, 2, 3, 4]]
    before, after = (activation_from_emg(emg, shared, SAMPLE_TIME) for shared in (SHARED, exchanged))
    np.testing.assert_allclose(after, before, atol=1e-14)
