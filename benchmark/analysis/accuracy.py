"""Accuracy of identified parameters: Cr1, Cr2 and Cr2m, eq. (22)-(23), over dynamic coefficients and muscles.

Bones enter through their dynamic coefficients, see :mod:`benchmark.analysis.base_parameters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmark.analysis.base_parameters import DynamicCoefficients
from benchmark.model.standard_parameters import standard_values
from benchmark.problem.parameters import order_filter
from benchmark.problem.problem import Problem


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
    bodies = problem.identified_bodies
    found, truth = order_filter(identified), problem.truth
    bones = [coefficients.combination @ standard_values(values, bodies) for values in (found, truth)]
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
