"""What drives a fibre between two samples: the musculotendon length and the activation.

The length is the cubic through the lengths and velocities at both samples. The activation relaxes from one sample to
the next, as eq. (17)-(18) have it while the excitation is held: exponentially, at the rate constant of the middle. A
straight line instead would cost an order of magnitude in the tendon force.
"""

from __future__ import annotations

import math
from typing import Any

from benchmark.model.compiled import compiled


@compiled
def length_between(share: float, lengths: Any, velocities: Any, step: float) -> Any:
    """Length at a share of the step from sample to sample, from lengths (m) and velocities (m/s) at its ends."""
    rest = 1.0 - share
    line = rest * lengths[0] + share * lengths[1]
    slope = (lengths[1] - lengths[0]) / step
    return line + step * share * rest * (rest * (velocities[0] - slope) - share * (velocities[1] - slope))


@compiled
def relaxation(first: float, last: float, times: Any, step: float) -> Any:
    """Step times the rate constant at which an activation goes from `first` to `last`, and its partials.

    The rate constant is minus the derivative of the rate of eq. (17)-(18) with respect to the activation, at the
    activation in the middle and the rate that takes it from one to the other.

    Parameters
    ----------
    first, last
        Activations at two samples, `step` (s) apart.
    times
        Activation and deactivation time (s).

    Returns
    -------
    tuple of float
        The exponent z; its derivatives with respect to `first`, `last`, the activation and the deactivation time;
        and exp(-z).
    """
    change = last - first
    slowing = 0.5 + 0.75 * (first + last)
    per_slowing = 1.0 / slowing
    if change > 0.0:
        own = step / times[0] * per_slowing
        bend = 1.5 * change * per_slowing
        by_slowing, by_change = -(own + bend) * per_slowing, 1.5 * per_slowing
        by_rise, by_fall = -own / times[0], 0.0
    else:
        own = step / times[1] * slowing
        bend = -1.5 * change * per_slowing
        by_slowing, by_change = (own - bend) * per_slowing, -1.5 * per_slowing
        by_rise, by_fall = 0.0, -own / times[1]
    z = own + bend
    return z, 0.75 * by_slowing - by_change, 0.75 * by_slowing + by_change, by_rise, by_fall, math.exp(-z)


@compiled
def activation_between(share: float, first: float, last: float, exponent: Any) -> Any:
    """Activation at a share of the step from sample to sample, and its partials.

    Parameters
    ----------
    share
        Share of the step, above zero.
    first, last
        Activations at both samples.
    exponent
        What :func:`relaxation` returns.

    Returns
    -------
    tuple of float
        The activation; its derivatives with respect to `first`, `last`, the activation and the deactivation time.
    """
    left, left_all = math.exp(-share * exponent[0]), exponent[5]
    scale = 1.0 / (1.0 - left_all)
    done = (1.0 - left) * scale
    by_z = (last - first) * (share * left - done * left_all) * scale
    return (
        first + (last - first) * done,
        1.0 - done + by_z * exponent[1],
        done + by_z * exponent[2],
        by_z * exponent[3],
        by_z * exponent[4],
    )
