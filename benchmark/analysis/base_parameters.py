"""Base parameters: the linear combinations of standard inertial parameters that act on the motion.

Bones cannot be told apart parameter by parameter: only these combinations, the dynamic coefficients, have an effect.
They are found from the data, by a rank-revealing QR of the stacked torque regressor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from benchmark.model.standard_parameters import standard_values
from benchmark.problem.problem import Problem

Array = NDArray[np.float64]

RANK_TOLERANCE = 1e-7  # of the largest diagonal of R; the gap there is some five decades wide
STANDARD_UNITS = (
    {"m": "kg"}
    | {f"m c{axis}": "kg m" for axis in "xyz"}
    | {f"I{axes}": "kg m2" for axes in ("xx", "xy", "yy", "xz", "yz", "zz")}
)
STANDARD_NAMES = tuple(STANDARD_UNITS)


@dataclass(frozen=True, eq=False)
class DynamicCoefficients:
    """The base parameters of the identified bodies.

    Attributes
    ----------
    names
        The standard parameter that leads each coefficient, such as ``humerus m cy``.
    combination
        (coefficients, standard parameters): coefficients = combination @ standard parameters.
    magnitude
        The largest mass, first moment or inertia, as the leading one is, of the leading parameter's body: what an
        error of each coefficient can be compared with even where its own value is near zero, (coefficients,).
    """

    names: tuple[str, ...]
    combination: Array
    magnitude: Array


def dynamic_coefficients(problem: Problem) -> DynamicCoefficients:
    """Base parameters that the problem's motions determine, by column-pivoted QR of their torque regressor.

    Columns are scaled by the true standard parameters' magnitudes, a body at a time and a kind at a time, so that the
    pivots do not depend on units.
    """
    bodies = problem.identified_bodies
    if not bodies:
        return DynamicCoefficients((), np.empty((0, 0)), np.empty(0))
    stacked = np.concatenate(
        [entry.dynamics.torque.reshape(-1, entry.dynamics.torque.shape[-1]) for entry in problem.noise_free]
    )
    magnitude = standard_magnitudes(standard_values(problem.nominal, bodies))
    _, triangle, pivots = qr(stacked * magnitude, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > RANK_TOLERANCE * diagonal[0]).sum())
    dependent = solve_triangular(triangle[:rank, :rank], triangle[:rank, rank:])
    combination = np.zeros((rank, len(pivots)))
    combination[np.arange(rank), pivots[:rank]] = 1.0
    combination[:, pivots[rank:]] = dependent * magnitude[pivots[:rank], None] / magnitude[pivots[rank:]]
    order = np.argsort(pivots[:rank])
    names = [f"{body} {name}" for body in bodies for name in STANDARD_NAMES]
    leading = pivots[:rank][order]
    return DynamicCoefficients(tuple(names[index] for index in leading), combination[order], magnitude[leading])


def standard_magnitudes(standard: Array) -> Array:
    """One magnitude a standard parameter: the largest of its body's mass, first moments or inertias."""
    by_body = np.abs(standard).reshape(-1, len(STANDARD_NAMES))
    kinds = np.split(by_body, [1, 4], axis=1)
    return np.concatenate(
        [np.broadcast_to(kind.max(axis=1, keepdims=True), kind.shape) for kind in kinds], axis=1
    ).ravel()
