"""Joint angles of a table: in rad, smoothed, with their velocities and accelerations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import make_interp_spline

from datasets.laboratory.files.table import Table, coordinate_column
from datasets.laboratory.files.text import LaboratoryError, shown
from datasets.laboratory.signals.sampling import (
    Array,
    check_filter,
    is_equally_sampled,
    mean_rate_hz,
    times_within,
    zero_lag,
)

DEGREE = 5  # of the spline: its second derivative, the acceleration, is smooth itself
FULL_TURN = 2.0 * math.pi  # no joint of an arm goes so far; an angle in degrees does nearly always
HALF_TURN = math.pi  # angles in rad stay within it
LEAST_MOVEMENT = 0.5  # of one coordinate at least: 29 degrees if it is in rad, an arm at rest if it is in degrees


@dataclass(frozen=True)
class MotionSettings:
    """How a motion is smoothed.

    Attributes
    ----------
    cutoff_hz
        Where the low-pass has -3 dB (Hz); None for no low-pass.
    order
        Of the zero-lag Butterworth filter as a whole, even.
    """

    cutoff_hz: float | None = 6.0
    order: int = 4

    def __post_init__(self) -> None:
        check_filter(self.cutoff_hz, self.order, "the motion's low-pass")


def smooth_motion(time_s: Array, position: Array, at_s: Array, settings: MotionSettings) -> tuple[Array, Array, Array]:
    """Smooth a motion and differentiate it twice.

    A zero-lag low-pass (:func:`datasets.laboratory.signals.sampling.zero_lag`; Winter, Biomechanics and Motor Control
    of Human Movement), then an interpolating quintic spline with not-a-knot ends, which is differentiated. Unequally
    sampled motions are resampled with such a spline before they are filtered. The filter knows nothing of what comes
    before and after the motion: accelerations within a period of the cut-off frequency of the ends are not to be
    trusted, and those at the ends themselves are off by some 30 %. Leave these times out of `at_s`.

    Parameters
    ----------
    time_s
        The motion's times (s), (T,), increasing, six or more.
    position
        Joint angles (rad), (T, n).
    at_s
        Times that the result is for (s), (S,), within those of the motion.
    settings
        The filter.

    Returns
    -------
    tuple
        Position (rad), velocity (rad/s) and acceleration (rad/s2), each (S, n).

    Raises
    ------
    LaboratoryError
        If the motion is too short for the spline or the filter's padding, the cut-off frequency is not below half the
        sampling rate, or `at_s` reaches beyond the motion.
    """
    if time_s.size <= DEGREE:
        raise LaboratoryError(
            f"the motion: has {time_s.size} samples, expected {DEGREE + 1} or more for "
            f"a quintic spline; export all of it"
        )
    within_s = times_within(time_s, at_s, "the motion")
    if settings.cutoff_hz is not None:
        equal_s = np.linspace(time_s[0], time_s[-1], time_s.size)
        if not is_equally_sampled(time_s):
            position = make_interp_spline(time_s, position, k=DEGREE)(equal_s)
        time_s = equal_s
        position = zero_lag(position, mean_rate_hz(time_s), settings.cutoff_hz, settings.order, "the motion")
    spline = make_interp_spline(time_s, position, k=DEGREE)
    return spline(within_s), spline(within_s, 1), spline(within_s, 2)


def angles_rad(table: Table, coordinates: Sequence[str]) -> Array:
    """Joint angles (rad), (T, n), of coordinates, with a check of the unit that the file's header states.

    An angle beyond a full turn cannot be in rad. If no angle of any coordinate, said to be in degrees, is beyond pi,
    and yet one of them changes by 0.5 or more, the angles are in rad: in degrees that were an arm that stays straight
    at its side but for a sway. Arms at rest pass in either unit, as do movements of less than 0.5 rad said to be in
    degrees.

    Parameters
    ----------
    table
        Of angles in the unit that its header states.
    coordinates
        Names of the coordinates, all of them angles.

    Raises
    ------
    LaboratoryError
        If a coordinate has no column, or the unit cannot be the one stated.
    """
    columns = [coordinate_column(table, coordinate) for coordinate in coordinates]
    angles = np.column_stack([table.column(column) for column in columns])
    row, index = (int(found) for found in np.unravel_index(np.abs(angles).argmax(), angles.shape))
    largest = f"line {table.line(row)}, column {shown(columns[index])} is {angles[row, index]:g}"
    if not table.in_degrees and abs(angles[row, index]) > FULL_TURN:
        raise LaboratoryError(
            f"{table.path}: {largest}, expected at most 2 pi, as the header says radians (inDegrees=no, or nothing); "
            f"if the angles are in degrees, put inDegrees=yes in the header"
        )
    if table.in_degrees and abs(angles[row, index]) <= HALF_TURN and np.ptp(angles, axis=0).max() >= LEAST_MOVEMENT:
        raise LaboratoryError(
            f"{table.path}: {largest}, the largest angle of a movement that the header says is in degrees "
            f"(inDegrees=yes), expected larger ones; if the angles are in radians, put inDegrees=no in the header"
        )
    return np.radians(angles) if table.in_degrees else angles
