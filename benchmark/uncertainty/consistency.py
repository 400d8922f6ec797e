"""Physical consistency of bones: whether any body made of mass could have their inertial parameters.

Mass must be positive, the inertia about the centre of mass positive definite, and each of its principal moments less
than the sum of the two others. With S = tr(I)/2 1 - I, the second moments of the mass about its centre, the latter two
are one: S is positive definite, and with the mass so is the pseudo-inertia [[S + m c c', m c], [m c', m]] (Wensing, Kim
and Slotine 2018).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from datasets.parameters import BONE_UNITS

Array = NDArray[np.float64]

INERTIA_KINDS = tuple(kind for kind in BONE_UNITS if kind.startswith("inertia"))
ROUNDING = 1e-12  # of the largest principal moment


def bone_faults(values: Mapping[str, float], bodies: Sequence[str]) -> list[str]:
    """What keeps bones from being made of mass, a line each; none if they are consistent.

    Parameters
    ----------
    values
        Parameters by name, with mass and inertia of the bodies.
    bodies
        Names of the bodies.
    """
    return [fault for body in bodies for fault in _faults(body, values[f"{body}.mass"], inertia_of(values, body))]


def inertia_of(values: Mapping[str, float], body: str) -> Array:
    """A body's inertia about its centre of mass, (3, 3), in kg m2."""
    return symmetric([values[f"{body}.{kind}"] for kind in INERTIA_KINDS])


def symmetric(entries: Sequence[float]) -> Array:
    """The symmetric matrix, (3, 3), of entries [xx, yy, zz, xy, xz, yz]."""
    xx, yy, zz, xy, xz, yz = entries
    return np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])


def symmetric_entries(matrix: Array) -> Array:
    """Entries [xx, yy, zz, xy, xz, yz] of a symmetric matrix, (3, 3)."""
    return np.asarray(matrix[[0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]])


def second_moments(inertia: Array) -> Array:
    """Second moments S of the mass about its centre, (3, 3), from the inertia about it, both in kg m2."""
    return np.asarray(0.5 * np.trace(inertia) * np.eye(3) - inertia)


def inertia_of_moments(moments: Array) -> Array:
    """Inertia about the centre of mass, (3, 3), from the second moments about it, both in kg m2."""
    return np.asarray(np.trace(moments) * np.eye(3) - moments)


def _faults(body: str, mass: float, inertia: Array) -> Iterator[str]:
    if mass <= 0.0:
        yield f"{body}: its mass, {mass:.3g} kg, is not positive"
    least, middle, largest = np.linalg.eigvalsh(inertia).tolist()
    size = max(abs(least), abs(largest))
    if least <= -ROUNDING * size:
        yield (
            f"{body}: its least principal moment of inertia, {least:.3g} kg m2, is not positive "
            f"({100.0 * abs(least) / size:.3g} % of the largest)"
        )
    excess = largest - middle - least
    if excess > ROUNDING * size:
        yield (
            f"{body}: its largest principal moment of inertia, {largest:.3g} kg m2, exceeds the sum of the others by "
            f"{excess:.3g} kg m2 ({100.0 * excess / size:.3g} % of it): no body has that"
        )
