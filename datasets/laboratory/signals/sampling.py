"""What motion and EMG have in common: equal sampling, times within a recording, and zero-lag filters."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from datasets.laboratory.files.text import LaboratoryError

Array = NDArray[np.float64]

TOLERANCE = 0.01  # of a step: how far a time may be off and still count as where it should be


def mean_rate_hz(time_s: Array) -> float:
    """Mean sampling rate (Hz) of increasing times (s), (T,)."""
    return (time_s.size - 1) / float(time_s[-1] - time_s[0])


def is_equally_sampled(time_s: Array) -> bool:
    """Whether times (s), (T,), lie within 1 % of a step of equally spaced ones, so that rounded times pass."""
    equal_s = np.linspace(time_s[0], time_s[-1], time_s.size)
    return bool(np.abs(time_s - equal_s).max() <= TOLERANCE / mean_rate_hz(time_s))


def times_within(time_s: Array, at_s: Array, what: str) -> Array:
    """The times `at_s` (s), (S,), moved onto the recording's ends where they are beyond by rounding only.

    Parameters
    ----------
    time_s
        The recording's times (s), (T,).
    at_s
        Times that are asked for (s).
    what
        The recording, for the error.

    Raises
    ------
    LaboratoryError
        If a time is before the recording's start or after its end by more than 1 % of a step.
    """
    if not at_s.size:
        raise LaboratoryError(f"{what}: no times to take it at, expected one or more")
    slack_s = TOLERANCE / mean_rate_hz(time_s)
    early_s, late_s = float(time_s[0] - at_s.min()), float(at_s.max() - time_s[-1])
    if not max(early_s, late_s) <= slack_s:
        short = [
            f"{missing_s:g} s at its {end}"
            for missing_s, end in ((early_s, "start"), (late_s, "end"))
            if not missing_s <= slack_s
        ]
        raise LaboratoryError(
            f"{what}: runs from {time_s[0]:g} to {time_s[-1]:g} s and lacks {' and '.join(short)}, "
            f"expected {at_s.min():g} to {at_s.max():g} s; deliver it whole, or cut the motion to it"
        )
    return np.clip(at_s, time_s[0], time_s[-1])


def check_filter(cutoff_hz: float | None, order: int, what: str) -> None:
    """Check a zero-lag filter's figures.

    Raises
    ------
    LaboratoryError
        If the cut-off frequency is no positive number (None: no filter), or the order not 2, 4, 6 or so.
    """
    if cutoff_hz is not None and not 0.0 < cutoff_hz < math.inf:
        raise LaboratoryError(f"{what}: the cut-off frequency is {cutoff_hz} Hz, expected a number above 0")
    if order < 2 or order % 2:
        raise LaboratoryError(
            f"{what}: the filter's order is {order}, expected an even number from 2; each of its two passes is half"
        )


def zero_lag(
    values: Array,
    rate_hz: float,
    cutoff_hz: float,
    order: int,
    what: str,
    *,
    kind: Literal["lowpass", "highpass"] = "lowpass",
    padding: Literal["odd", "even"] = "odd",
) -> Array:
    """Butterworth filter without lag: half the order forwards, half backwards, -3 dB at the cut-off frequency.

    Each pass is designed with the cut-off frequency moved, on the scale of the bilinear transform,
    tan(pi f / rate), by C = (2^(1/2) - 1)^(1/order): divided by C for a low-pass, multiplied for a high-pass. Then the
    two passes together have the gain 1/sqrt(2) there (Winter, Biomechanics and Motor Control of Human Movement,
    4th ed., 2009, p. 69, for two passes of order 2).

    Parameters
    ----------
    values
        (T, n), equally sampled.
    rate_hz, cutoff_hz
        Sampling rate and cut-off frequency (Hz).
    order
        Of the two passes together, even.
    what
        What is filtered, for the errors.
    kind
        Which frequencies pass.
    padding
        How the signal goes on beyond its ends, for a period of the cut-off frequency: mirrored (even), or mirrored and
        turned upside down about the end's value (odd), which keeps a movement's slope.

    Returns
    -------
    Array
        (T, n).

    Raises
    ------
    LaboratoryError
        If the cut-off frequency is not below half the sampling rate, or the signal is shorter than the padding.
    """
    if cutoff_hz >= 0.5 * rate_hz:
        raise LaboratoryError(
            f"{what}: the {kind} filter's cut-off frequency is {cutoff_hz:g} Hz, expected below {0.5 * rate_hz:g} Hz, "
            f"half the sampling rate of {rate_hz:g} Hz; choose a lower one, or none"
        )
    padded = max(rate_hz / cutoff_hz, 3.0 * (order // 2 + 1))
    if padded > len(values) - 1:
        raise LaboratoryError(
            f"{what}: has {len(values)} samples at {rate_hz:g} Hz, expected more than {padded:.0f}, which the "
            f"{kind} filter at {cutoff_hz:g} Hz needs for its padding; take a longer recording or a higher cut-off"
        )
    sections = butter(order // 2, _pass_cutoff(cutoff_hz / rate_hz, order, kind), kind, output="sos")
    filtered: Array = sosfiltfilt(sections, values, axis=0, padtype=padding, padlen=math.ceil(padded))
    return filtered


def _pass_cutoff(cycles_per_sample: float, order: int, kind: Literal["lowpass", "highpass"]) -> float:
    """Cut-off frequency of each pass as a share of half the sampling rate, as SciPy takes it."""
    correction = (math.sqrt(2.0) - 1.0) ** (1.0 / order)
    warped = math.tan(math.pi * cycles_per_sample)
    return 2.0 / math.pi * math.atan(warped / correction if kind == "lowpass" else warped * correction)
