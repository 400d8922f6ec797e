"""Formulations: how the muscles that cannot be measured are treated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RANK_TOLERANCE = 1e-9  # of the largest singular value; the smallest that is not zero is above 1e-3
ROUNDING = 1e-12


@dataclass(frozen=True)
class Formulation:
    """How a problem treats its deep muscles.

    Attributes
    ----------
    name
        The formulation's name in problem names.
    summary
        What it does, in a line.
    eliminates_deep_muscles
        Whether the deep muscles' forces are eliminated by least squares, eq. (13), or computed from their EMG.
    held_out_movements
        The movements to validate on.
    tracks_moments
        Whether the problem is calibration by moment tracking, without bones, instead of the residual of eq. (14).
    """

    name: str
    summary: str
    eliminates_deep_muscles: bool
    held_out_movements: tuple[str, ...] = ("c",)
    tracks_moments: bool = False


ELIMINATION = Formulation("m1", "deep muscles eliminated by least squares, eq. (13)", eliminates_deep_muscles=True)
ALL_MEASURED = Formulation("m2", "all EMG measured, the paper's ideal", eliminates_deep_muscles=False)
MOMENT_TRACKING = Formulation(
    "moments",
    "moment tracking as CEINMS calibrates: all EMG measured, segments known, fibres unknown",
    eliminates_deep_muscles=False,
    held_out_movements=("f", "h"),
    tracks_moments=True,
)
FORMULATIONS = (ELIMINATION, ALL_MEASURED, MOMENT_TRACKING)


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
    ValueError
        If the rank changes, or if nothing is left.
    """
    samples, coordinates, muscles = arms.shape
    if muscles == 0:
        return np.broadcast_to(np.eye(coordinates), (samples, coordinates, coordinates)).copy()
    left, singular, _ = np.linalg.svd(arms)
    ranks = (singular > RANK_TOLERANCE * singular[:, :1]).sum(axis=1)
    if ranks.min() != ranks.max():
        raise ValueError(f"the rank of the deep muscles' moment arms changes from {ranks.min()} to {ranks.max()}")
    if ranks[0] == coordinates:
        raise ValueError("the deep muscles can give any torque: no equation is left to identify from")
    basis = left[:, :, ranks[0] :]
    # Directions that the eliminated muscles span by themselves (elbow and forearm here) are exactly absent.
    return np.asarray(np.where(np.abs(basis) < ROUNDING, 0.0, basis))
