"""The sequential part of the model, compiled: EMG to activation over a whole recording, with exact sensitivities.

The five shared parameters are, in this order, c1, c2, the electromechanical delay (s), and the activation and the
deactivation time (s). Formulas come from :mod:`excitation` and :mod:`activation`; here they are only scanned over time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.activation import SUB_STEPS, activation_rate, activation_step
from benchmark.model.compiled import compiled
from benchmark.model.excitation import delay_weight, filter_coefficients, filter_step

Array = NDArray[np.float64]
SHARED_COUNT = 5


@compiled
def _where(condition: bool, x: float, y: float) -> float:
    return x if condition else y


def delayed_emg(emg: Array, delay_samples: float) -> tuple[Array, Array]:
    """EMG `delay_samples` ago, eq. (21), and its derivative with respect to the delay; held at its first sample before.

    Parameters
    ----------
    emg
        (T, muscles).
    delay_samples
        Delay in samples, not negative, not necessarily whole.
    """
    lag = int(np.floor(delay_samples))
    earlier, later = (emg[np.maximum(np.arange(len(emg)) - whole, 0)] for whole in (lag + 1, lag))
    weights = [delay_weight(delay_samples, whole, max) for whole in (lag + 1, lag)]
    return weights[0] * earlier + weights[1] * later, earlier - later


def activation_from_emg(emg: Array, shared: Array, sample_time: float) -> Array:
    """Activations of a recording, (T, muscles), from its EMG, (T, muscles).

    Parameters
    ----------
    emg
        EMG (1), one column a muscle.
    shared
        The five shared parameters.
    sample_time
        Time between samples (s).
    """
    delayed, _ = delayed_emg(emg, shared[2] / sample_time)
    return np.asarray(_scan(np.ascontiguousarray(delayed), shared, sample_time))


def activation_with_sensitivities(emg: Array, shared: Array, sample_time: float) -> tuple[Array, Array]:
    """Activations, (T, muscles), and their derivatives with respect to the shared parameters, (5, T, muscles)."""
    delayed, slope = delayed_emg(emg, shared[2] / sample_time)
    slope = np.ascontiguousarray(slope / sample_time)
    return _scan_sensitivities(  # type: ignore[no-any-return]
        np.ascontiguousarray(delayed), slope, shared, sample_time
    )


def activations_with_sensitivities(
    emg: Sequence[Array], counted: Sequence[NDArray[np.intp]], shared: Array, sample_time: float
) -> tuple[Array, Array]:
    """Activations, (T, n), of the samples that count of all recordings, and their sensitivities, (5, T, n)."""
    parts = [activation_with_sensitivities(entry, shared, sample_time) for entry in emg]
    pairs = list(zip(parts, counted, strict=True))
    return (
        np.concatenate([part[0][rows] for part, rows in pairs]),
        np.concatenate([part[1][:, rows] for part, rows in pairs], axis=1),
    )


@compiled
def _scan(delayed: Any, shared: Any, sample_time: float) -> Any:
    c1, c2, _, activation_time, deactivation_time = shared
    samples, muscles = delayed.shape
    step = sample_time / SUB_STEPS
    activation = np.empty_like(delayed)
    excitation = np.empty_like(delayed)
    activation[0] = excitation[0] = delayed[0]
    for k in range(1, samples):
        activation[k] = activation[k - 1]
        for _ in range(SUB_STEPS):
            for m in range(muscles):
                activation[k, m] = activation_step(
                    excitation[k - 1, m], activation[k, m], activation_time, deactivation_time, step, _where
                )
        before = max(k - 2, 0)
        for m in range(muscles):
            excitation[k, m] = filter_step(delayed[k, m], excitation[k - 1, m], excitation[before, m], c1, c2)
    return activation


@compiled
def _rate_partials(u: float, a: float, activation_time: float, deactivation_time: float) -> Any:
    """Rate of eq. (17)-(18) and its partials: with respect to a, u, activation time, deactivation time."""
    slowing, rising = 0.5 + 1.5 * a, u > a
    rate = activation_rate(u, a, activation_time, deactivation_time, _where)
    gain = _where(rising, (1.0 / activation_time) / slowing, (1.0 / deactivation_time) * slowing)
    bend = _where(rising, -1.5 * rate / slowing, 1.5 * rate / slowing)
    by_rise = _where(rising, -rate / activation_time, 0.0)
    by_fall = _where(rising, 0.0, -rate / deactivation_time)
    return rate, bend - gain, gain, by_rise, by_fall


@compiled
def _step_partials(u: float, a: float, activation_time: float, deactivation_time: float, step: float) -> Any:
    """The step of :func:`activation_step` and its partials: with respect to a, u and the two times."""
    new = a
    by_a, by_u, by_rise, by_fall = 1.0, 0.0, 0.0, 0.0
    k, k_a, k_u, k_rise, k_fall = 0.0, 0.0, 0.0, 0.0, 0.0
    for reach, weight in ((0.0, 1.0), (0.5, 2.0), (0.5, 2.0), (1.0, 1.0)):
        h = reach * step
        rate, rate_a, rate_u, rate_rise, rate_fall = _rate_partials(u, a + h * k, activation_time, deactivation_time)
        k = rate
        k_a = rate_a * (1.0 + h * k_a)
        k_u = rate_a * h * k_u + rate_u
        k_rise = rate_a * h * k_rise + rate_rise
        k_fall = rate_a * h * k_fall + rate_fall
        share = weight * step / 6.0
        new += share * k
        by_a += share * k_a
        by_u += share * k_u
        by_rise += share * k_rise
        by_fall += share * k_fall
    return new, by_a, by_u, by_rise, by_fall


@compiled
def _scan_sensitivities(delayed: Any, slope: Any, shared: Any, sample_time: float) -> Any:
    c1, c2, _, activation_time, deactivation_time = shared
    samples, muscles = delayed.shape
    step = sample_time / SUB_STEPS
    activation, excitation = np.empty_like(delayed), np.empty_like(delayed)
    by_shared = np.zeros((SHARED_COUNT, samples, muscles))
    excitation_by = np.zeros((3, samples, muscles))
    activation[0] = excitation[0] = delayed[0]
    for k in range(1, samples):
        activation[k], by_shared[:, k] = activation[k - 1], by_shared[:, k - 1]
        for _ in range(SUB_STEPS):
            for m in range(muscles):
                u = excitation[k - 1, m]
                activation[k, m], by_a, by_u, by_rise, by_fall = _step_partials(
                    u, activation[k, m], activation_time, deactivation_time, step
                )
                for j in range(3):
                    by_shared[j, k, m] = by_a * by_shared[j, k, m] + by_u * excitation_by[j, k - 1, m]
                by_shared[3, k, m] = by_a * by_shared[3, k, m] + by_rise
                by_shared[4, k, m] = by_a * by_shared[4, k, m] + by_fall
        before = max(k - 2, 0)
        for m in range(muscles):
            u_1, u_2 = excitation[k - 1, m], excitation[before, m]
            excitation[k, m] = filter_step(delayed[k, m], u_1, u_2, c1, c2)
            by_1, by_2 = excitation_by[:, k - 1, m], excitation_by[:, before, m]
            for j in range(3):
                excitation_by[j, k, m] = filter_step(0.0, by_1[j], by_2[j], c1, c2)
            excitation_by[0, k, m] += (1.0 + c2) * delayed[k, m] - u_1 - c2 * u_2
            excitation_by[1, k, m] += (1.0 + c1) * delayed[k, m] - u_1 - c1 * u_2
            excitation_by[2, k, m] += filter_coefficients(c1, c2)[0] * slope[k, m]
    return activation, by_shared
