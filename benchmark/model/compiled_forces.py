"""Muscle forces and their exact partial derivatives, compiled: what a residual and its Jacobian are made of.

The same formulas as :mod:`benchmark.model.contraction`, which a test holds it equal to, and their derivatives.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.compiled import compiled, inlined
from benchmark.model.contraction import FIBRE_DAMPING, MAXIMUM_SINE, FibreParameters
from benchmark.model.curves import ForceCurve, muscle_curves

Array = NDArray[np.float64]


def forces(activation: Array, length: Array, velocity: Array, muscle: FibreParameters) -> Array:
    """Forces (N) of eq. (15), (T, n); see :func:`forces_with_partials`."""
    return np.asarray(_forces(activation, length, velocity, np.array(muscle), *_tables()))


def forces_with_partials(
    activation: Array, sensitivity: Array, length: Array, velocity: Array, muscle: FibreParameters
) -> tuple[Array, Array]:
    """Forces (N) of eq. (15), (T, n), and their partial derivatives, (T, 4 + q, n).

    Parameters
    ----------
    activation
        Activations (1), (T, n).
    sensitivity
        Their derivatives with respect to q shared parameters, (T, q, n).
    length, velocity
        Fibre lengths (m) and velocities (m/s), (T, n).
    muscle
        Fibre parameters, (n,) each.

    Returns
    -------
    tuple
        The forces; their derivatives with respect to the four fibre parameters, in the order of
        :class:`FibreParameters`, and to the shared parameters.
    """
    found = _forces_with_partials(activation, sensitivity, length, velocity, np.array(muscle), *_tables())
    return found[0], found[1]


@cache
def _tables() -> tuple[tuple[float, float, float, float, Array], ...]:
    """The curves of eq. (15), an interval's coefficients side by side."""
    curves = muscle_curves()
    return tuple(map(curve_table, (curves.active_force_length, curves.force_velocity, curves.passive_force_length)))


def curve_table(curve: ForceCurve) -> tuple[float, float, float, float, Array]:
    """A force curve as compiled functions read it: its ends, its slopes beyond, its intervals' coefficients, (k, 4)."""
    return curve.lower, curve.upper, curve.lower_slope, curve.upper_slope, np.ascontiguousarray(curve.coefficients.T)


@inlined
def force_curve(x: float, table: Any) -> Any:
    """Value and slope at `x` of the force curve with a table of :func:`curve_table`."""
    lower, upper, lower_slope, upper_slope, coefficients = table
    intervals = coefficients.shape[0]
    step = (upper - lower) / intervals
    inside = min(max(x, lower), upper)
    k = min(int((inside - lower) / step), intervals - 1)
    d = inside - lower - step * k
    c3, c2, c1, c0 = coefficients[k, 0], coefficients[k, 1], coefficients[k, 2], coefficients[k, 3]
    value = ((c3 * d + c2) * d + c1) * d + c0
    slope = (3.0 * c3 * d + 2.0 * c2) * d + c1
    if x < lower:
        value, slope = value + lower_slope * (x - lower), lower_slope
    elif x > upper:
        value, slope = value + upper_slope * (x - upper), upper_slope
    return value, slope


@inlined
def _force(a: float, l: float, v: float, muscle: Any, tables: Any) -> Any:  # noqa: E741  (the equation's symbol)
    """Force and its partials: with respect to activation, f_mo, l_o, v_max and phi_o."""
    f_mo, l_o, v_max, sine_o, cosine_o = muscle
    active, by_velocity, passive = tables
    norm_length, norm_velocity = l / l_o, v / v_max
    f_l, f_l_slope = force_curve(norm_length, active)
    f_v, f_v_slope = force_curve(norm_velocity, by_velocity)
    f_p, f_p_slope = force_curve(norm_length, passive)
    sine = l_o * sine_o / l
    free = sine < MAXIMUM_SINE
    sine = min(sine, MAXIMUM_SINE)
    cosine = math.sqrt(1.0 - sine * sine)
    tangent = sine / cosine if free else 0.0
    norm_force = a * f_l * f_v + f_p + FIBRE_DAMPING * norm_velocity
    by_length = (a * f_l_slope * f_v + f_p_slope) * (-norm_length / l_o)
    return (
        f_mo * norm_force * cosine,
        f_mo * f_l * f_v * cosine,
        norm_force * cosine,
        f_mo * (by_length * cosine - norm_force * tangent * sine_o / l),
        f_mo * (a * f_l * f_v_slope + FIBRE_DAMPING) * (-norm_velocity / v_max) * cosine,
        -f_mo * norm_force * tangent * l_o * cosine_o / l,
    )


@compiled
def _forces(
    activation: Any, length: Any, velocity: Any, muscle: Any, active: Any, by_velocity: Any, passive: Any
) -> Any:
    out = np.empty_like(length)
    sine, cosine = np.sin(muscle[3]), np.cos(muscle[3])
    for t in range(len(length)):
        for i in range(length.shape[1]):
            constants = (muscle[0, i], muscle[1, i], muscle[2, i], sine[i], cosine[i])
            found = _force(activation[t, i], length[t, i], velocity[t, i], constants, (active, by_velocity, passive))
            out[t, i] = found[0]
    return out


@compiled
def _forces_with_partials(
    activation: Any,
    sensitivity: Any,
    length: Any,
    velocity: Any,
    muscle: Any,
    active: Any,
    by_velocity: Any,
    passive: Any,
) -> Any:
    samples, shared, muscles = sensitivity.shape
    force, partials = np.empty((samples, muscles)), np.empty((samples, 4 + shared, muscles))
    sine, cosine = np.sin(muscle[3]), np.cos(muscle[3])
    for t in range(samples):
        for i in range(muscles):
            constants = (muscle[0, i], muscle[1, i], muscle[2, i], sine[i], cosine[i])
            found = _force(activation[t, i], length[t, i], velocity[t, i], constants, (active, by_velocity, passive))
            force[t, i] = found[0]
            partials[t, 0, i], partials[t, 1, i], partials[t, 2, i], partials[t, 3, i] = found[2:]
            for j in range(shared):
                partials[t, 4 + j, i] = found[1] * sensitivity[t, j, i]
    return force, partials
