"""Base parameters with their physical expressions: which inertial parameters are lumped together, and how.

Any basis of what the motion determines will do; here a parameter of a body nearer to the trunk leads where there is a
choice, so that what a hinge cannot tell apart is handed over to the body that carries it, as in the classical
regrouping (Gautier and Khalil 1990): masses, first moments along the hinge, and one of the inertias around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from benchmark.analysis.base_parameters import (
    RANK_TOLERANCE,
    STANDARD_NAMES,
    STANDARD_UNITS,
    dynamic_coefficients,
    standard_magnitudes,
)
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.base_counts import count_tolerances, counts
from benchmark.identifiability.classes import REFERENCE_NOISE_RAD_PER_S2
from benchmark.identifiability.quantities import COEFFICIENT
from benchmark.model.standard_parameters import standard_values
from benchmark.problem.problem import Problem
from datasets.description import ArmDescription

Array = NDArray[np.float64]

ROUNDING = 1e-9  # of a coefficient's scale: smaller terms are rounding, some 1e-13 of it
SAME = 1e-7  # relative: figures of the arm's description have eight digits
DIGITS = 4


@dataclass(frozen=True, eq=False)
class BaseParameters:
    """A basis of what the motion determines of the bones.

    Attributes
    ----------
    standard
        Names of the standard parameters, body by body.
    leading
        Indices of those that lead the base parameters.
    combination
        (base parameters, standard parameters), with ones for the leading ones, zeros where there is nothing.
    """

    standard: tuple[str, ...]
    leading: tuple[int, ...]
    combination: Array

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the leading parameters."""
        return tuple(self.standard[index] for index in self.leading)


def base_parameters(problem: Problem) -> BaseParameters:
    """The dynamic coefficients of a problem in the basis in which bodies nearer to the trunk lead."""
    bodies = problem.arm.identified_bodies
    found = dynamic_coefficients(problem).combination
    magnitude = standard_magnitudes(standard_values(problem.nominal, bodies))
    leading = _leading(found * magnitude, len(bodies))
    combination: Array = np.linalg.solve(found[:, leading], found).astype(np.float64)
    scale = magnitude[leading, None] / magnitude
    combination[np.abs(combination) < ROUNDING * scale] = 0.0
    standard = tuple(f"{body} {name}" for body in bodies for name in STANDARD_NAMES)
    return BaseParameters(standard, tuple(leading), combination)


def expression(base: BaseParameters, row: int) -> str:
    """A base parameter as text: terms with the same factor together, factors with units."""
    terms: dict[str, list[str]] = {}
    lead = base.leading[row]
    for index in np.flatnonzero(base.combination[row]):
        if index != lead:
            factor = base.combination[row, index]
            terms.setdefault(_factor(factor, base.standard[lead], base.standard[index]), []).append(
                base.standard[index]
            )
    parts = [base.standard[lead]]
    for factor, names in terms.items():
        together = " + ".join(names)
        parts.append(f"{factor}({together})" if len(names) > 1 and factor != "+ " else f"{factor}{together}")
    return " ".join(parts)


def recognised(arm: ArmDescription, base: BaseParameters, row: int) -> list[str]:
    """What factors of a base parameter are in the arm, of those that are known: a hinge's place or direction."""
    known = dict(_figures(arm))
    found = []
    for factor in base.combination[row][base.combination[row] != 0.0].tolist():
        for meaning, figure in known.items():
            if abs(factor) != 1.0 and abs(abs(factor) - abs(figure)) <= SAME * abs(figure):
                found.append(f"{abs(factor):.{DIGITS}g}: {meaning}")
                break
    return list(dict.fromkeys(found))


def base_study(problem: Problem, analysis: Analysis) -> dict[str, Any]:
    """What is to be stored of a problem's base parameters, as the study ``base``.

    Parameters
    ----------
    problem
        The problem.
    analysis
        Its analysis at the truth, for the bounds.
    """
    base = base_parameters(problem)
    bodies = problem.arm.identified_bodies
    magnitude = standard_magnitudes(standard_values(problem.nominal, bodies))[list(base.leading)]
    values = base.combination @ standard_values(problem.nominal, bodies)
    deviations = _deviations(base, magnitude, analysis)
    lines = zip(base.names, values.tolist(), deviations.tolist(), magnitude.tolist(), strict=True)
    return {
        "problem": problem.name,
        "standard_parameters": len(base.standard),
        "noise_rad_per_s2": REFERENCE_NOISE_RAD_PER_S2,
        "coefficients": [
            {
                "name": name,
                "expression": expression(base, row),
                "figures": recognised(problem.arm, base, row),
                "unit": _unit(name),
                "value": value,
                "deviation": deviation if np.isfinite(deviation) else None,
                "magnitude": size,
            }
            for row, (name, value, deviation, size) in enumerate(lines)
        ],
        "counts": counts(problem.arm),
        "tolerances": count_tolerances(problem),
    }


def _leading(scaled: Array, bodies: int) -> list[int]:
    """Columns that lead: body by body, what no columns before can give, by pivoted QR."""
    rows = np.linalg.qr(scaled.T)[0].T
    rest, leading = rows, list[int]()
    for columns in np.split(np.arange(scaled.shape[1]), bodies):
        _, triangle, pivots = qr(rest[:, columns], mode="economic", pivoting=True)
        # Columns of orthonormal rows: none is longer than 1.
        own = columns[pivots[: int((np.abs(np.diag(triangle)) > RANK_TOLERANCE).sum())]]
        leading += own.tolist()
        span = np.linalg.qr(rows[:, leading])[0]
        rest = rows - span @ (span.T @ rows)
    return sorted(leading)


def _deviations(base: BaseParameters, magnitude: Array, analysis: Analysis) -> Array:
    """Bounds of the base parameters' standard deviations, in their units, by those of the analysis's coefficients."""
    quantities = analysis.quantities
    own = [index for index, kind in enumerate(quantities.kinds) if kind == COEFFICIENT]
    # The analysis's coefficients have a one for their own leading parameter and zeros for each other's.
    other = [base.standard.index(quantities.names[index].removeprefix(f"{COEFFICIENT} ")) for index in own]
    change = base.combination[:, other] * quantities.magnitudes[own] / magnitude[:, None]
    relative = analysis.information.standard_deviations(REFERENCE_NOISE_RAD_PER_S2, change @ quantities.matrix[own])
    return np.asarray(relative * magnitude)


def _figures(arm: ArmDescription) -> Iterator[tuple[str, float]]:
    """Lengths (m), their products (m2) and slopes (1) of the hinges of the identified bodies but the first."""
    for joint in arm.joints:
        if joint.child in arm.identified_bodies[1:] and len(joint.rotations) == 1:
            yield from _places(joint.name, joint.origin_m)
            yield from _slopes(joint.name, joint.rotations[0].axis)


def _places(hinge: str, place: Sequence[float]) -> Iterator[tuple[str, float]]:
    squares = {axis: value * value for axis, value in zip("xyz", place, strict=True)}
    values = dict(zip("xyz", place, strict=True))
    for axis, other, third in ("xyz", "yzx", "zxy"):
        yield f"{hinge} {axis} (m)", values[axis]
        yield f"{hinge} {axis} {other} (m2)", values[axis] * values[other]
        yield f"{hinge} {other}2 + {third}2 (m2)", squares[other] + squares[third]


def _slopes(hinge: str, axis: Sequence[float]) -> Iterator[tuple[str, float]]:
    """Ratios of an axis's direction cosines, and of the inertia E - a a' that turning about it does not change."""
    direction = np.array(axis) / np.linalg.norm(axis)
    around = np.eye(3) - np.outer(direction, direction)
    along = int(np.argmax(np.abs(direction)))
    for index, name in enumerate("xyz"):
        if index != along:
            yield f"slope {name}/{'xyz'[along]} of the {hinge} axis (1)", direction[index] / direction[along]
    for (i, j), (k, m) in _pairs_of_entries():
        yield (
            f"inertia {'xyz'[i]}{'xyz'[j]}/{'xyz'[k]}{'xyz'[m]} around the {hinge} axis (1)",
            around[i, j] / around[k, m],
        )


def _pairs_of_entries() -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    entries = [(i, j) for i in range(3) for j in range(i, 3)]
    return ((first, (k, k)) for k in range(3) for first in entries if first != (k, k))


def _factor(value: float, leading: str, other: str) -> str:
    """A factor with its sign and unit, and a blank behind; nothing but the sign for one."""
    sign = "-" if value < 0.0 else "+"
    if abs(abs(value) - 1.0) < SAME:
        return f"{sign} "
    unit = {"kg m/kg": " m", "kg m2/kg": " m2", "kg m2/kg m": " m"}.get(f"{_unit(leading)}/{_unit(other)}", "")
    return f"{sign} {abs(value):.{DIGITS}g}{unit} "


def _unit(name: str) -> str:
    return STANDARD_UNITS[name.partition(" ")[2]]
