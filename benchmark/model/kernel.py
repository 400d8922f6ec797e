"""Muscle forces with their exact partial derivatives, compiled: what a Jacobian is made of.

The same formulas as :mod:`benchmark.model.contraction`, which a test holds it equal to, and their derivatives.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.compiled import compiled
from benchmark.model.contraction import FIBRE_DAMPING, MAXIMUM_SINE, FibreParameters
from benchmark.model.curves import ForceCurve, muscle_curves

Array = NDArray[np.float64]


def force_with_partials(
    activation: Array, length: Array, velocity: Array, muscle: FibreParameters
) -> tuple[Array, Array, Array]:
    """Forces of eq. (15) and their partial derivatives.

    Parameters
    ----------
    activation, length, velocity
        Activations (1), fibre lengths (m) and velocities (m/s), (T, n).
    muscle
        Fibre parameters, (n,) each.

    Returns
    -------
    tuple
        Forces (N), (T, n); their derivatives with respect to activation, (T, n), and to the four fibre parameters in
        the order of :class:`FibreParameters`, (4, T, n).
    """
    curves = muscle_curves()
    tables = [
        _table(getattr(curves, name)) for name in ("active_force_length", "force_velocity", "passive_force_length")
    ]
    found = _forces(activation, length, velocity, np.array(muscle), *tables)
    return found[0], found[1], found[2:]


def _table(curve: ForceCurve) -> tuple[float, float, float, float, Array]:
    return curve.lower, curve.upper, curve.lower_slope, curve.upper_slope, curve.coefficients


@compiled
def _curve(x: float, table: Any) -> Any:
    """Value and slope of a force curve."""
    lower, upper, lower_slope, upper_slope, coefficients = table
    intervals = coefficients.shape[1]
    step = (upper - lower) / intervals
    inside = min(max(x, lower), upper)
    k = min(int((inside - lower) / step), intervals - 1)
    d = inside - lower - step * k
    c3, c2, c1, c0 = coefficients[0, k], coefficients[1, k], coefficients[2, k], coefficients[3, k]
    value = ((c3 * d + c2) * d + c1) * d + c0
    if x < lower:
        return value + lower_slope * (x - lower), lower_slope
    if x > upper:
        return value + upper_slope * (x - upper), upper_slope
    return value, (3.0 * c3 * d + 2.0 * c2) * d + c1


@compiled
def _forces(
    activation: Any, length: Any, velocity: Any, muscle: Any, active: Any, by_velocity: Any, passive: Any
) -> Any:
    """Force and its partials: with respect to activation, f_mo, l_o, v_max and phi_o, (6, T, n)."""
    samples, muscles = length.shape
    out = np.empty((6, samples, muscles))
    for i in range(muscles):
        f_mo, l_o, v_max, phi_o = muscle[:, i]
        sine_o, cosine_o = math.sin(phi_o), math.cos(phi_o)
        for t in range(samples):
            a, l, v = activation[t, i], length[t, i], velocity[t, i]  # noqa: E741
            f_l, f_l_slope = _curve(l / l_o, active)
            f_v, f_v_slope = _curve(v / v_max, by_velocity)
            f_p, f_p_slope = _curve(l / l_o, passive)
            sine = l_o * sine_o / l
            free = sine < MAXIMUM_SINE
            sine = min(sine, MAXIMUM_SINE)
            cosine = math.sqrt(1.0 - sine * sine)
            tangent = sine / cosine if free else 0.0
            norm_force = a * f_l * f_v + f_p + FIBRE_DAMPING * v / v_max
            by_length = (a * f_l_slope * f_v + f_p_slope) * (-l / (l_o * l_o))
            out[0, t, i] = f_mo * norm_force * cosine
            out[1, t, i] = f_mo * f_l * f_v * cosine
            out[2, t, i] = norm_force * cosine
            out[3, t, i] = f_mo * (by_length * cosine - norm_force * tangent * sine_o / l)
            out[4, t, i] = f_mo * (a * f_l * f_v_slope + FIBRE_DAMPING) * (-v / (v_max * v_max)) * cosine
            out[5, t, i] = -f_mo * norm_force * tangent * l_o * cosine_o / l
    return out
