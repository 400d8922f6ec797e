"""What drives a fibre between samples, against polynomials, the activation dynamics and differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from benchmark.model.activation import activation_rate
from benchmark.model.fibres.between_samples import activation_between, length_between, relaxation

STEP, TIMES = 0.005, (0.010, 0.040)


def test_lengths_of_a_cubic_are_exact() -> None:
    cubic = np.poly1d([300.0, -2.0, 0.3, 0.2])
    ends = tuple(float(cubic(t)) for t in (0.0, STEP)), tuple(float(cubic.deriv()(t)) for t in (0.0, STEP))
    for share in (0.0, 0.3, 1.0):
        np.testing.assert_allclose(length_between(share, *ends, STEP), cubic(share * STEP), rtol=1e-14)


@pytest.mark.parametrize(("first", "excitation"), [(0.1, 0.3), (0.4, 0.2), (0.05, 0.06)])
def test_activation_goes_as_its_dynamics_do(first: float, excitation: float) -> None:
    """To 5 % of the largest distance from the straight line; a rise this steep is not quite exponential."""

    def rate(_: float, a: np.ndarray) -> list[float]:
        return [activation_rate(excitation, a[0], *TIMES, lambda c, x, y: x if c else y)]

    shares = np.linspace(0.1, 1.0, 10)
    exact = solve_ivp(rate, (0.0, STEP), [first], t_eval=shares * STEP, rtol=1e-10, atol=1e-12).y[0]
    exponent = relaxation(first, exact[-1], TIMES, STEP)
    found = [activation_between(share, first, exact[-1], exponent)[0] for share in shares]
    line = first + shares * (exact[-1] - first)
    np.testing.assert_allclose(found, exact, rtol=0, atol=0.05 * np.abs(exact - line).max())


@pytest.mark.parametrize(("first", "last"), [(0.1, 0.2), (0.3, 0.25)])
def test_partials_of_the_activation_are_derivatives(first: float, last: float) -> None:
    """Against central differences, whose own error is some 1e-9."""

    def activation(arguments: np.ndarray) -> float:
        start, end, rise, fall = arguments.tolist()
        return float(activation_between(0.4, start, end, relaxation(start, end, (rise, fall), STEP))[0])

    point = np.array([first, last, *TIMES])
    partials = activation_between(0.4, first, last, relaxation(first, last, TIMES, STEP))[1:]
    for index, step in enumerate(1e-6 * np.diag(point)):
        slope = (activation(point + step) - activation(point - step)) / (2.0 * step[index])
        np.testing.assert_allclose(partials[index], slope, rtol=1e-6, atol=1e-7)
