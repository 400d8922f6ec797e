"""The balance of fibre and tendon force, eq. (15) = eq. (16), over the fibre's reach along the tendon, compiled.

The reach s = l cos(phi) stays regular where the fibre's own length does not: l_t = l_mt - s, and with the muscle's
constant height h = l_o sin(phi_o) the fibre is l = sqrt(s^2 + h^2), its velocity v = ds/dt cos(phi). Beyond the largest
pennation angle of :mod:`benchmark.model.contraction` the fibre goes on at that angle, so that all stays finite, also
where s is negative. Forces are over the maximum isometric force, which cancels from the balance.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.compiled import compiled, inlined
from benchmark.model.compiled_forces import curve_table, force_curve
from benchmark.model.contraction import FIBRE_DAMPING, MAXIMUM_SINE, MuscleParameters
from benchmark.model.curves import muscle_curves

Array = NDArray[np.float64]
Table = tuple[float, float, float, float, Array]

MINIMUM_COSINE = math.sqrt(1.0 - MAXIMUM_SINE**2)
TOLERANCE = 1e-11  # last Newton step, of the optimal fibre length; partials are those before it
MOST_ITERATIONS = 100  # a bisection of any bracket needs fifty


@cache
def curve_tables() -> tuple[Table, Table, Table, Table]:
    """The curves f^L, f^V, f^PE and f^T, as the compiled functions read them."""
    curves = muscle_curves()
    return (
        curve_table(curves.active_force_length),
        curve_table(curves.force_velocity),
        curve_table(curves.passive_force_length),
        curve_table(curves.tendon_force_length),
    )


def constants(muscle: MuscleParameters) -> Array:
    """Figures of the muscles, (n, 9): f_mo, l_o, v_max, sine and cosine of phi_o, l_ts; 1 over l_o, v_max and l_ts."""
    f_mo, l_o, v_max, phi_o, l_ts = (np.asarray(values, dtype=np.float64) for values in muscle)
    return np.column_stack([f_mo, l_o, v_max, np.sin(phi_o), np.cos(phi_o), l_ts, 1.0 / l_o, 1.0 / v_max, 1.0 / l_ts])


@inlined
def row(constants: Any, i: int) -> Any:
    """A muscle's row of :func:`constants`, as numbers: the compiled loops are faster with these than with an array."""
    return (
        constants[i, 0],
        constants[i, 1],
        constants[i, 2],
        constants[i, 3],
        constants[i, 4],
        constants[i, 5],
        constants[i, 6],
        constants[i, 7],
        constants[i, 8],
    )


@inlined
def fibre_side(s: float, rate: float, a: float, muscle: Any, tables: Any) -> Any:
    """Fibre force along the tendon, eq. (15), over f_mo, and its partials.

    Parameters
    ----------
    s, rate
        Reach (m) and its rate (m/s).
    a
        Activation.
    muscle
        A row of :func:`constants`.
    tables
        The curves.

    Returns
    -------
    tuple
        Fibre length (m), cosine, sine, and the derivative of the cosine with respect to s (1/m) over the sine squared;
        the force and its derivatives with respect to s, the rate and the activation; and with respect to l_o,
        v_max and phi_o.
    """
    l_o, sine_o, cosine_o, per_length, per_velocity = muscle[1], muscle[3], muscle[4], muscle[6], muscle[7]
    height = l_o * sine_o
    if s * MAXIMUM_SINE > MINIMUM_COSINE * height:
        length = math.sqrt(s * s + height * height)
        bend = 1.0 / length
        cosine, sine = s * bend, height * bend
    else:
        length, bend = MAXIMUM_SINE * height + MINIMUM_COSINE * s, 0.0
        cosine, sine = MINIMUM_COSINE, MAXIMUM_SINE
    x, w = length * per_length, cosine * rate * per_velocity
    f_l, f_l_slope = force_curve(x, tables[0])
    f_v, f_v_slope = force_curve(w, tables[1])
    f_p, f_p_slope = force_curve(x, tables[2])
    force = a * f_l * f_v + f_p + FIBRE_DAMPING * w
    by_x = a * f_l_slope * f_v + f_p_slope
    by_w = a * f_l * f_v_slope + FIBRE_DAMPING
    by_cosine = force + cosine * by_w * rate * per_velocity
    by_height = cosine * by_x * sine * per_length - by_cosine * sine * cosine * bend
    return (
        (length, cosine, sine, bend),
        (
            cosine * force,
            cosine * by_x * cosine * per_length + by_cosine * sine * sine * bend,
            cosine * by_w * cosine * per_velocity,
            cosine * f_l * f_v,
        ),
        (
            by_height * sine_o - cosine * by_x * x * per_length,
            -cosine * by_w * w * per_velocity,
            by_height * l_o * cosine_o,
        ),
    )


@inlined
def tendon_side(s: float, path: float, muscle: Any, tables: Any) -> Any:
    """Tendon force, eq. (16), over f_mo; its derivatives by s and l_ts (1/m); the tendon's stretch."""
    stretch = (path - s) * muscle[8]
    force, slope = force_curve(stretch, tables[3])
    return force, -slope * muscle[8], -slope * stretch * muscle[8], stretch


@compiled
def solve(guess: float, bracket: Any, motion: Any, a: float, path: float, muscle: Any, tables: Any) -> Any:
    """Reach at which fibre and tendon force are equal, by Newton steps that bisection keeps within a bracket.

    Parameters
    ----------
    guess
        First reach to try (m).
    bracket
        Reaches below and above the root (m). Without a root between them, the end nearer to balance is found.
    motion
        p and q of the rate p + q s that goes with a reach s (m/s, 1/s).
    a, path, muscle, tables
        As for :func:`fibre_side` and :func:`tendon_side`.

    Returns
    -------
    tuple
        The reach; what :func:`fibre_side` and :func:`tendon_side` return one last small step before it; whether it is
        a solution.
    """
    low, high = bracket
    s, before, last = min(max(guess, low), high), high - low, high - low
    for _ in range(MOST_ITERATIONS):
        fibre = fibre_side(s, motion[0] + motion[1] * s, a, muscle, tables)
        tendon = tendon_side(s, path, muscle, tables)
        excess = fibre[1][0] - tendon[0]
        if excess > 0.0:
            high = s
        else:
            low = s
        step = -excess / (fibre[1][1] + motion[1] * fibre[1][2] - tendon[1])
        # Compared is the step before the last: a root near the bracket's end must not be left for its middle for good.
        if not (low <= s + step <= high) or abs(step) > 0.5 * before:
            step = 0.5 * (low + high) - s
        s, before, last = s + step, last, abs(step)
        if last <= TOLERANCE * muscle[1]:
            return s, fibre, tendon, True
    return s, fibre, tendon, False
