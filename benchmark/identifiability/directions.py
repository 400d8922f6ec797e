"""Directions among the parameters: those that the data say least about, those they say nothing about, and known ones.

All directions are of relative parameters, that is in units of the parameters' magnitudes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from benchmark.identifiability.information import NULL_TOLERANCE, UNSEEN_SHARE, Information
from benchmark.identifiability.quantities import kind_of

Array = NDArray[np.float64]

FORCE = "maximum_isometric_force"
SCALED = (FORCE, "mass", "inertia")  # kinds that grow along the scale direction
TURNS = 1000  # of a rotation towards few large entries, at most
DIGITS = 6  # in which entries of directions are compared
TURNED = 1e-12  # gain by which such a rotation has ended


class Direction(NamedTuple):
    """A direction of length one, its largest entry positive.

    Attributes
    ----------
    entries
        By parameter, (p,).
    strength
        Effect of a step along it, relative to that of the same step along the strongest direction.
    standard_deviation
        Bound of the standard deviation along it at noise of 1 rad/s2; infinite where there is no information.
    """

    entries: Array
    strength: float
    standard_deviation: float


def weakest_directions(known: Information, count: int) -> list[Direction]:
    """The `count` directions with the least information that there is any about, the weakest first."""
    rows = range(known.rank - 1, max(known.rank - 1 - count, -1), -1)
    spectrum = known.spectrum
    return [
        Direction(_signed(known.directions[row]), float(spectrum[row] / spectrum[0]), float(1.0 / spectrum[row]))
        for row in rows
    ]


def null_directions(known: Information) -> list[Direction]:
    """Orthonormal directions without any information, turned so that each has few large entries (varimax).

    They span what `Information.null_directions` spans; the rotation is that of Kaiser (1958), and starts from the
    reduced echelon form, so that it does not depend on which basis the decomposition came upon.
    """
    basis = known.null_directions
    if not len(basis):
        return []
    _, _, pivots = qr(basis, mode="economic", pivoting=True)
    echelon = np.linalg.solve(basis[:, pivots[: len(basis)]], basis)
    turned = _varimax(np.linalg.qr(echelon.T)[0])
    order = np.argsort(np.abs(turned).argmax(axis=0), kind="stable")
    return [Direction(_signed(turned[:, column]), 0.0, np.inf) for column in order]


def weakest_direction_shares(known: Information, combinations: Array) -> Array:
    """Share of each bound's variance that comes from the weakest direction seen, (q,), from 0 to 1.

    Parameters
    ----------
    known
        The information.
    combinations
        Derivatives of relative quantities with respect to the relative parameters, (q, p). Of one that is not seen,
        or does not depend on the parameters, the share is missing (NaN).
    """
    variances = (combinations @ known.relative_root) ** 2
    total = variances.sum(axis=1)
    seen = (known.unseen_shares(combinations) <= UNSEEN_SHARE) & (total > 0.0)
    return np.asarray(np.divide(variances[:, -1], total, out=np.full_like(total, np.nan), where=seen))


def scale_direction(known: Information) -> Array:
    """All maximum isometric forces, masses and inertias growing by the same factor, centres of mass fixed, (p,).

    Forces and what they move then grow together, so that motion stays but for what the known bodies weigh.
    """
    scaled = np.array([kind_of(name).partition(".")[0] in SCALED for name in known.names])
    return np.asarray(np.where(scaled, known.values / known.magnitudes, 0.0))


def exchange_direction(known: Information) -> Array:
    """c1 growing by as much as c2 falls, (p,).

    The two can be exchanged without any effect, so that there is no information along it where they are equal, and
    little where they nearly are.
    """
    direction = np.zeros(len(known.names))
    for name, sign in (("c1", 1.0), ("c2", -1.0)):
        column = known.names.index(name)
        direction[column] = sign / known.magnitudes[column]
    return direction


def common_force_factor(known: Information) -> Array:
    """The mean of all relative maximum isometric forces, as a combination of the relative parameters, (1, p)."""
    forces = np.array([kind_of(name) == FORCE for name in known.names])
    return np.asarray(forces / forces.sum())[None, :]


def along(known: Information, direction: Array) -> Direction:
    """What there is to say of a direction of any length, (p,), by itself: as if nothing else were unknown."""
    unit = direction / np.linalg.norm(direction)
    effect = float(np.linalg.norm(known.root @ unit))
    deviation = 1.0 / effect if effect > NULL_TOLERANCE * known.spectrum[0] else np.inf
    return Direction(_signed(unit), float(effect / known.spectrum[0]), deviation)


def correlation(known: Information, first: str, second: str) -> float:
    """Correlation of the errors of two parameters that are seen, by the bound of their covariance."""
    roots = known.relative_root[[known.names.index(name) for name in (first, second)]]
    return float(roots[0] @ roots[1] / np.prod(np.linalg.norm(roots, axis=1)))


def in_words(names: Sequence[str], entries: Array, most: int = 6, least: float = 0.1) -> str:
    """A direction in words, as ``0.54 humerus inertia xx + 0.37 humerus mass``; `...` stands for what is left out.

    Parameters
    ----------
    names
        The parameters.
    entries
        The direction, (p,).
    most
        How many entries are named.
    least
        Entries below this share of the largest one are not named.
    """
    sizes = np.abs(entries)
    order = _by_size(entries)
    named = [index for index in order if sizes[index] >= least * sizes[order[0]]]
    text = "".join(
        f" {'-' if entries[index] < 0.0 else '+'} {sizes[index]:.2f} {plain_name(names[index])}"
        for index in named[:most]
    )
    return text.removeprefix(" + ").lstrip() + (" ..." if len(named) > most else "")


def plain_name(name: str) -> str:
    """A parameter's name in plain words: ``humerus inertia xx``."""
    owner, _, kind = name.partition(".")
    return f"{owner} {kind}".replace(".", " ").replace("_", " ").rstrip()


def _signed(direction: Array) -> Array:
    """The direction or its opposite, so that its largest entry is positive."""
    return np.asarray(direction * np.sign(direction[_by_size(direction)[0]]))


def _by_size(entries: Array) -> NDArray[np.intp]:
    """Places of the entries from the largest; of those that differ by rounding alone the first comes first."""
    return np.argsort(-np.round(np.abs(entries), DIGITS), kind="stable")


def _varimax(loadings: Array) -> Array:
    """Orthonormal columns, (p, k), rotated so that the variance of their squares is the largest."""
    rotation, reached = np.eye(loadings.shape[1]), 0.0
    for _ in range(TURNS):
        turned = loadings @ rotation
        left, sizes, right = np.linalg.svd(loadings.T @ (turned**3 - turned * (turned**2).mean(axis=0)))
        rotation = left @ right
        if sizes.sum() <= reached * (1.0 + TURNED):
            break
        reached = float(sizes.sum())
    return np.asarray(loadings @ rotation)
