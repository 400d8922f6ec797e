"""Torques that eliminated muscles cannot give, coordinate by coordinate: what an identification explains, and does.

The equations that are left are those of W'e, eq. (13), with a basis W that may turn from sample to sample. W W' takes
them back to the coordinates, where nothing turns.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.null_space import left_null_space
from benchmark.problem.problem import Problem

Array = NDArray[np.float64]


class RemainingTorque(NamedTuple):
    """Torques about all independent coordinates at the samples that count of a recording, in N m.

    Attributes
    ----------
    measured
        W W'K'(M qdd + tau_bias), what motion and bones ask for, (T, 5).
    predicted
        W W'R_s f_s, what the muscles with EMG give, (T, 5).
    """

    measured: Array
    predicted: Array


def remaining_torques(problem: Problem, stage: AccelerationStage, x: Array) -> list[RemainingTorque]:
    """Torques of each recording of a problem at a point of its stage one, (p,)."""
    eliminated = problem.parsed.formulation.deep_muscles == "eliminated"
    basis = left_null_space(problem.deep_arms[:, :, : None if eliminated else 0])
    force = stage.force(x)
    measured = np.transpose(stage.equations(x, np.zeros_like(force))[0])
    left = np.transpose(stage.equations(x, force)[0])
    torques = (np.einsum("tck,tk->tc", basis, rows) for rows in (measured, measured - left))
    ends = np.cumsum([len(entry.counted) for entry in problem.coupled])[:-1]
    return [RemainingTorque(*parts) for parts in zip(*(np.split(torque, ends) for torque in torques), strict=True)]
