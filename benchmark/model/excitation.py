"""From EMG to neural excitation: the recursive filter with a fractional delay, eq. (19)-(21) of Sanderink et al.

All functions are elementwise, so that numpy, torch, CasADi and Numba share them.
"""

from __future__ import annotations

from typing import Any

from numba.extending import register_jitable


@register_jitable
def filter_coefficients(c1: Any, c2: Any) -> tuple[Any, Any, Any]:
    """Return alpha, beta_1 and beta_2 of the filter, eq. (20): unit gain, stable for |c1|, |c2| < 1."""
    beta_1 = c1 + c2
    beta_2 = c1 * c2
    return 1.0 + beta_1 + beta_2, beta_1, beta_2


@register_jitable
def filter_step(delayed_emg: Any, previous: Any, before_previous: Any, c1: Any, c2: Any) -> Any:
    """Excitation u(t) from the delayed EMG and the excitations u(t - 1) and u(t - 2), eq. (19)."""
    alpha, beta_1, beta_2 = filter_coefficients(c1, c2)
    return alpha * delayed_emg - beta_1 * previous - beta_2 * before_previous


def delay_weight(delay_samples: Any, lag: Any, maximum: Any) -> Any:
    """Weight of the EMG `lag` whole samples ago in the delayed EMG, eq. (21).

    The two samples next to the delay share a weight of one, linearly: gamma and 1 - gamma of the equation.

    Parameters
    ----------
    delay_samples
        The delay t_d in samples, not necessarily whole.
    lag
        A whole number of samples.
    maximum
        The back end's elementwise maximum.
    """
    distance = maximum(delay_samples - lag, lag - delay_samples)
    return maximum(1.0 - distance, 0.0 * distance)
