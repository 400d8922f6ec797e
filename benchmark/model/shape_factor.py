"""From EMG to activation as CEINMS has it: the recursive filter, then a shape factor instead of activation dynamics.

u = alpha e(t - d) - beta_1 u(t - 1) - beta_2 u(t - 2), which is eq. (19)-(20) of Sanderink et al., and
a = (exp(A u) - 1) / (exp(A) - 1) (Lloyd and Besier 2003; Pizzolato et al. 2015). The electromechanical delay d is known
here; what is found are c1, c2 and A.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.signal import lfilter

from benchmark.model.excitation import filter_coefficients

Array = NDArray[np.float64]


class ShapedExcitation(NamedTuple):
    """What all muscles share: the filter's c1 and c2, and the shape factor A; A < 0 raises small excitations."""

    c1: Any
    c2: Any
    shape_factor: Any


def excitations(delayed_emg: Array, shared: ShapedExcitation) -> Array:
    """Excitations u, (T, n), of delayed EMG, (T, n), which was constant before its first sample."""
    alpha, denominator = _filter(shared)
    start = delayed_emg[:1]  # as the filter's gain is one, it rests there
    return np.asarray(start + lfilter([alpha], denominator, delayed_emg - start, axis=0))


def excitations_with_sensitivities(delayed_emg: Array, shared: ShapedExcitation) -> tuple[Array, Array]:
    """Excitations, (T, n), and their derivatives with respect to c1 and c2, (2, T, n).

    A derivative follows the same recursion, driven by the derivative of its coefficients; at rest it is zero.
    """
    u = excitations(delayed_emg, shared)
    before, before_that = (np.concatenate([np.repeat(u[:1], lag, axis=0), u])[: len(u)] for lag in (1, 2))
    by_c1, by_c2 = ((1.0 + other) * delayed_emg - before - other * before_that for other in (shared.c2, shared.c1))
    return u, np.asarray(lfilter([1.0], _filter(shared)[1], np.stack([by_c1, by_c2]), axis=1))


def shaped(excitation: Array, shape_factor: float) -> Array:
    """Activation (exp(A u) - 1) / (exp(A) - 1) of an excitation u, elementwise; A is not zero."""
    return np.asarray(np.expm1(shape_factor * excitation) / np.expm1(shape_factor))


def shaped_with_sensitivities(excitation: Array, by_filter: Array, shape_factor: float) -> tuple[Array, Array]:
    """Activations, (T, n), and their derivatives with respect to c1, c2 and A, (T, 3, n).

    Parameters
    ----------
    excitation, by_filter
        Excitations, (T, n), and their derivatives with respect to c1 and c2, (2, T, n).
    shape_factor
        A.
    """
    activation, whole = shaped(excitation, shape_factor), np.expm1(shape_factor)
    part = np.exp(shape_factor * excitation)
    by_u = shape_factor * part / whole
    by_shape = (excitation * part - activation * (whole + 1.0)) / whole
    return activation, np.stack([by_u * by_filter[0], by_u * by_filter[1], by_shape], axis=1)


def torch_excitations(delayed_emg: torch.Tensor, shared: ShapedExcitation) -> torch.Tensor:
    """The same excitations in torch, differentiable, without a loop over time: two geometric responses in sequence."""
    samples = len(delayed_emg)
    start = delayed_emg[:1]
    gain = filter_coefficients(shared.c1, shared.c2)[0]
    spectrum = torch.fft.rfft(delayed_emg - start, n=2 * samples, dim=0)
    steps = torch.arange(samples, dtype=torch.float64)
    for pole in (-shared.c1, -shared.c2):
        spectrum = spectrum * torch.fft.rfft(pole**steps, n=2 * samples)[:, None]
    excitation: torch.Tensor = start + gain * torch.fft.irfft(spectrum, n=2 * samples, dim=0)[:samples]
    return excitation


def torch_shaped(excitation: torch.Tensor, shape_factor: torch.Tensor) -> torch.Tensor:
    """The same activation in torch."""
    return torch.expm1(shape_factor * excitation) / torch.expm1(shape_factor)


def _filter(shared: ShapedExcitation) -> tuple[float, list[float]]:
    """Gain, and denominator, of the filter."""
    alpha, beta_1, beta_2 = filter_coefficients(shared.c1, shared.c2)
    return alpha, [1.0, beta_1, beta_2]
