"""From neural excitation to muscle activation: first-order dynamics, eq. (17)-(18) of Sanderink et al.

The excitation is held over each sample; Runge-Kutta of order four with fixed sub-steps goes from sample to sample.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.extending import register_jitable

SUB_STEPS = 4  # a sample of 5 ms to 1e-6 of the step in excitation at the true time constants, see tests

Where = Callable[[Any, Any, Any], Any]


@register_jitable
def activation_rate(
    excitation: Any, activation: Any, activation_time: Any, deactivation_time: Any, where: Where
) -> Any:
    """Time derivative (1/s) of the activation, eq. (17)-(18), elementwise."""
    return _rate(excitation, activation, 1.0 / activation_time, 1.0 / deactivation_time, where)


@register_jitable
def activation_step(
    excitation: Any, activation: Any, activation_time: Any, deactivation_time: Any, step: Any, where: Where
) -> Any:
    """Activation a `step` (s) later, with the excitation held, by one Runge-Kutta step, elementwise."""
    fastest_rise, fastest_fall = 1.0 / activation_time, 1.0 / deactivation_time
    k1 = _rate(excitation, activation, fastest_rise, fastest_fall, where)
    k2 = _rate(excitation, activation + 0.5 * step * k1, fastest_rise, fastest_fall, where)
    k3 = _rate(excitation, activation + 0.5 * step * k2, fastest_rise, fastest_fall, where)
    k4 = _rate(excitation, activation + step * k3, fastest_rise, fastest_fall, where)
    return activation + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)


@register_jitable
def _rate(excitation: Any, activation: Any, rise: Any, fall: Any, where: Where) -> Any:
    slowing = 0.5 + 1.5 * activation
    return (excitation - activation) * where(excitation > activation, rise / slowing, fall * slowing)
