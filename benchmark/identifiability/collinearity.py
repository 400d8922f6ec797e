"""Collinearity of parameters: which of them have effects that the others can make up for.

The collinearity index of a subset of parameters (Brun, Reichert and Kuensch 2001, Water Resources Research 37,
eq. 12) is 1/sqrt(lambda), with lambda the smallest eigenvalue of S'S for sensitivities S whose columns have length
one. An index of 10 means that a change of one parameter can be made up for by the others up to a tenth of its effect.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from benchmark.identifiability.information import NULL_TOLERANCE, Information
from benchmark.identifiability.quantities import SHARED, kind_of
from datasets.parameters import MUSCLE_UNITS

Array = NDArray[np.float64]

# Of what Brun et al. call the critical range, 10 to 15, the lower end.
COLLINEAR = 10.0
MUSCLE, BONE, KIND = "muscle", "bone", "kind"  # besides `SHARED`


class Group(NamedTuple):
    """Parameters that belong together.

    Attributes
    ----------
    scope
        What they have in common: a muscle, a bone, the kind over all muscles, or that all muscles share them.
    name
        Which muscle, bone or kind.
    parameters
        Their names.
    """

    scope: str
    name: str
    parameters: tuple[str, ...]


class Pair(NamedTuple):
    """Two parameters.

    Attributes
    ----------
    first, second
        Their names.
    cosine
        Of the angle between their sensitivities; near 1 or -1 either can take the other's place.
    """

    first: str
    second: str
    cosine: float

    @property
    def collinearity(self) -> float:
        """The pair's collinearity index."""
        left = 1.0 - abs(self.cosine)
        return 1.0 / math.sqrt(left) if left > NULL_TOLERANCE else math.inf


def collinearity_index(known: Information, parameters: Sequence[str]) -> float:
    """The collinearity index of some of the parameters: 1 for one alone, infinite where one can make up for others.

    Parameters
    ----------
    known
        Information about all parameters.
    parameters
        Names of the subset, at least one.
    """
    columns = [known.names.index(name) for name in parameters]
    return _index(_directions(known)[:, columns])


def parameter_groups(names: Sequence[str]) -> list[Group]:
    """Parameters by muscle, by bone and by kind over muscles, and the shared ones; groups of one are left out."""
    owned = [name for name in names if kind_of(name) != SHARED]
    muscular = [name for name in owned if kind_of(name) in MUSCLE_UNITS]
    owners = dict.fromkeys(name.partition(".")[0] for name in owned)
    muscles = {name.partition(".")[0] for name in muscular}
    groups = [
        *(
            Group(MUSCLE if owner in muscles else BONE, owner, tuple(n for n in owned if n.partition(".")[0] == owner))
            for owner in owners
        ),
        *(Group(KIND, kind, tuple(name for name in muscular if kind_of(name) == kind)) for kind in MUSCLE_UNITS),
        Group(SHARED, SHARED, tuple(name for name in names if kind_of(name) == SHARED)),
    ]
    return [group for group in groups if len(group.parameters) > 1]


def worst_pairs(known: Information, count: int) -> list[Pair]:
    """The `count` pairs whose sensitivities are nearest to parallel, the worst first."""
    directions = _directions(known)
    cosines = directions.T @ directions
    first, second = np.triu_indices(len(cosines), k=1)
    order = np.argsort(-np.abs(cosines[first, second]), kind="stable")[:count]
    return [
        Pair(known.names[one], known.names[other], float(np.clip(cosines[one, other], -1.0, 1.0)))
        for one, other in zip(first[order], second[order], strict=True)
    ]


def largest_subset(known: Information, limit: float = COLLINEAR) -> tuple[str, ...]:
    """A large subset with an index of at most `limit`, found greedily.

    Each next parameter is the one whose sensitivity is the farthest from what those before can make up for
    (column-pivoted QR), until the index would be larger.
    """
    directions = _directions(known)
    _, _, pivots = qr(directions, mode="economic", pivoting=True)
    count = 1
    while count < len(pivots) and _index(directions[:, pivots[: count + 1]]) <= limit:
        count += 1
    return tuple(known.names[column] for column in sorted(pivots[:count]))


def _directions(known: Information) -> Array:
    """Sensitivities with columns of length one; a parameter without any effect keeps its zeros."""
    lengths = np.linalg.norm(known.root, axis=0)
    return np.asarray(np.divide(known.root, lengths, out=np.zeros_like(known.root), where=lengths > 0.0))


def _index(directions: Array) -> float:
    singular = np.linalg.svd(directions, compute_uv=False)
    return float(1.0 / singular[-1]) if singular[-1] > NULL_TOLERANCE * singular[0] else math.inf
