"""The residual of eq. (14) in closed form and its exact Jacobian, compiled and fused: one pass over the samples.

The same definition as :mod:`benchmark.problem.residual`, which a test holds it equal to. A sample gives the torques
W'e, (m,), and V = C^(1/2)' Mbar W, (5, m), both affine in the standard inertial parameters; with L L' = V'V the
residual is r = L^-1 W'e. With dS = dV'V + V'dV, dL is L times the lower triangle of L^-1 dS L^-T with half its
diagonal, so that a row of the Jacobian is a row of weights on the sample's regressors.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.compiled import compiled_sums
from benchmark.model.scan import SHARED_COUNT
from benchmark.problem.residual import SMALLEST_PIVOT

Array = NDArray[np.float64]


@compiled_sums
def residual_rows(regressor: Any, known: Any, standard: Any, arms: Any, force: Any) -> Any:
    """Residual rows (rad/s2), (m, T).

    Parameters
    ----------
    regressor, known
        W'e without muscles, m rows, and V, 5 m rows, row by row of V, over the standard parameters: (T, 6 m, 30), and
        what is known of them, (T, 6 m).
    standard
        Standard parameters, (30,).
    arms
        W'R, (T, m, n), in m.
    force
        Muscle forces (N), (T, n).
    """
    samples, m, _ = arms.shape
    linear, inverse = np.empty(known.shape[1]), np.zeros((m, m))
    out = np.empty((m, samples))
    for t in range(samples):
        _linear(regressor[t], known[t], standard, arms[t], force[t], linear)
        _inverse_factor(linear, inverse)
        for i in range(m):
            out[i, t] = _row_dot(inverse, linear, i)
    return out


@compiled_sums
def residual_and_jacobian(
    regressor: Any,
    known: Any,
    standard: Any,
    by_bones: Any,
    arms: Any,
    force: Any,
    partials: Any,
    free: Any,
    weight: float,
) -> Any:
    """Weighted residual, (m T,), and its Jacobian, (m T, bones + free columns).

    Parameters
    ----------
    regressor, known, standard, arms
        As for :func:`residual_rows`.
    by_bones
        Derivatives of the standard parameters with respect to the bone parameters that have a column, (30, bones).
    force
        Muscle forces (N), (T, n).
    partials
        Their derivatives, (T, kinds + 5, n): by a muscle's own parameters, a kind a row, and by the shared ones.
    free
        Which of the kinds n muscle parameters, kind by kind, and 5 shared parameters have a column.
    weight
        Factor of the residual.
    """
    samples, m, muscles = arms.shape
    rows, standards = regressor.shape[1:]
    bones = by_bones.shape[1]
    linear, gain, by_standard, torque = np.empty(rows), np.empty(rows), np.empty(standards), np.empty(muscles)
    inverse, basis = np.zeros((m, m)), np.empty((rows // m - 1, m))
    inverse_sum, basis_sum = np.empty(m), np.empty(rows // m - 1)
    by_muscles = np.empty((partials.shape[1] - SHARED_COUNT) * muscles + SHARED_COUNT)
    residual = np.empty(m * samples)
    jacobian = np.empty((m * samples, bones + len(free)))
    for t in range(samples):
        _linear(regressor[t], known[t], standard, arms[t], force[t], linear)
        _inverse_factor(linear, inverse)
        _basis(linear, inverse, basis)
        inverse_sum[:], basis_sum[:] = 0.0, 0.0
        for i in range(m):
            row = i * samples + t
            r = _row_dot(inverse, linear, i)
            residual[row] = weight * r
            _gains(inverse, basis, inverse_sum, basis_sum, i, r, weight, gain)
            _weighted_rows(gain, regressor[t], by_standard)
            _weighted_rows(by_standard, by_bones, jacobian[row, :bones])
            _weighted_rows(gain[: i + 1], arms[t, : i + 1], torque)
            _muscle_columns(torque, partials[t], by_muscles)
            for q in range(len(free)):
                jacobian[row, bones + q] = by_muscles[free[q]]
            for k in range(m):
                inverse_sum[k] += r * inverse[i, k]
            for c in range(len(basis)):
                basis_sum[c] += r * basis[c, i]
    return residual, jacobian


@compiled_sums
def _weighted_rows(weights: Any, matrix: Any, out: Any) -> None:
    """Sum of the matrix's rows, each with its weight."""
    out[:] = 0.0
    for j in range(len(weights)):
        for q in range(len(out)):
            out[q] += weights[j] * matrix[j, q]


@compiled_sums
def _linear(regressor: Any, known: Any, standard: Any, arms: Any, force: Any, linear: Any) -> None:
    """W'e and V of a sample, one after the other."""
    for j in range(len(linear)):
        total = known[j]
        for q in range(len(standard)):
            total += regressor[j, q] * standard[q]
        linear[j] = total
    for k in range(len(arms)):
        for n in range(len(force)):
            linear[k] -= arms[k, n] * force[n]


@compiled_sums
def _inverse_factor(linear: Any, inverse: Any) -> None:
    """The inverse of the Cholesky factor L of V'V, row by row."""
    m = len(inverse)
    factor = np.zeros((m, m))
    for i in range(m):
        for j in range(i + 1):
            total = 0.0
            for c in range(m, len(linear), m):
                total += linear[c + i] * linear[c + j]
            square = total
            for k in range(j):
                total -= factor[i, k] * factor[j, k]
            factor[i, j] = math.sqrt(max(total, SMALLEST_PIVOT * square)) if i == j else total / factor[j, j]
        for j in range(i):
            total = 0.0
            for k in range(j, i):
                total -= factor[i, k] * inverse[k, j]
            inverse[i, j] = total / factor[i, i]
        inverse[i, i] = 1.0 / factor[i, i]


@compiled_sums
def _row_dot(inverse: Any, values: Any, i: int) -> float:
    total = 0.0
    for k in range(i + 1):
        total += inverse[i, k] * values[k]
    return total


@compiled_sums
def _basis(linear: Any, inverse: Any, basis: Any) -> None:
    """V L^-T, whose columns are orthonormal."""
    m = len(inverse)
    for c in range(len(basis)):
        for i in range(m):
            basis[c, i] = _row_dot(inverse, linear[m * (c + 1) :], i)


@compiled_sums
def _gains(
    inverse: Any, basis: Any, inverse_sum: Any, basis_sum: Any, i: int, r: float, weight: float, gain: Any
) -> None:
    """Weights of a sample's torques and of V's entries in row i of the Jacobian.

    `inverse_sum` and `basis_sum` are the rows of L^-1 and columns of V L^-T before i, times their residuals.
    """
    m = len(inverse)
    for k in range(m):
        gain[k] = weight * inverse[i, k]
        for c in range(len(basis)):
            lower = basis[c, i] * (inverse_sum[k] + r * inverse[i, k])
            gain[m * (c + 1) + k] = -weight * (lower + basis_sum[c] * inverse[i, k])


@compiled_sums
def _muscle_columns(torque: Any, partials: Any, out: Any) -> None:
    """Derivatives of a row with respect to muscle and shared parameters.

    `torque` is the row's derivative with respect to minus the forces.
    """
    muscles, kinds = len(torque), len(partials) - SHARED_COUNT
    for kind in range(kinds):
        for n in range(muscles):
            out[kind * muscles + n] = -torque[n] * partials[kind, n]
    for j in range(SHARED_COUNT):
        total = 0.0
        for n in range(muscles):
            total -= torque[n] * partials[kinds + j, n]
        out[kinds * muscles + j] = total
