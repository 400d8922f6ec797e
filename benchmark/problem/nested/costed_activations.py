"""Least squares within bounds where each unknown has a cost of its own, a small problem a sample, compiled.

min |target - columns z|^2 + |costs (z - centre)|^2 with 0 <= z <= 1. The costs make every unknown determined, and with
m rows and some free unknowns F the solution takes a system of m equations alone, whatever the number of unknowns:

    (I + columns_F costs_F^-2 columns_F') left = target - columns_F centre_F - columns_held z_held

with left = target - columns z. Its matrix L L' gives the residual of the nested problem as well: L^-1 times the right
side has the squares of everything that the free unknowns leave, their costs included. Bounds are found by the active
set, as in :mod:`benchmark.problem.nested.box_least_squares`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmark.model.compiled import compiled_sums
from benchmark.problem.nested.box_least_squares import HOLDS, MOST_CHANGES, advance


@compiled_sums
def costed_activations(columns: Any, target: Any, costs: Any, centre: Any) -> Any:
    """Solutions, (T, n), and which unknowns are free, (T, n).

    Parameters
    ----------
    columns
        (T, m, n).
    target
        (T, m).
    costs
        (n,), none of them zero.
    centre
        Where an unknown costs nothing, (T, n), between 0 and 1.
    """
    samples, m, count = columns.shape
    solution, free = centre.copy(), np.ones((samples, count), dtype=np.bool_)
    factor, left, goal = np.zeros((m, m)), np.empty(m), np.empty(count)
    none, full = np.zeros(count), np.ones(count)
    for t in range(samples):
        z, is_free = solution[t], free[t]
        for _ in range(MOST_CHANGES * count):
            _left(columns[t], target[t], costs, centre[t], z, is_free, factor, left)
            for i in range(count):
                along = 0.0
                for k in range(m):
                    along += columns[t, k, i] * left[k]
                goal[i] = centre[t, i] + along / costs[i] ** 2 if is_free[i] else along
            if advance(z, goal, is_free, none, full):
                continue
            if not _release(z, goal, is_free, costs, centre[t], left, columns[t]):
                break
    return solution, free


@compiled_sums
def weigh(columns: Any, free: Any, costs: Any, residual: Any, jacobian: Any) -> None:
    """Multiply by L^-1, sample by sample, a residual, (m T,), and its Jacobian, (m T, p), row by row over samples."""
    samples, m = columns.shape[:2]
    factor = np.zeros((m, m))
    for t in range(samples):
        _factor(columns[t], free[t], costs, factor)
        for i in range(m):
            row = jacobian[i * samples + t]
            for k in range(i):
                share, other = factor[i, k], jacobian[k * samples + t]
                for q in range(len(row)):
                    row[q] -= share * other[q]
                residual[i * samples + t] -= share * residual[k * samples + t]
            for q in range(len(row)):
                row[q] /= factor[i, i]
            residual[i * samples + t] /= factor[i, i]


@compiled_sums
def _factor(columns: Any, free: Any, costs: Any, factor: Any) -> None:
    """L of I + columns_F costs_F^-2 columns_F'."""
    m, count = columns.shape
    for i in range(m):
        for j in range(i + 1):
            total = 1.0 if i == j else 0.0
            for n in range(count):
                if free[n]:
                    total += columns[i, n] * columns[j, n] / costs[n] ** 2
            for k in range(j):
                total -= factor[i, k] * factor[j, k]
            factor[i, j] = math.sqrt(total) if i == j else total / factor[j, j]


@compiled_sums
def _left(columns: Any, target: Any, costs: Any, centre: Any, z: Any, free: Any, factor: Any, left: Any) -> None:
    """Target - columns z once the free unknowns are where they would go, (m,)."""
    m, count = columns.shape
    _factor(columns, free, costs, factor)
    for i in range(m):
        total = target[i]
        for n in range(count):
            total -= columns[i, n] * (centre[n] if free[n] else z[n])
        for k in range(i):
            total -= factor[i, k] * left[k]
        left[i] = total / factor[i, i]
    for i in range(m - 1, -1, -1):
        for k in range(i + 1, m):
            left[i] -= factor[k, i] * left[k]
        left[i] /= factor[i, i]


@compiled_sums
def _release(z: Any, along: Any, free: Any, costs: Any, centre: Any, left: Any, columns: Any) -> bool:
    """Let go of the bound that holds back the most; whether there was one."""
    steepest, which = 0.0, -1
    for i in range(len(z)):
        if free[i]:
            continue
        slope, size = along[i] + costs[i] ** 2 * (centre[i] - z[i]), costs[i] ** 2
        for k in range(len(left)):
            size += abs(columns[k, i] * left[k])
        inwards = slope if z[i] == 0.0 else -slope
        if inwards > HOLDS * size and inwards / size > steepest:
            steepest, which = inwards / size, i
    if which >= 0:
        free[which] = True
    return which >= 0
