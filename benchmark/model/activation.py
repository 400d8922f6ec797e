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
    slowing = 0.5 + 1.5 * activation
    rising, falling = (1.0 / activation_time) / slowing, (1.0 / deactivation_time) * slowing
    return (excitation - activation) * where(excitation > activation, rising, falling)


@register_jitable
def activation_step(
    excitation: Any, activation: Any, activation_time: Any, deactivation_time: Any, step: Any, where: Where
) -> Any:
    """Activation a `step` (s) later, with the excitation held, by one Runge-Kutta step, elementwise."""
    k1 = activation_rate(excitation, activation, activation_time, deactivation_time, where)
    k2 = activation_rate(excitation, activation + 0.5 * step * k1, activation_time, deactivation_time, where)
    k3 = activation_rate(excitation, activation + 0.5 * step * k2, activation_time, deactivation_time, where)
    k4 = activation_rate(excitation, activation + step * k3, activation_time, deactivation_time, where)
    return activation + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
