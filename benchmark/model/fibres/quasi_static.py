"""The elastic-tendon fibre state sample by sample, as CEINMS has it: no course in time, and so no state to carry.

The reach at which fibre and tendon force are equal at rest gives, by a cubic spline through its samples, a rate; the
reach at which they are equal at that rate is the result, with that rate. Going on so would diverge: an iteration
multiplies fast changes by their frequency times the fibre's own time constant.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from benchmark.model.compiled import compiled
from benchmark.model.fibres.balance import row
from benchmark.model.fibres.rest import balanced
from benchmark.model.fibres.rigid import rigid_reach
from benchmark.model.fibres.sampled import COLUMNS, write_state

Array = NDArray[np.float64]


def frame_by_frame(path: Any, drive: Any, muscles: Any, rigid: Any, tables: Any, out: Any) -> None:
    """Fill in the states of the fibres over a recording, each sample for itself but for the rate.

    Parameters
    ----------
    path, drive, muscles, rigid, tables, out
        As for :func:`benchmark.model.fibres.dynamic.march`.
    """
    columns = COLUMNS if len(out[5]) else 0
    shape = (*path[0].shape, columns)
    at_rest = _reaches(np.zeros(shape[:2]), np.zeros(shape), path, drive, muscles, rigid, tables, out[7])
    rate, by_rate = (_time_derivative(values, path[2]) for values in at_rest)
    reach, by_reach = _reaches(rate, by_rate, path, drive, muscles, rigid, tables, out[7])
    _write(reach, by_reach, rate, by_rate, path, drive, muscles, rigid, tables, out)


def _time_derivative(values: Array, sample_time: float) -> Array:
    """Slopes at the samples of the cubic splines through `values`, along the first axis."""
    if values.size == 0 or len(values) < 2:
        return np.zeros_like(values)
    time = sample_time * np.arange(len(values))
    return np.ascontiguousarray(CubicSpline(time, values)(time, 1))


@compiled
def _reaches(
    rate: Any, by_rate: Any, path: Any, drive: Any, muscles: Any, rigid: Any, tables: Any, unsolved: Any
) -> Any:
    """Reaches (m) at given rates, (T, n), and their derivatives by column, (T, n, 9)."""
    reach, by_reach = np.zeros_like(rate), np.zeros_like(by_rate)
    for k in range(len(rate)):
        for i in range(len(muscles)):
            if not rigid[i]:
                a, at = drive[0][k, i], path[0][k, i]
                motion, slope = (rate[k, i], by_rate[k, i]), drive[1][k if len(drive[1]) else 0, :, i]
                reach[k, i], solved = balanced(motion, a, slope, at, row(muscles, i), tables, by_reach[k, i])
                unsolved[i] += not solved
    return reach, by_reach


@compiled
def _write(
    reach: Any,
    by_reach: Any,
    rate: Any,
    by_rate: Any,
    path: Any,
    drive: Any,
    muscles: Any,
    rigid: Any,
    tables: Any,
    out: Any,
) -> None:
    for k in range(len(rate)):
        for i in range(len(muscles)):
            s, speed = reach[k, i], rate[k, i]
            if rigid[i]:
                s, speed = rigid_reach(path[0][k, i], path[1][k, i], row(muscles, i), by_reach[k, i])
            motion = (s, speed, by_reach[k, i], by_rate[k, i])
            write_state(k, i, motion, path, drive, row(muscles, i), rigid[i], tables, out)
