"""What is left of the equations of motion once some muscles' torques are eliminated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RANK_TOLERANCE = 1e-9  # of the largest singular value; the smallest that is not zero is above 1e-3
ROUNDING = 1e-12


class NoEquationLeftError(ValueError):
    """The eliminated muscles leave no equation to identify from, or not the same number at all times."""


def left_null_space(arms: Array) -> Array:
    """Orthonormal bases W of the torques that no eliminated muscle can give, a sample each.

    Parameters
    ----------
    arms
        Coupled moment arms of the eliminated muscles, (T, 5, muscles), in m.

    Returns
    -------
    Array
        (T, 5, m) with m = 5 less the rank, which must be the same in all samples.

    Raises
    ------
    NoEquationLeftError
        If the rank changes, or if nothing is left.
    """
    samples, coordinates, muscles = arms.shape
    if muscles == 0:
        return np.broadcast_to(np.eye(coordinates), (samples, coordinates, coordinates)).copy()
    left, singular, _ = np.linalg.svd(arms)
    ranks = (singular > RANK_TOLERANCE * singular[:, :1]).sum(axis=1)
    if ranks.min() != ranks.max():
        raise NoEquationLeftError(
            f"the {muscles} eliminated muscles act on {ranks.min()} to {ranks.max()} of {coordinates} coordinates, "
            "depending on the pose: measure more of them, or leave out what is recorded of the rarer poses"
        )
    if ranks[0] == coordinates:
        raise NoEquationLeftError(
            f"the {muscles} eliminated muscles can give any torque about all {coordinates} coordinates, and "
            "no equation is left to identify from: measure EMG of more muscles, or free more coordinates"
        )
    basis = left[:, :, ranks[0] :]
    # Directions that the eliminated muscles span by themselves (elbow and forearm here) are exactly absent.
    return np.asarray(np.where(np.abs(basis) < ROUNDING, 0.0, basis))
