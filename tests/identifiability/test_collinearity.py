"""Collinearity indices against closed forms and brute force."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.identifiability.collinearity import (
    COLLINEAR,
    collinearity_index,
    largest_subset,
    parameter_groups,
    worst_pairs,
)
from benchmark.identifiability.information import Information

NAMES = ("humerus.mass", "humerus.inertia.xx", "BRD.maximum_isometric_force", "c1", "c2", "BRD.optimal_fibre_length")
ROUNDING = 1e-9  # relative; indices here are small, so that singular values hold all but a few digits


def known(jacobian: NDArray[np.float64], names: tuple[str, ...] = NAMES) -> Information:
    names = names[: jacobian.shape[1]]
    return Information.of_jacobian(names, np.ones(len(names)), np.ones(len(names)), jacobian)


def random_jacobian() -> NDArray[np.float64]:
    return np.random.default_rng(0).standard_normal((40, len(NAMES)))


@pytest.mark.parametrize("degrees", [90.0, 30.0, 5.0])
def test_the_index_of_two_parameters_depends_on_the_angle_between_their_sensitivities_alone(degrees: float) -> None:
    angle = math.radians(degrees)
    found = known(np.array([[3.0, 0.2 * math.cos(angle)], [0.0, 0.2 * math.sin(angle)]]))
    expected = 1.0 / math.sqrt(1.0 - abs(math.cos(angle)))
    assert collinearity_index(found, NAMES[:2]) == pytest.approx(expected, rel=ROUNDING)
    assert worst_pairs(found, 1)[0].collinearity == pytest.approx(expected, rel=ROUNDING)


def test_the_index_is_that_of_the_definition() -> None:
    jacobian = random_jacobian()
    unit = jacobian / np.sqrt((jacobian**2).sum(axis=0))
    for size in (1, 3, len(NAMES)):
        expected = 1.0 / math.sqrt(np.linalg.eigvalsh(unit[:, :size].T @ unit[:, :size])[0])
        assert collinearity_index(known(jacobian), NAMES[:size]) == pytest.approx(expected, rel=ROUNDING)


def test_a_parameter_that_others_replace_or_without_effect_makes_the_index_infinite() -> None:
    jacobian = random_jacobian()
    jacobian[:, 2] = 2.0 * jacobian[:, 0] - jacobian[:, 1]
    jacobian[:, 4] = 0.0
    found = known(jacobian)
    assert math.isinf(collinearity_index(found, NAMES[:3]))
    assert math.isinf(collinearity_index(found, ("c1", "c2")))
    assert math.isinf(worst_pairs(known(jacobian[:, [0, 0]]), 1)[0].collinearity)


def test_the_worst_pairs_are_those_of_all_pairs() -> None:
    found = known(random_jacobian())
    every = {pair: collinearity_index(found, pair) for pair in combinations(NAMES, 2)}
    expected = sorted(every, key=lambda pair: -every[pair])[:4]
    assert [(pair.first, pair.second) for pair in worst_pairs(found, 4)] == expected


def test_a_largest_subset_leaves_out_one_of_two_that_are_nearly_parallel_and_no_more() -> None:
    jacobian = np.eye(6)
    jacobian[:, 5] = jacobian[:, 3] + 0.05 * jacobian[:, 5]
    found = known(jacobian)
    assert collinearity_index(found, NAMES) > COLLINEAR
    subset = largest_subset(found)
    assert (len(subset), len({"c1", "BRD.optimal_fibre_length"} & {*subset})) == (5, 1)
    assert collinearity_index(found, subset) <= COLLINEAR
    assert largest_subset(found, limit=100.0) == NAMES


def test_groups_are_muscles_bones_kinds_and_what_is_shared() -> None:
    names = (*NAMES, "PQ.maximum_isometric_force")
    assert [tuple(group) for group in parameter_groups(names)] == [
        ("bone", "humerus", NAMES[:2]),
        ("muscle", "BRD", (NAMES[2], NAMES[5])),
        ("kind", "maximum_isometric_force", (NAMES[2], names[6])),
        ("shared", "shared", ("c1", "c2")),
    ]
