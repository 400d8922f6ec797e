"""Accuracy of identified parameters: Cr1, Cr2 and Cr2m, eq. (22)-(23), over dynamic coefficients and muscles.

Bones cannot be told apart parameter by parameter: only linear combinations of their standard parameters, the dynamic
coefficients, act on the motion. They are found from the data, by a rank-revealing QR of the stacked torque regressor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from benchmark.model.arm import standard_parameters
from benchmark.problem.parameters import order_filter
from benchmark.problem.problem import Problem
from datasets.parameters import BONE_UNITS

Array = NDArray[np.float64]

RANK_TOLERANCE = 1e-7  # of the largest diagonal of R; the gap there is some five decades wide
STANDARD_NAMES = ("m", "m cx", "m cy", "m cz", "Ixx", "Ixy", "Iyy", "Ixz", "Iyz", "Izz")


@dataclass(frozen=True, eq=False)
class DynamicCoefficients:
    """The base parameters of the identified bodies.

    Attributes
    ----------
    names
        The standard parameter that leads each coefficient, such as ``humerus m cy``.
    combination
        (coefficients, standard parameters): coefficients = combination @ standard parameters.
    """

    names: tuple[str, ...]
    combination: Array


@dataclass(frozen=True)
class Accuracy:
    """Distances from the truth in percent, and each parameter's own.

    Attributes
    ----------
    cr1
        Relative distance of the whole vector, eq. (22).
    cr2
        Mean relative error, eq. (23).
    cr2m
        The same over the muscle parameters alone.
    errors
        Relative error of every dynamic coefficient, muscle and shared parameter by name.
    """

    cr1: float
    cr2: float
    cr2m: float
    errors: dict[str, float]


def dynamic_coefficients(problem: Problem) -> DynamicCoefficients:
    """Base parameters that the problem's motions determine, by column-pivoted QR of their torque regressor.

    Columns are scaled by the true standard parameters' magnitudes, a body at a time and a kind at a time, so that the
    pivots do not depend on units.
    """
    bodies = problem.arm.identified_bodies
    stacked = np.concatenate(
        [entry.dynamics.torque.reshape(-1, entry.dynamics.torque.shape[-1]) for entry in problem.coupled]
    )
    magnitude = _magnitudes(_standard(problem.truth, bodies))
    _, triangle, pivots = qr(stacked * magnitude, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > RANK_TOLERANCE * diagonal[0]).sum())
    dependent = solve_triangular(triangle[:rank, :rank], triangle[:rank, rank:])
    combination = np.zeros((rank, len(pivots)))
    combination[np.arange(rank), pivots[:rank]] = 1.0
    combination[:, pivots[rank:]] = dependent * magnitude[pivots[:rank], None] / magnitude[pivots[rank:]]
    order = np.argsort(pivots[:rank])
    names = [f"{body} {name}" for body in bodies for name in STANDARD_NAMES]
    return DynamicCoefficients(tuple(names[index] for index in pivots[:rank][order]), combination[order])


def accuracy(
    identified: Mapping[str, float], problem: Problem, coefficients: DynamicCoefficients, names: tuple[str, ...]
) -> Accuracy:
    """Compare identified with true parameters.

    Parameters
    ----------
    identified
        Values by name; the bodies' and those in `names`.
    problem
        The problem they belong to.
    coefficients
        Its dynamic coefficients.
    names
        The muscle and shared parameters to compare; their true values are not zero.
    """
    bodies = problem.arm.identified_bodies
    found, truth = order_filter(identified), problem.truth
    bones = [coefficients.combination @ _standard(values, bodies) for values in (found, truth)]
    pairs = dict(zip((f"coefficient {name}" for name in coefficients.names), zip(*bones, strict=True), strict=True))
    pairs |= {name: (found[name], truth[name]) for name in names}
    values, true_values = np.array(list(pairs.values())).T
    errors = 100.0 * np.abs(values - true_values) / np.abs(true_values)
    by_name = dict(zip(pairs, errors.tolist(), strict=True))
    return Accuracy(
        cr1=float(100.0 * np.linalg.norm(values - true_values) / np.linalg.norm(true_values)),
        cr2=float(errors.mean()),
        cr2m=float(np.mean([by_name[name] for name in names if "." in name])),
        errors=by_name,
    )


def _standard(values: Mapping[str, float], bodies: tuple[str, ...]) -> Array:
    """Standard parameters of `bodies`, body by body."""
    rows = []
    for body in bodies:
        mass, *rest = (values[f"{body}.{kind}"] for kind in BONE_UNITS)
        rows.append(standard_parameters(mass, rest[:3], rest[3:]))
    return np.array(rows).ravel()


def _magnitudes(standard: Array) -> Array:
    """One magnitude a standard parameter: the largest of its body's mass, first moments or inertias."""
    by_body = np.abs(standard).reshape(-1, len(STANDARD_NAMES))
    kinds = np.split(by_body, [1, 4], axis=1)
    return np.concatenate(
        [np.broadcast_to(kind.max(axis=1, keepdims=True), kind.shape) for kind in kinds], axis=1
    ).ravel()
