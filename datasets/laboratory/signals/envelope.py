"""EMG signals of a table made into envelopes, normalised and at the motion's times.

The field's usual way (Lloyd & Besier, J. Biomech. 36, 2003, 765-776; Pizzolato et al., J. Biomech. 48, 2015,
3929-3936, CEINMS): a zero-lag high-pass of order 4 at 30 Hz against movement artefacts, full-wave rectification, a
zero-lag low-pass at 6 Hz, division by the largest envelope of maximum voluntary contractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from datasets.laboratory.files.table import Table
from datasets.laboratory.files.text import LaboratoryError, shown
from datasets.laboratory.signals.sampling import Array, check_filter, is_equally_sampled, times_within, zero_lag

LARGEST_UNDERSHOOT = 0.25  # of the largest value; a low-pass undershoots less, raw EMG swings as far down as up


@dataclass(frozen=True)
class EmgSettings:
    """How EMG becomes envelopes.

    Attributes
    ----------
    highpass_hz, lowpass_hz
        Where the filters before and after the rectification have -3 dB (Hz); None for no filter.
    order
        Of each zero-lag Butterworth filter as a whole, even.
    is_envelope
        The signals are envelopes already: neither filtered nor rectified.
    """

    highpass_hz: float | None = 30.0
    lowpass_hz: float | None = 6.0
    order: int = 4
    is_envelope: bool = False

    def __post_init__(self) -> None:
        check_filter(self.highpass_hz, self.order, "the EMG's high-pass")
        check_filter(self.lowpass_hz, self.order, "the EMG's low-pass")


def envelopes(table: Table, names: Sequence[str], settings: EmgSettings) -> Array:
    """Envelopes of EMG signals, in the file's unit, never negative.

    Parameters
    ----------
    table
        Of EMG.
    names
        The n columns.
    settings
        The filters.

    Returns
    -------
    Array
        (T, n).

    Raises
    ------
    LaboratoryError
        If a column is missing, the EMG is not equally sampled, too short or sampled too slowly for the filters, or
        what is said to be an envelope is as negative as raw EMG.
    """
    signals = np.column_stack([table.column(name) for name in names])
    if settings.is_envelope:
        _check_envelope(table, names, signals)
        return np.maximum(signals, 0.0)
    if not is_equally_sampled(table.time_s):
        raise LaboratoryError(
            f"{table.path}: column 'time': the EMG is not sampled in equal steps of {1.0 / table.rate_hz:g} s, which "
            f"its filters need; export it as it was recorded"
        )
    # Mirrored, not turned: a rectified signal goes on at its own level, wherever between 0 and peak it happens to end.
    if settings.highpass_hz is not None:
        what = f"{table.path}: the EMG"
        signals = zero_lag(
            signals, table.rate_hz, settings.highpass_hz, settings.order, what, kind="highpass", padding="even"
        )
    rectified = np.abs(signals)
    if settings.lowpass_hz is not None:
        what = f"{table.path}: the rectified EMG"
        rectified = zero_lag(rectified, table.rate_hz, settings.lowpass_hz, settings.order, what, padding="even")
    return np.maximum(rectified, 0.0)


def normalised(envelope: Array, maximum: Array) -> Array:
    """Envelopes as shares of their maxima, from 0 to 1.

    Parameters
    ----------
    envelope
        (T, n).
    maximum
        Envelope at maximum voluntary contraction, (n,), in the same unit; what goes beyond it counts as 1.

    Raises
    ------
    LaboratoryError
        If there is not one positive, finite maximum for each channel.
    """
    if maximum.shape != envelope.shape[1:]:
        raise LaboratoryError(
            f"the EMG has {envelope.shape[1]} channels and maxima of shape {maximum.shape}, expected one for each"
        )
    bad = np.flatnonzero(~((maximum > 0.0) & np.isfinite(maximum)))
    if bad.size:
        raise LaboratoryError(
            f"the EMG's channel {bad[0] + 1} of {maximum.size} has the maximum {maximum[bad[0]]}, expected a number "
            f"above 0; if its signal is flat, take the channel out, and name its muscles as unmeasured"
        )
    return np.clip(envelope / maximum, 0.0, 1.0)


def resampled(time_s: Array, values: Array, at_s: Array, what: str) -> Array:
    """Signals at other times, by shape-preserving cubic interpolation (PCHIP, Fritsch & Carlson 1980).

    It never goes beyond the samples on either side, so that a normalised envelope stays within 0 and 1, as a cubic
    spline would not; and unlike linear interpolation it has no corners.

    Parameters
    ----------
    time_s, values
        Times (s), (T,), and signals at them, (T, n).
    at_s
        Times that the result is for (s), (S,), within `time_s`.
    what
        What it is and of which file, for the error.

    Returns
    -------
    Array
        (S, n).

    Raises
    ------
    LaboratoryError
        If `at_s` reaches beyond `time_s`.
    """
    within_s = times_within(time_s, at_s, what)
    found: Array = PchipInterpolator(time_s, values, axis=0)(within_s)
    return found


def _check_envelope(table: Table, names: Sequence[str], signals: Array) -> None:
    lowest, highest = signals.min(axis=0), np.abs(signals).max(axis=0)
    bad = np.flatnonzero(-lowest > LARGEST_UNDERSHOOT * highest)
    if bad.size:
        row = int(signals[:, bad[0]].argmin())
        raise LaboratoryError(
            f"{table.path}: line {table.line(row)}, column {shown(names[bad[0]])} is {lowest[bad[0]]:g}, expected no "
            f"negative number in an envelope; if this is raw EMG, have it filtered and rectified"
        )
