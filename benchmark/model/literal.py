"""Eq. (7)-(14) of Sanderink et al. written out as they stand, in all 16 coordinates, batched over samples in torch.

The oracle of the closed form, :mod:`benchmark.problem.residual`, and the baseline whose cost the closed form saves.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from datasets.description import ArmDescription

Array = NDArray[np.float64]

# The deep muscles about the elbow are collinear: a singular value of their accelerations is zero but for rounding.
PINV_TOLERANCE = 1e-10  # of the largest singular value


class LiteralResidual(NamedTuple):
    """d of eq. (14), and what of it no deep muscle can explain, (T, 16) each, in rad/s2."""

    d: torch.Tensor
    unexplained: torch.Tensor


def constraint_matrix(description: ArmDescription) -> Array:
    """G of eq. (2), a row for each coupling: the dependent coordinate less its slope times the independent one.

    And a row for each coordinate that does not move.
    """
    held = [description.coordinates.index(name) for name, _ in description.held_rad]
    matrix = np.zeros((len(description.couplings), len(description.coordinates)))
    for row, coupling in enumerate(description.couplings):
        matrix[row, description.coordinates.index(coupling.dependent)] = 1.0
        matrix[row, description.coordinates.index(coupling.independent)] = -coupling.slope
    return np.concatenate([matrix, np.eye(len(description.coordinates))[held]])


def spatial_inertia(standard: torch.Tensor) -> torch.Tensor:
    """Spatial inertias of bodies, (bodies, 6, 6), linear before angular, from standard parameters, (10, bodies).

    With them M = sum J'IJ over the bodies' Jacobians (Featherstone 2008).
    """
    mass, x, y, z, xx, xy, yy, xz, yz, zz = standard
    zero = torch.zeros_like(mass)
    rows = [
        [mass, zero, zero, zero, z, -y],
        [zero, mass, zero, -z, zero, x],
        [zero, zero, mass, y, -x, zero],
        [zero, -z, y, xx, xy, xz],
        [z, zero, -x, xy, yy, yz],
        [-y, x, zero, xz, yz, zz],
    ]
    return torch.stack([torch.stack(row, dim=-1) for row in rows], dim=-2)


def literal_residual(
    mass_matrix: torch.Tensor,
    bias: torch.Tensor,
    acceleration: torch.Tensor,
    constraint: torch.Tensor,
    superficial: torch.Tensor,
    force: torch.Tensor,
    deep: torch.Tensor,
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
        J_md', (T, 16, deep muscles); without deep muscles d is unexplained as a whole.
    """
    inverse = torch.linalg.inv(mass_matrix)
    inverse_by_constraint = inverse @ constraint.T
    weighted = inverse_by_constraint @ torch.linalg.inv(constraint @ inverse_by_constraint)  # G^{M+}, eq. (7)
    A = (torch.eye(bias.shape[1], dtype=bias.dtype) - weighted @ constraint) @ inverse  # eq. (10)
    torque = bias - _times(superficial, force)
    d = acceleration + _times(A, torque)  # eq. (14) with c of eq. (10), b = 0
    if not deep.shape[2]:
        return LiteralResidual(d, d)
    B = A @ deep
    solution = _times(torch.linalg.pinv(B, rtol=PINV_TOLERANCE), d)  # f_md, eq. (13)
    return LiteralResidual(d, d - _times(B, solution))


def literal_loss(residual: LiteralResidual, variance: float) -> torch.Tensor:
    """The loss of eq. (14), with var(d_t) at the initial guess given in rad2/s4."""
    return residual.unexplained.square().sum() / (len(residual.d) * variance)


def _times(matrices: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
    """Products, (T, i), of matrices, (T, i, j), with vectors, (T, j)."""
    return (matrices @ vectors.unsqueeze(-1)).squeeze(-1)
