"""The scale of eq. (14)'s loss: var(d_t) at the initial guess."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.acceleration_stage import AccelerationStage

Array = NDArray[np.float64]


def acceleration_variance(stage: AccelerationStage, metric: Array) -> float:
    """Sum over d's 16 entries of their variances over time, in rad2/s4, at the initial guess.

    d = c - A J_ms' f_ms, eq. (14), is K Mbar^-1 e with e = K'(M qdd + tau_bias) - R_s f_s.

    Parameters
    ----------
    stage
        Stage one from the initial guess, on the recordings with only the measured muscles and no torque eliminated
        (m = 5).
    metric
        The square root of C that its recordings were projected with, (5, 5).
    """
    guess = stage.space.start
    rows, inertia_rows = stage.equations(guess, stage.force(guess))
    torque, inertia = np.transpose(rows), np.transpose(inertia_rows, (2, 0, 1))
    independent = np.linalg.solve(inertia, (torque @ metric)[..., None])[..., 0]
    return float(np.linalg.solve(metric, independent.T).var(axis=1).sum())


def torque_variance(stage: AccelerationStage) -> float:
    """Sum over the five coordinates of the variances over time of e, in N2 m2, at the initial guess.

    Parameters
    ----------
    stage
        As for :func:`acceleration_variance`, with its residual in N m.
    """
    guess = stage.space.start
    return float(np.var(stage.equations(guess, stage.force(guess))[0], axis=1).sum())
