"""The exact Jacobian of stage one's residual, assembled from compiled parts.

Bones enter through the regressors, muscles through their forces' partials, shared parameters through the forward
sensitivities of the activations. The residual itself comes along.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmark.model.contraction import FibreParameters
from benchmark.model.kernel import force_with_partials

Array = NDArray[np.float64]


def force_columns(
    activation: Array, sensitivity: Array, length: Array, velocity: Array, muscle: FibreParameters, arms: Array
) -> tuple[Array, Array]:
    """Projected muscle torque and its derivatives.

    Parameters
    ----------
    activation, sensitivity
        (T, n) and (5, T, n).
    length, velocity
        Fibre lengths (m) and velocities (m/s), (T, n).
    muscle
        Fibre parameters, (n,) each.
    arms
        W'R, (T, m, n), in m.

    Returns
    -------
    tuple
        W'R f, (m, T), in N m; its derivatives with respect to the 4 n fibre parameters, kind by kind, and the 5
        shared ones, (m, T, 4 n + 5).
    """
    force, by_activation, by_parameter = force_with_partials(activation, length, velocity, muscle)
    samples, muscles = force.shape
    equations = arms.shape[1]
    columns = np.empty((equations, samples, 4 * muscles + len(sensitivity)))
    by_shared = by_activation * sensitivity
    for k in range(equations):
        for kind in range(4):
            np.multiply(arms[:, k], by_parameter[kind], out=columns[k, :, kind * muscles : (kind + 1) * muscles])
        columns[k, :, 4 * muscles :] = np.einsum("tn,jtn->tj", arms[:, k], by_shared)
    return np.einsum("tkn,tn->kt", arms, force), columns


def whiten_columns(torque: Array, torque_columns: Array, inertia: Array, inertia_columns: Array) -> tuple[Array, Array]:
    """Residual rows r = L^-1 W'e with L L' = V'V, and their derivatives.

    With dS = dV'V + V'dV, dL is L times the lower triangle of L^-1 dS L^-T with half its diagonal.

    Parameters
    ----------
    torque, torque_columns
        W'e, (m, T), and its derivatives, (m, T, p).
    inertia, inertia_columns
        V = C^(1/2)' Mbar W, (5, m, T), and its derivatives with respect to the first q parameters, (5, m, T, q).

    Returns
    -------
    tuple
        r, (m, T), and its derivatives, (m, T, p).
    """
    m, q = len(torque), inertia_columns.shape[-1]
    if m == 1:
        norm = np.sqrt((inertia[:, 0] ** 2).sum(axis=0))
        rows = torque / norm
        columns = torque_columns / norm[None, :, None]
        along = np.einsum("ct,ctq->tq", inertia[:, 0] / norm**2, inertia_columns[:, 0])
        columns[0, :, :q] -= rows[0, :, None] * along
        return rows, columns
    V = inertia.transpose(2, 0, 1)
    lower = np.linalg.cholesky(V.transpose(0, 2, 1) @ V)
    inverse = np.linalg.inv(lower)
    rows = np.einsum("tij,jt->ti", inverse, torque)
    columns = np.einsum("tij,jtp->tip", inverse, torque_columns, optimize=True)
    basis = V @ inverse.transpose(0, 2, 1)
    half = np.einsum("tci,cktq,tjk->tijq", basis, inertia_columns, inverse, optimize=True)
    change = np.tril(np.ones((m, m))) - 0.5 * np.eye(m)
    columns[:, :, :q] -= np.einsum("ij,tijq,tj->tiq", change, half + half.swapaxes(1, 2), rows, optimize=True)
    return rows.T, columns.transpose(1, 0, 2)
