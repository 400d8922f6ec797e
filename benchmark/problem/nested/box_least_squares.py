"""Least squares within bounds, a small problem a sample, compiled: what is found anew at every point of a search.

The active-set method of Stark and Parker (1995, *Computational Statistics* 10, 129-141): some unknowns are free, the
others at a bound. The free ones go to their least-squares solution, or as far as the first bound on the way, which then
holds; once they are there, the unknown whose bound holds back the most is let go. Columns that depend on others stay
where they are, so that of many solutions one is taken, and always the same.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.compiled import compiled_sums

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

DEPENDENT = 1e-8  # a column of which less is left once the others are taken out depends on them
HOLDS = 1e-12  # a bound is let go of for a slope beyond this share of the largest that there could be
MOST_CHANGES = 20  # of the active set, an unknown


@compiled_sums
def box_least_squares(columns: Any, target: Any, lower: Any, upper: Any) -> Any:
    """Solutions, (T, n), of min |target - columns z|^2 with lower <= z <= upper, and which unknowns are free, (T, n).

    Parameters
    ----------
    columns
        (T, r, n).
    target
        (T, r).
    lower, upper
        (T, n).
    """
    samples, rows, count = columns.shape
    solution, free = np.empty((samples, count)), np.ones((samples, count), dtype=np.bool_)
    basis, triangle = np.empty((count, rows)), np.empty((count, count))
    order, goal = np.empty(count, dtype=np.int64), np.empty(count)
    left, scale = np.empty(rows), np.empty(count)
    for t in range(samples):
        z, is_free = solution[t], free[t]
        for i in range(count):
            z[i] = min(max(0.0, lower[t, i]), upper[t, i])
        _lengths(columns[t], scale)
        size = 0.0
        for k in range(rows):
            size += target[t, k] ** 2
        size = math.sqrt(size)
        for _ in range(MOST_CHANGES * count):
            _unconstrained(columns[t], target[t], z, is_free, scale, basis, triangle, order, goal, left)
            if advance(z, goal, is_free, lower[t], upper[t]):
                continue
            if not _release(columns[t], target[t], z, is_free, lower[t], upper[t], scale, HOLDS * size, left):
                break
    return solution, free


@compiled_sums
def project_out(columns: Any, free: Any, jacobian: Any) -> None:
    """Take out of a Jacobian, (r T, p), row by row over samples, what the free columns of each sample imitate."""
    samples, rows, count = columns.shape
    parameters = jacobian.shape[1]
    basis, triangle = np.empty((count, rows)), np.empty((count, count))
    order, scale, along = np.empty(count, dtype=np.int64), np.empty(count), np.empty(parameters)
    for t in range(samples):
        _lengths(columns[t], scale)
        rank = _orthonormal(columns[t], free[t], scale, basis, triangle, order)
        for j in range(rank):
            along[:] = 0.0
            for k in range(rows):
                weight = basis[j, k]
                if weight != 0.0:
                    for q in range(parameters):
                        along[q] += weight * jacobian[k * samples + t, q]
            for k in range(rows):
                weight = basis[j, k]
                if weight != 0.0:
                    for q in range(parameters):
                        jacobian[k * samples + t, q] -= weight * along[q]


@compiled_sums
def _lengths(columns: Any, scale: Any) -> None:
    """Euclidean norms of the columns, into `scale`."""
    rows, count = columns.shape
    for i in range(count):
        total = 0.0
        for k in range(rows):
            total += columns[k, i] ** 2
        scale[i] = math.sqrt(total)


@compiled_sums
def _orthonormal(columns: Any, free: Any, scale: Any, basis: Any, triangle: Any, order: Any) -> int:
    """Orthonormal rows of `basis` that span the free columns, and how each is made up of them; returns their number.

    Each column is made orthogonal twice, which rounding does not spoil.
    """
    rows, count = columns.shape
    rank = 0
    for i in range(count):
        if not free[i] or scale[i] == 0.0:
            continue
        for k in range(rows):
            basis[rank, k] = columns[k, i]
        for j in range(rank):
            triangle[j, rank] = 0.0
        for _ in range(2):
            for j in range(rank):
                share = 0.0
                for k in range(rows):
                    share += basis[j, k] * basis[rank, k]
                triangle[j, rank] += share
                for k in range(rows):
                    basis[rank, k] -= share * basis[j, k]
        total = 0.0
        for k in range(rows):
            total += basis[rank, k] ** 2
        length = math.sqrt(total)
        if length <= DEPENDENT * scale[i]:
            continue
        for k in range(rows):
            basis[rank, k] /= length
        triangle[rank, rank] = length
        order[rank] = i
        rank += 1
    return rank


@compiled_sums
def _unconstrained(
    columns: Any,
    target: Any,
    z: Any,
    free: Any,
    scale: Any,
    basis: Any,
    triangle: Any,
    order: Any,
    goal: Any,
    left: Any,
) -> None:
    """Where the free unknowns would go if nothing held them, into `goal`; all others stay."""
    rows, count = columns.shape
    rank = _orthonormal(columns, free, scale, basis, triangle, order)
    _residual(columns, target, z, left)
    for i in range(count):
        goal[i] = z[i]
    for j in range(rank - 1, -1, -1):
        share = 0.0
        for k in range(rows):
            share += basis[j, k] * left[k]
        for m in range(j + 1, rank):
            share -= triangle[j, m] * (goal[order[m]] - z[order[m]])
        goal[order[j]] = z[order[j]] + share / triangle[j, j]


@compiled_sums
def advance(z: Any, goal: Any, free: Any, lower: Any, upper: Any) -> bool:
    """Go towards the goal, to the first bound on the way; whether there was one."""
    reach, first = 1.0, -1
    for i in range(len(z)):
        if free[i] and (goal[i] < lower[i] or goal[i] > upper[i]):
            bound = lower[i] if goal[i] < lower[i] else upper[i]
            share = (bound - z[i]) / (goal[i] - z[i])
            if share < reach or first < 0:
                reach, first = share, i
    for i in range(len(z)):
        if free[i]:
            z[i] += reach * (goal[i] - z[i])
    if first >= 0:
        z[first] = lower[first] if goal[first] < lower[first] else upper[first]
        free[first] = False
    return first >= 0


@compiled_sums
def _release(
    columns: Any, target: Any, z: Any, free: Any, lower: Any, upper: Any, scale: Any, size: float, left: Any
) -> bool:
    """Let go of the bound that holds back the most; whether there was one."""
    rows, count = columns.shape
    _residual(columns, target, z, left)
    steepest, which = 0.0, -1
    for i in range(count):
        if free[i] or lower[i] == upper[i]:
            continue
        slope = 0.0
        for k in range(rows):
            slope += columns[k, i] * left[k]
        inwards = slope if z[i] == lower[i] else -slope
        if inwards > size * scale[i] and inwards / scale[i] > steepest:
            steepest, which = inwards / scale[i], i
    if which >= 0:
        free[which] = True
    return which >= 0


@compiled_sums
def _residual(columns: Any, target: Any, z: Any, left: Any) -> None:
    rows, count = columns.shape
    for k in range(rows):
        total = target[k]
        for i in range(count):
            total -= columns[k, i] * z[i]
        left[k] = total
