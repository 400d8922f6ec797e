"""The residual of eq. (14) in closed form, written once for numpy, torch and CasADi.

With e = K'(M qdd + tau_bias) - R_s f_s and W the torques that no eliminated muscle can give, (I - B B+) d has the norm
of r = (W' Mbar C Mbar W)^(-1/2) W' e: m numbers a sample. The inverse root is a Cholesky solve.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY

SMALLEST_PIVOT = 1e-14  # of a column's square: rounding alone is left of a singular mass matrix, which stays finite


def whiten(torque: Sequence[Any], inertia: Sequence[Sequence[Any]], xp: Backend = NUMPY) -> list[Any]:
    """Rows of r, elementwise over samples.

    Parameters
    ----------
    torque
        The m rows of W'e (N m), each (T,).
    inertia
        Rows of C^(1/2)' Mbar W, 5 of m entries each, each (T,).

    Returns
    -------
    list
        The m rows of r (rad/s2), each (T,).
    """
    factor: list[list[Any]] = []
    rows: list[Any] = []
    for i, right_side in enumerate(torque):
        factor_row: list[Any] = []
        for j in range(i):
            entry = _gram(inertia, i, j) - _dot(factor_row, factor[j][:j])
            factor_row.append(entry / factor[j][j])
        square = _gram(inertia, i, i)
        diagonal = xp.sqrt(xp.maximum(square - _dot(factor_row, factor_row), SMALLEST_PIVOT * square))
        rows.append((right_side - _dot(factor_row, rows)) / diagonal)
        factor.append([*factor_row, diagonal])
    return rows


def _gram(columns: Sequence[Sequence[Any]], i: int, j: int) -> Any:
    return _dot([row[i] for row in columns], [row[j] for row in columns])


def _dot(x: Sequence[Any], y: Sequence[Any]) -> Any:
    return sum((left * right for left, right in zip(x, y, strict=True)), 0.0)
