"""Balance of a fibre whose reach has a known rate: at rest, or moving as a first estimate has it, compiled."""

from __future__ import annotations

import math
from typing import Any

from benchmark.model.compiled import compiled, inlined
from benchmark.model.contraction import MAXIMUM_SINE
from benchmark.model.fibres.balance import MINIMUM_COSINE, solve
from benchmark.model.fibres.sampled import TENDON_COLUMN, by_column

UNKNOWN = math.inf  # where the balance is sought from the reach that leaves the tendon just taut


@inlined
def _shortest_reach(muscle: Any, tables: Any) -> Any:
    """Reach (m) of the fibre at which its active force begins, with its cosine and sine."""
    length, height = tables[0][0] * muscle[1], muscle[1] * muscle[3]
    if height < MAXIMUM_SINE * length:
        sine = height / length
        cosine = math.sqrt(1.0 - sine * sine)
        return cosine * length, cosine, sine
    return (length - MAXIMUM_SINE * height) / MINIMUM_COSINE, MINIMUM_COSINE, MAXIMUM_SINE


@compiled
def balanced(
    guess: float, motion: Any, a: float, by_activation: Any, path: float, muscle: Any, tables: Any, by_s: Any
) -> Any:
    """Reach (m) at which fibre and tendon force are equal while it changes at a known rate, and whether it was found.

    It lies between the shortest fibre that is active and the one that leaves the tendon just taut. Where there is no
    balance, it is the shortest active fibre if its tendon is slack, or else the one that leaves the tendon just taut.

    Parameters
    ----------
    guess
        Reach (m) to try first, or :data:`UNKNOWN`.
    motion
        Rate of the reach (m/s) and its derivatives by column, (4 + k,).
    a, by_activation
        Activation and its derivatives with respect to the shared parameters, (k,).
    path, muscle, tables
        As for :func:`benchmark.model.fibres.balance.solve`.
    by_s
        Derivatives of the reach by column, (4 + k,) to be filled in, or (0,).
    """
    rate, by_rate = motion
    shortest, cosine, sine = _shortest_reach(muscle, tables)
    taut = path - muscle[5]
    by_s[:] = 0.0
    if taut <= shortest:
        if len(by_s):
            by_s[0] = (tables[0][0] - sine * muscle[3]) / cosine
            by_s[2] = -sine * muscle[1] * muscle[4] / cosine
        return shortest, True
    s, fibre, tendon, solved = solve(min(guess, taut), (shortest, taut), (rate, 0.0), a, path, muscle, tables)
    if fibre[1][0] < 0.0:
        if len(by_s):
            by_s[TENDON_COLUMN] = -1.0
        return taut, True
    slope = fibre[1][1] - tendon[1]
    if slope > 0.0:
        for q in range(len(by_s)):
            moved = by_column(q, fibre, -tendon[2], by_activation) + fibre[1][2] * by_rate[q]
            by_s[q] = -moved / slope
    return s, solved
