"""The elastic-tendon fibre state sample by sample, as CEINMS has it: no course in time, and so no state to carry.

The reach at which fibre and tendon force are equal at rest gives, by a cubic spline through its samples, a rate; the
reach at which they are equal at that rate is the result, with that rate. Going on so would diverge: an iteration
multiplies fast changes by their frequency times the fibre's own time constant.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmark.model.compiled import compiled
from benchmark.model.fibres.balance import row
from benchmark.model.fibres.rest import UNKNOWN, balanced
from benchmark.model.fibres.rigid import rigid_reach
from benchmark.model.fibres.sampled import FIRST_SHARED, write_state
from benchmark.model.fibres.time_derivative import spline_slopes


def frame_by_frame(path: Any, drive: Any, muscles: Any, rigid: Any, tables: Any, out: Any) -> None:
    """Fill in the states of the fibres over a recording, each sample for itself but for the rate.

    Parameters
    ----------
    path, drive, muscles, rigid, tables, out
        As for :func:`benchmark.model.fibres.dynamic.march`.
    """
    columns = FIRST_SHARED + drive[1].shape[1] if len(out[5]) else 0
    still, unknown = np.zeros((*path[0].shape, columns)), np.full(path[0].shape, UNKNOWN)
    at_rest = _reaches(unknown, np.zeros(path[0].shape), still, path, drive, muscles, rigid, tables, out[7])
    slopes = spline_slopes(len(path[0]), path[2])
    rate, by_rate = ((slopes @ values.reshape(len(slopes), -1)).reshape(values.shape) for values in at_rest)
    reach, by_reach = _reaches(at_rest[0], rate, by_rate, path, drive, muscles, rigid, tables, out[7])
    _write(reach, by_reach, rate, by_rate, path, drive, muscles, rigid, tables, out)


@compiled
def _reaches(
    guess: Any, rate: Any, by_rate: Any, path: Any, drive: Any, muscles: Any, rigid: Any, tables: Any, unsolved: Any
) -> Any:
    """Reaches (m) at given rates, (T, n), and their derivatives by column, (T, n, 4 + k).

    Where there is no guess, the sample before leaves one: the tendon keeps its length.
    """
    reach, by_reach = np.zeros_like(rate), np.zeros_like(by_rate)
    for i in range(len(muscles)):
        muscle = row(muscles, i)
        for k in range(0 if rigid[i] else len(rate)):
            a, at, first = drive[0][k, i], path[0][k, i], guess[k, i]
            if k > 0 and first == UNKNOWN:
                first = reach[k - 1, i] + at - path[0][k - 1, i]
            motion, slope = (rate[k, i], by_rate[k, i]), drive[1][k if len(by_reach[k, i]) else 0, :, i]
            reach[k, i], solved = balanced(first, motion, a, slope, at, muscle, tables, by_reach[k, i])
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
