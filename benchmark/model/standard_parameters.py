"""Standard inertial parameters of bodies, in which torques are linear, from masses, centres of mass and inertias.

In Pinocchio's order they are the mass, mass times centre of mass (x, y, z), and the inertia about the joint's frame
(xx, xy, yy, xz, yz, zz).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from datasets.parameters import BONE_UNITS

Array = NDArray[np.float64]
STANDARD_COUNT = 10


def standard_parameters(mass: Any, centre: Any, inertia: Any) -> list[Any]:
    """Standard parameters of a body from its mass (kg), centre of mass (m) and inertia about it (kg m2), elementwise.

    Parameters
    ----------
    mass, centre, inertia
        The mass, three coordinates, and six entries [xx, yy, zz, xy, xz, yz].
    """
    x, y, z = centre
    xx, yy, zz, xy, xz, yz = inertia
    return [
        mass,
        mass * x,
        mass * y,
        mass * z,
        xx + mass * (y * y + z * z),
        xy - mass * x * y,
        yy + mass * (x * x + z * z),
        xz - mass * x * z,
        yz - mass * y * z,
        zz + mass * (x * x + y * y),
    ]


def standard_values(values: Mapping[str, float], bodies: tuple[str, ...]) -> Array:
    """Standard parameters of `bodies`, body by body."""
    rows = []
    for body in bodies:
        mass, *rest = (values[f"{body}.{kind}"] for kind in BONE_UNITS)
        rows.append(standard_parameters(mass, rest[:3], rest[3:]))
    return np.array(rows).ravel()


def standard_jacobian(bones: Array) -> Array:
    """Derivatives of standard parameters with respect to bone parameters, both kind by kind.

    By a complex step, exact for these polynomials; the bodies do not mix.

    Parameters
    ----------
    bones
        Mass, centre of mass and inertia about it, (10, bodies).
    """
    kinds, bodies = bones.shape
    stepped = bones[:, None, :] + 1e-30j * np.eye(kinds)[:, :, None]
    slopes = np.array(standard_parameters(stepped[0], stepped[1:4], stepped[4:])).imag / 1e-30
    jacobian = np.zeros((kinds, bodies, kinds, bodies))
    jacobian[:, np.arange(bodies), :, np.arange(bodies)] = slopes.transpose(2, 0, 1)
    return jacobian.reshape(kinds * bodies, kinds * bodies)
