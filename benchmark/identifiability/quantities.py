"""Quantities that one wants to know: a problem's parameters, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.analysis.base_parameters import STANDARD_UNITS, dynamic_coefficients
from benchmark.model.standard_parameters import standard_jacobian, standard_values
from benchmark.problem.acceleration_stage import BONE_KINDS, AccelerationStage
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.parameters import ParameterSpace
from benchmark.problem.problem import Problem
from benchmark.problem.tendon_stage import TendonStage
from datasets.parameters import MUSCLE_UNITS, SHARED_UNITS, unit

Array = NDArray[np.float64]

COEFFICIENT = "dynamic coefficient"
SHARED = "shared"
VECTORS = ("centre_of_mass", "inertia")  # kinds whose entries share a magnitude
LEAST_MAGNITUDE = 0.01  # of the distance between a parameter's bounds
TENDON_STEP = 1e-5  # of a parameter's magnitude, for central differences of tendon slack lengths


@dataclass(frozen=True, eq=False)
class Quantities:
    """q quantities near a point of p parameters.

    Attributes
    ----------
    names, kinds, units
        One each; a kind is a muscle's or bone's, ``shared`` or ``dynamic coefficient``.
    values, magnitudes
        At the point, and what errors are relative to, (q,), in their units.
    matrix
        Derivatives of the relative quantities with respect to the relative parameters, (q, p).
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    values: Array
    magnitudes: Array
    matrix: Array


def magnitudes(space: ParameterSpace, values: Array) -> Array:
    """What errors of parameters are relative to, (p,), in their units.

    A parameter's own value; for an entry of a centre of mass or an inertia the largest of its kind in its body, as
    which of them are small depends on the axes. A hundredth of the distance between the bounds, at least.
    """
    own = np.maximum(np.abs(values), LEAST_MAGNITUDE * (space.upper - space.lower))
    families = [_family(name) for name in space.names]
    largest: dict[str, float] = {}
    for family, value in zip(families, own.tolist(), strict=True):
        largest[family] = max(value, largest.get(family, 0.0))
    return np.array([largest[family] for family in families])


def kind_of(name: str) -> str:
    """A parameter's kind: what it is of a muscle or bone, or ``shared``."""
    return SHARED if name in SHARED_UNITS else name.partition(".")[2]


def parameters(space: ParameterSpace, values: Array) -> Quantities:
    """The parameters themselves."""
    return Quantities(
        space.names,
        tuple(map(kind_of, space.names)),
        space.units,
        values,
        magnitudes(space, values),
        np.eye(space.size),
    )


def tendon_slack_lengths(problem: Problem, stage: FibreStage, values: Array) -> Quantities:
    """Tendon slack lengths that stage two, eq. (16), makes of stage one's parameters `values`, (p,).

    Their sensitivities are central differences of stage two's solution.
    """
    names, found = _tendons(problem, stage, values)
    steps = TENDON_STEP * magnitudes(stage.space, values)
    matrix = np.zeros((len(names), stage.space.size))
    for columns in _independent_columns(stage.space.names):
        step = np.zeros(stage.space.size)
        step[columns] = steps[columns]
        ahead, behind = (_tendons(problem, stage, values + sign * step)[1] for sign in (1.0, -1.0))
        change = (ahead - behind) / (2.0 * TENDON_STEP * found)
        matrix[:, columns] = np.where(_belong(names, stage.space.names, columns), change[:, None], 0.0)
    return Quantities(names, tuple(map(kind_of, names)), tuple(map(unit, names)), found, np.abs(found), matrix)


def coefficients(problem: Problem, stage: AccelerationStage, values: Array) -> Quantities:
    """The bones' dynamic coefficients at stage one's parameters `values`, (p,)."""
    bodies = problem.arm.identified_bodies
    found = dynamic_coefficients(problem)
    of_parameter = dict(zip(stage.space.names, range(stage.space.size), strict=True))
    columns = [of_parameter[f"{body}.{kind}"] for kind in BONE_KINDS for body in bodies]
    bones = values[columns].reshape(len(BONE_KINDS), len(bodies))
    by_body = np.arange(bones.size).reshape(bones.shape).T.ravel()  # the Jacobian's rows go kind by kind
    slopes = found.combination @ standard_jacobian(bones)[by_body]
    matrix = np.zeros((len(found.names), stage.space.size))
    matrix[:, columns] = slopes * magnitudes(stage.space, values)[columns] / found.magnitude[:, None]
    return Quantities(
        names=tuple(f"{COEFFICIENT} {name}" for name in found.names),
        kinds=(COEFFICIENT,) * len(found.names),
        units=tuple(STANDARD_UNITS[name.partition(" ")[2]] for name in found.names),
        values=found.combination @ standard_values(stage.space.values(values), bodies),
        magnitudes=found.magnitude,
        matrix=matrix,
    )


def all_quantities(problem: Problem, stage: AccelerationStage, values: Array) -> Quantities:
    """Parameters of stage one, tendon slack lengths and dynamic coefficients, at stage one's parameters, (p,).

    With unknown fibres the slack lengths are parameters of stage one, and there is no stage two.
    """
    parts = [
        parameters(stage.space, values),
        *([tendon_slack_lengths(problem, stage, values)] if isinstance(stage, FibreStage) else []),
        coefficients(problem, stage, values),
    ]
    return Quantities(
        tuple(name for part in parts for name in part.names),
        tuple(kind for part in parts for kind in part.kinds),
        tuple(entry for part in parts for entry in part.units),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.magnitudes for part in parts]),
        np.concatenate([part.matrix for part in parts]),
    )


def quantity_values(problem: Problem, values: Mapping[str, float]) -> dict[str, float]:
    """Parameters, and the dynamic coefficients that follow from them, by the names of quantities.

    Parameters
    ----------
    problem
        The problem.
    values
        All of its parameters by name, or none of them.
    """
    dynamic = dynamic_coefficients(problem)
    if not values or not dynamic.names:
        return dict(values)
    found = dynamic.combination @ standard_values(values, problem.identified_bodies)
    return {**values, **{f"{COEFFICIENT} {name}": v for name, v in zip(dynamic.names, found.tolist(), strict=True)}}


def _family(name: str) -> str:
    """Parameters of one magnitude: the entries of a vector or matrix, and any other parameter by itself."""
    owner, _, kind = name.partition(".")
    vector = kind.partition(".")[0]
    return f"{owner}.{vector}" if vector in VECTORS else name


def _independent_columns(names: Sequence[str]) -> list[list[int]]:
    """Columns that can be stepped together: a tendon depends on its own muscle's parameters and the shared ones."""
    shared = [[column] for column, name in enumerate(names) if kind_of(name) == SHARED]
    muscles = [[column for column, name in enumerate(names) if kind_of(name) == kind] for kind in MUSCLE_UNITS]
    return [*shared, *(columns for columns in muscles if columns)]


def _belong(tendons: Sequence[str], names: Sequence[str], columns: Sequence[int]) -> NDArray[np.bool_]:
    """Whether a tendon depends on what is in a column, (tendons, columns)."""
    owners = [name.partition(".")[0] for name in tendons]
    return np.array(
        [[names[c] in SHARED_UNITS or names[c].partition(".")[0] == owner for c in columns] for owner in owners]
    )


def tendon_solution(stage: TendonStage) -> Array:
    """Slack lengths (m) that stage two finds, (tendons,), without bounds: each of its own rows, linear in it, alone."""
    constant = np.array(stage.rows(np.zeros(stage.space.size)))
    slope = np.array(stage.rows(np.ones(stage.space.size))) - constant
    return np.asarray(-(slope * constant).sum(axis=1) / (slope**2).sum(axis=1))


def _tendons(problem: Problem, stage: FibreStage, values: Array) -> tuple[tuple[str, ...], Array]:
    """Names and slack lengths (m) that stage two finds."""
    second = problem.tendon_stage(stage, values, problem.nominal)
    return second.space.names, tendon_solution(second)
