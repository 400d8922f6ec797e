"""The sequential part of the model, compiled: EMG to activation over a whole recording, with exact sensitivities.

The five shared parameters are, in this order, c1, c2, the electromechanical delay (s), and the activation and the
deactivation time (s). Formulas come from :mod:`excitation` and :mod:`activation`; here they are only scanned over time.

Sensitivities take three passes, each of which the compiler turns into vector instructions: the activations themselves;
the partial derivatives of every sample's step, independent of each other; and the linear recurrence that they make.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.activation import SUB_STEPS, activation_rate, activation_step
from benchmark.model.compiled import compiled, inlined
from benchmark.model.excitation import delay_weight, filter_coefficients, filter_step

Array = NDArray[np.float64]
SHARED_COUNT = 5


@inlined
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
    return np.asarray(_scan(delayed, shared, sample_time)[0])


def activation_with_sensitivities(
    emg: Array, shared: Array, sample_time: float, inputs: Array | None = None
) -> tuple[Array, Array]:
    """Activations, (T, muscles), and their derivatives, (T, 5 + k, muscles).

    Parameters
    ----------
    emg, shared, sample_time
        As for :func:`activation_from_emg`.
    inputs
        Derivatives of the EMG with respect to k parameters of each muscle, (T, k, muscles); the activations' follow
        those with respect to the five shared parameters.
    """
    delayed, slope = delayed_emg(emg, shared[2] / sample_time)
    activation, excitation = _scan(delayed, shared, sample_time)
    steps = _all_step_partials(excitation.ravel(), activation.ravel(), shared, sample_time / SUB_STEPS)
    steps = steps.reshape(-1, *delayed.shape)
    by_shared = _recurrence(steps, excitation, delayed, slope / sample_time, shared)
    if inputs is None:
        return activation, by_shared
    late = delayed_emg(inputs.reshape(len(emg), -1), shared[2] / sample_time)[0].reshape(inputs.shape)
    return activation, np.concatenate([by_shared, _input_recurrence(steps, late, shared)], axis=1)


def activations(emg: Sequence[Array], counted: Sequence[NDArray[np.intp]], shared: Array, sample_time: float) -> Array:
    """Activations, (T, n), of the samples that count of all recordings."""
    parts = [activation_from_emg(entry, shared, sample_time) for entry in emg]
    return np.concatenate([part[rows] for part, rows in zip(parts, counted, strict=True)])


def activations_with_sensitivities(
    emg: Sequence[Array], counted: Sequence[NDArray[np.intp]], shared: Array, sample_time: float
) -> tuple[Array, Array]:
    """Activations, (T, n), of the samples that count of all recordings, and their sensitivities, (T, 5, n)."""
    parts = [activation_with_sensitivities(entry, shared, sample_time) for entry in emg]
    chosen = [[array[rows] for array in part] for part, rows in zip(parts, counted, strict=True)]
    activation, sensitivity = (np.concatenate(arrays) for arrays in zip(*chosen, strict=True))
    return activation, sensitivity


@compiled
def _scan(delayed: Any, shared: Any, sample_time: float) -> Any:
    """Activations and excitations, (T, muscles)."""
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
    return activation, excitation


@inlined
def _stage_partials(u: float, a: float, times: Any, reach: float, before: Any) -> Any:
    """Rate of eq. (17)-(18) at a + reach k, k being the rate `before`, and its partials.

    Both rates are (rate, partials with respect to a, u, activation time and deactivation time).
    """
    activation_time, deactivation_time = times
    k, k_a, k_u, k_rise, k_fall = before
    at = a + reach * k
    slowing, rising = 0.5 + 1.5 * at, u > at
    rate = activation_rate(u, at, activation_time, deactivation_time, _where)
    by_u = _where(rising, (1.0 / activation_time) / slowing, (1.0 / deactivation_time) * slowing)
    # 1.5 rate / slowing, and its opposite, without a second division
    bend = 1.5 * _where(rising, -rate * by_u * activation_time, (u - at) * (1.0 / deactivation_time))
    by_a = bend - by_u
    by_rise = _where(rising, -rate * (1.0 / activation_time), 0.0)
    by_fall = _where(rising, 0.0, -rate * (1.0 / deactivation_time))
    along = by_a * reach
    return rate, by_a + along * k_a, by_u + along * k_u, by_rise + along * k_rise, by_fall + along * k_fall


@inlined
def _step_partials(u: float, a: float, times: Any, step: float) -> Any:
    """The step of :func:`activation_step` and its partials: with respect to a, u and the two times."""
    k1 = _stage_partials(u, a, times, 0.0, (0.0, 0.0, 0.0, 0.0, 0.0))
    k2 = _stage_partials(u, a, times, 0.5 * step, k1)
    k3 = _stage_partials(u, a, times, 0.5 * step, k2)
    k4 = _stage_partials(u, a, times, step, k3)
    share = step / 6.0
    return (
        a + share * (k1[0] + 2.0 * k2[0] + 2.0 * k3[0] + k4[0]),
        1.0 + share * (k1[1] + 2.0 * k2[1] + 2.0 * k3[1] + k4[1]),
        share * (k1[2] + 2.0 * k2[2] + 2.0 * k3[2] + k4[2]),
        share * (k1[3] + 2.0 * k2[3] + 2.0 * k3[3] + k4[3]),
        share * (k1[4] + 2.0 * k2[4] + 2.0 * k3[4] + k4[4]),
    )


@compiled
def _all_step_partials(excitation: Any, activation: Any, shared: Any, step: float) -> Any:
    """Partials of every sample's step: with respect to a, u and the two times, (4, samples)."""
    times = (shared[3], shared[4])
    now = activation.copy()
    out = np.zeros((4, len(now)))
    out[0] = 1.0
    for _ in range(SUB_STEPS):
        for i in range(len(now)):
            now[i], by_a, by_u, by_rise, by_fall = _step_partials(excitation[i], now[i], times, step)
            out[0, i] = by_a * out[0, i]
            out[1, i] = by_a * out[1, i] + by_u
            out[2, i] = by_a * out[2, i] + by_rise
            out[3, i] = by_a * out[3, i] + by_fall
    return out


@compiled
def _recurrence(steps: Any, excitation: Any, delayed: Any, slope: Any, shared: Any) -> Any:
    """Sensitivities of the activations, (T, 5, muscles), from the partials of the steps and of eq. (19)."""
    c1, c2 = shared[0], shared[1]
    alpha = filter_coefficients(c1, c2)[0]
    samples, muscles = delayed.shape
    by_shared = np.zeros((samples, SHARED_COUNT, muscles))
    u_by = np.zeros((samples, 3, muscles))
    for k in range(1, samples):
        step_by_a, step_by_u = steps[0, k - 1], steps[1, k - 1]
        for j in range(3):
            for m in range(muscles):
                by_shared[k, j, m] = step_by_a[m] * by_shared[k - 1, j, m] + step_by_u[m] * u_by[k - 1, j, m]
        for j in range(3, SHARED_COUNT):
            for m in range(muscles):
                by_shared[k, j, m] = step_by_a[m] * by_shared[k - 1, j, m] + steps[j - 1, k - 1, m]
        before = max(k - 2, 0)
        for m in range(muscles):
            u_1, u_2 = excitation[k - 1, m], excitation[before, m]
            c1_drive = (1.0 + c2) * delayed[k, m] - u_1 - c2 * u_2
            c2_drive = (1.0 + c1) * delayed[k, m] - u_1 - c1 * u_2
            u_by[k, 0, m] = filter_step(0.0, u_by[k - 1, 0, m], u_by[before, 0, m], c1, c2) + c1_drive
            u_by[k, 1, m] = filter_step(0.0, u_by[k - 1, 1, m], u_by[before, 1, m], c1, c2) + c2_drive
            u_by[k, 2, m] = filter_step(0.0, u_by[k - 1, 2, m], u_by[before, 2, m], c1, c2) + alpha * slope[k, m]
    return by_shared


@compiled
def _input_recurrence(steps: Any, late: Any, shared: Any) -> Any:
    """Derivatives of the activations, (T, k, muscles), from those of the delayed EMG, (T, k, muscles)."""
    c1, c2 = shared[0], shared[1]
    samples, count, muscles = late.shape
    activation_by, excitation_by = np.empty_like(late), np.empty_like(late)
    activation_by[0] = excitation_by[0] = late[0]
    for k in range(1, samples):
        before = max(k - 2, 0)
        for j in range(count):
            for m in range(muscles):
                activation_by[k, j, m] = (
                    steps[0, k - 1, m] * activation_by[k - 1, j, m] + steps[1, k - 1, m] * excitation_by[k - 1, j, m]
                )
                excitation_by[k, j, m] = filter_step(
                    late[k, j, m], excitation_by[k - 1, j, m], excitation_by[before, j, m], c1, c2
                )
    return activation_by
