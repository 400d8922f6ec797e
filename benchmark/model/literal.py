"""Eq. (7)-(14) of Sanderink et al. written out as they stand, in all 16 coordinates: the oracle of the closed form.

Slow and plain on purpose; what identifications compute with is :mod:`benchmark.problem.residual`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datasets.description import ArmDescription

Array = NDArray[np.float64]


class LiteralResidual(NamedTuple):
    """d of eq. (14), and what of it no deep muscle can explain, (T, 16) each, in rad/s2."""

    d: Array
    unexplained: Array


def constraint_matrix(description: ArmDescription) -> Array:
    """G of eq. (2), a row for each coupling: the dependent coordinate less its slope times the independent one."""
    matrix = np.zeros((len(description.couplings), len(description.coordinates)))
    for row, coupling in enumerate(description.couplings):
        matrix[row, description.coordinates.index(coupling.dependent)] = 1.0
        matrix[row, description.coordinates.index(coupling.independent)] = -coupling.slope
    return matrix


def literal_residual(
    mass_matrix: Array,
    bias: Array,
    acceleration: Array,
    constraint: Array,
    superficial: Array,
    force: Array,
    deep: Array,
) -> LiteralResidual:
    """The residual of eq. (14) before its norm.

    Parameters
    ----------
    mass_matrix, bias, acceleration
        M, (T, 16, 16), tau_bias, (T, 16), and measured accelerations, (T, 16).
    constraint
        G, (11, 16); it is constant, so that b = 0.
    superficial, force
        J_ms', (T, 16, muscles), and f_ms, (T, muscles).
    deep
        J_md', (T, 16, deep muscles).
    """
    inverse = np.linalg.inv(mass_matrix)
    weighted = inverse @ constraint.T @ np.linalg.inv(constraint @ inverse @ constraint.T)  # G^{M+}, eq. (7)
    A = (np.eye(bias.shape[1]) - weighted @ constraint) @ inverse  # eq. (10)
    c = acceleration + np.einsum("tij,tj->ti", A, bias)  # eq. (10), b = 0
    d = c - np.einsum("tij,tjk,tk->ti", A, superficial, force)  # eq. (14)
    B = A @ deep
    solution = np.einsum("tkj,tj->tk", np.linalg.pinv(B, rcond=1e-10), d)  # f_md, eq. (13)
    return LiteralResidual(d, d - np.einsum("tjk,tk->tj", B, solution))


def literal_loss(residual: LiteralResidual, variance: float) -> float:
    """The loss of eq. (14), with var(d_t) at the initial guess given in rad2/s4."""
    return float((residual.unexplained**2).sum() / (len(residual.d) * variance))
