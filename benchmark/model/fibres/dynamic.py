"""The elastic-tendon fibre state as a course in time: implicit steps over a recording, with exact sensitivities.

A singly diagonally implicit Runge-Kutta method, L-stable and of third order (Alexander 1977), goes from sample to
sample in the reach s of :mod:`benchmark.model.fibres.balance`: a stage solves the balance with ds/dt = (s - b) / r,
where b holds the stages before it and r is the method's diagonal times the step. The solved stages, differentiated,
give the sensitivities of the discrete states.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmark.model.compiled import compiled, inlined
from benchmark.model.fibres.balance import row, solve
from benchmark.model.fibres.between_samples import activation_between, length_between, relaxation
from benchmark.model.fibres.rest import UNKNOWN, balanced
from benchmark.model.fibres.rigid import rigid_reach
from benchmark.model.fibres.sampled import FIRST_SHARED, by_column, write_state
from benchmark.model.scan import SHARED_COUNT

DIAGONAL = 0.435866521508459  # the root of x^3 - 3 x^2 + 3 x / 2 - 1 / 6 that makes the method L-stable
NODES = np.array([DIAGONAL, 0.5 * (1.0 + DIAGONAL), 1.0])
WEIGHTS = np.array(
    [
        [DIAGONAL, 0.0, 0.0],
        [0.5 * (1.0 - DIAGONAL), DIAGONAL, 0.0],
        [-1.5 * DIAGONAL**2 + 4.0 * DIAGONAL - 0.25, 1.5 * DIAGONAL**2 - 5.0 * DIAGONAL + 1.25, DIAGONAL],
    ]
)
STAGES = len(NODES)
COLUMNS = FIRST_SHARED + SHARED_COUNT
FASTEST = 10.0  # v_max over the smallest cosine of the pennation: against no force does a reach shorten faster


@compiled
def march(path: Any, drive: Any, muscles: Any, rigid: Any, tables: Any, out: Any) -> None:
    """Fill in the states of the fibres over a recording, from equilibrium at rest at its first sample.

    Parameters
    ----------
    path, drive, rigid, tables, out
        As for :func:`benchmark.model.fibres.sampled.write_state`, `rigid` of all muscles.
    muscles
        Constants of the muscles, see :func:`benchmark.model.fibres.balance.constants`.
    """
    for i in range(len(muscles)):
        _course(i, path, drive, row(muscles, i), rigid[i], tables, out)


@compiled
def _course(i: int, path: Any, drive: Any, muscle: Any, rigid: bool, tables: Any, out: Any) -> None:
    """Fill in the states of one muscle."""
    columns = COLUMNS if len(out[5]) else 0
    by_s, by_rate, by_a = np.zeros(columns), np.zeros(columns), np.zeros(drive[1].shape[1])
    room = (np.zeros(STAGES), np.zeros((STAGES, columns)), np.zeros(columns), by_a)
    rate, point = 0.0, (0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    for k in range(len(path[0])):
        a, at = drive[0][k, i], path[0][k, i]
        if rigid:
            s, rate = rigid_reach(at, path[1][k, i], muscle, by_s)
        elif k == 0:
            by_a[:] = drive[1][0, :, i]
            s, solved = balanced(UNKNOWN, (0.0, by_rate), a, by_a, at, muscle, tables, by_s)
            out[7][i] += not solved
            point = (s, 0.0, a, at, 1.0, 0.0, 0.0, 0.0)
        else:
            point, unsolved = _step(k, i, point, path, drive, muscle, tables, by_s, room)
            s, rate = point[0], point[1]
            by_rate[:] = room[1][STAGES - 1]
            out[7][i] += unsolved
        write_state(k, i, (s, rate, by_s, by_rate), path, drive, muscle, rigid, tables, out)


@inlined
def _step(
    k: int, i: int, point: Any, path: Any, drive: Any, muscle: Any, tables: Any, by_s: Any, room: Any
) -> tuple[Any, int]:
    """From sample k - 1 to sample k: the point solved last, and how many stages were not solved.

    A point is a reach and its rate, the activation and path length there, and the derivatives of the balance by these
    four. `room` holds the stages' rates and their derivatives, and two rows for use in between.
    """
    rates, by_rates, by_start, by_a = room
    first, last = drive[0][k - 1, i], drive[0][k, i]
    lengths, velocities = (path[0][k - 1, i], path[0][k, i]), (path[1][k - 1, i], path[1][k, i])
    step, exponent = path[2], relaxation(first, last, drive[2], path[2])
    start, per_reach, unsolved = point[0], 1.0 / (step * DIAGONAL), 0
    by_start[:] = by_s
    for stage in range(STAGES):
        base = start
        for j in range(stage):
            base += step * WEIGHTS[stage, j] * rates[j]
        a = activation_between(NODES[stage], first, last, exponent)
        at = length_between(NODES[stage], lengths, velocities, step)
        bracket = (min(base, 0.0) - FASTEST * muscle[2] / per_reach, max(base, at - muscle[5]))
        guess, motion = _predicted(point, base, per_reach, a[0], at), (-base * per_reach, per_reach)
        s, fibre, tendon, solved = solve(guess, bracket, motion, a[0], at, muscle, tables)
        unsolved += not solved
        rates[stage] = (s - base) * per_reach
        point = (s, rates[stage], a[0], at, fibre[1][1] - tendon[1], fibre[1][2], fibre[1][3], tendon[1])
        if len(by_s):
            for j in range(SHARED_COUNT):
                by_a[j] = a[1] * drive[1][k - 1, j, i] + a[2] * drive[1][k, j, i]
            by_a[3] += a[3]
            by_a[4] += a[4]
            _differentiate(stage, step, per_reach, fibre, tendon, by_a, by_start, by_rates, by_s)
    return point, unsolved


@inlined
def _predicted(point: Any, base: float, per_reach: float, a: float, at: float) -> Any:
    """Reach at which the balance, linear around the point solved before, is zero with ds/dt = (s - b) / r."""
    moved = point[6] * (a - point[2]) + point[7] * (at - point[3])
    moved += point[5] * ((point[0] - base) * per_reach - point[1])
    return point[0] - moved / (point[4] + point[5] * per_reach)


@inlined
def _differentiate(
    stage: int,
    step: float,
    per_reach: float,
    fibre: Any,
    tendon: Any,
    by_a: Any,
    by_start: Any,
    by_rates: Any,
    by_s: Any,
) -> None:
    """Derivatives by column of a solved stage's reach and rate, in place."""
    damping = fibre[1][2] * per_reach
    flexibility = 1.0 / (fibre[1][1] + damping - tendon[1])
    for q in range(COLUMNS):
        by_base = by_start[q]
        for j in range(stage):
            by_base += step * WEIGHTS[stage, j] * by_rates[j, q]
        by_s[q] = (damping * by_base - by_column(q, fibre, -tendon[2], by_a)) * flexibility
        by_rates[stage, q] = (by_s[q] - by_base) * per_reach
