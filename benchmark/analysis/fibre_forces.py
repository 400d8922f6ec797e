"""What muscle parameters mean: the force of a fibre over its length and over its velocity, eq. (15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmark.model.contraction import FibreParameters, fibre_force, fibre_parameters

Array = NDArray[np.float64]

LENGTHS = (0.4, 1.6)  # of the true optimal one
VELOCITIES = (-1.0, 1.0)  # of the true maximum one
POINTS = 121


@dataclass(frozen=True, eq=False)
class FibreForces:
    """Forces of n muscles' fibres along their tendons, at g lengths and g velocities.

    Attributes
    ----------
    muscles
        Their names.
    length
        Fibre length over the true optimal one (1), (g,).
    velocity
        Fibre velocity over the true maximum one (1), (g,); positive is lengthening.
    active, passive
        Force over the true maximum isometric one (1) at rest over `length`, (n, g): that of full activation beyond
        that of none, and that of none.
    moving
        The same at full activation and the true optimal length over `velocity`, (n, g).
    """

    muscles: tuple[str, ...]
    length: Array
    velocity: Array
    active: Array
    passive: Array
    moving: Array


def fibre_forces(values: Mapping[str, float], truth: Mapping[str, float], muscles: Sequence[str]) -> FibreForces:
    """Forces with some muscle parameters, in units of the true ones.

    Parameters
    ----------
    values
        Parameters by name; those of eq. (15) of the muscles are used.
    truth
        The true ones.
    muscles
        Names of the muscles.
    """
    true = fibre_parameters(truth, muscles)
    own = FibreParameters(*(parameter[:, None] for parameter in fibre_parameters(values, muscles)))
    length, velocity = np.linspace(*LENGTHS, POINTS), np.linspace(*VELOCITIES, POINTS)
    unit, optimal = true.maximum_isometric_force[:, None], true.optimal_fibre_length[:, None]
    passive = fibre_force(0.0, optimal * length, 0.0, own) / unit
    active = fibre_force(1.0, optimal * length, 0.0, own) / unit - passive
    moving = fibre_force(1.0, optimal, true.maximum_contraction_velocity[:, None] * velocity, own) / unit
    return FibreForces(tuple(muscles), length, velocity, active, passive, moving)
