"""How many base parameters bones have: under simpler assumptions on the arm, and with coarser tolerances.

The paper counts 17 where the data give more; these are the counts that it could have come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr

from benchmark.analysis.base_parameters import RANK_TOLERANCE, standard_magnitudes
from benchmark.model.arm import Arm
from benchmark.model.standard_parameters import standard_values
from benchmark.problem.problem import Problem
from datasets.description import ArmDescription
from datasets.parameters import true_parameters

Array = NDArray[np.float64]

STATES = 60  # random ones of five torques each, for 30 columns
SEED = 0
FULL = "the arm as it is"
STATIC = "the arm at rest"
RIGID_GIRDLE = "fixed clavicle and scapula"
ONE_HINGE = ", with {} the only shoulder hinge"


def counts(arm: ArmDescription) -> list[dict[str, Any]]:
    """Numbers of base parameters, with the assumptions that they hold under, at random states of the arm."""
    fixed = replace(arm, couplings=tuple(replace(coupling, slope=0.0) for coupling in arm.couplings))
    coordinates = arm.independent_coordinates
    elbow = _elbow(arm)
    found = {
        FULL: base_count(arm, coordinates),
        STATIC: base_count(arm, coordinates, speed=0.0),
        RIGID_GIRDLE: base_count(fixed, coordinates),
    }
    for hinge in (name for name in coordinates if name not in elbow):
        found[f"{RIGID_GIRDLE}{ONE_HINGE.format(hinge)}"] = base_count(fixed, [hinge, *elbow])
    return [{"assumption": assumption, "count": count} for assumption, count in found.items()]


def base_count(arm: ArmDescription, moving: Sequence[str], speed: float = 1.0) -> int:
    """Rank of the torque regressor of the identified bodies at random states.

    Parameters
    ----------
    arm
        The arm.
    moving
        Independent coordinates that move, and whose torques are known; the others stay at zero.
    speed
        Standard deviation of the velocities (rad/s) and accelerations (rad/s2).
    """
    generator = np.random.default_rng(SEED)
    free = np.isin(arm.independent_coordinates, moving)
    ranges = dict(arm.ranges_rad)
    lower, upper = np.array([ranges[name] for name in arm.independent_coordinates]).T
    shape = (STATES, len(lower))
    position = generator.uniform(lower, upper, shape)
    velocity, acceleration = speed * generator.standard_normal((2, *shape))
    torque = Arm(arm).regressors(position * free, velocity * free, acceleration * free).torque[:, free]
    magnitude = standard_magnitudes(standard_values(true_parameters(arm), arm.identified_bodies))
    return _rank(_relative_diagonal(torque, magnitude), RANK_TOLERANCE)


def count_tolerances(problem: Problem) -> list[float]:
    """Tolerances below which the data give one coefficient, two, three and so on, from the largest.

    Diagonal entries of R, relative to the largest, of the pivoted QR of the recordings' torque regressor, with columns
    in units of the true standard parameters' magnitudes; those that are rounding are left out.
    """
    stacked = np.concatenate([entry.dynamics.torque for entry in problem.noise_free])
    magnitude = standard_magnitudes(standard_values(problem.nominal, problem.arm.identified_bodies))
    diagonal = _relative_diagonal(stacked, magnitude)
    return [float(entry) for entry in diagonal[: _rank(diagonal, RANK_TOLERANCE)]]


def _relative_diagonal(torque: Array, magnitude: Array) -> Array:
    stacked = torque.reshape(-1, torque.shape[-1]) * magnitude
    triangle = qr(stacked, mode="r", pivoting=True)[0]
    diagonal = np.abs(np.diag(triangle))
    return np.asarray(diagonal / diagonal[0])


def _rank(diagonal: Array, tolerance: float) -> int:
    return int((diagonal > tolerance).sum())


def _elbow(arm: ArmDescription) -> list[str]:
    """Coordinates of the hinges that carry the identified bodies but the first."""
    return [
        turn.coordinate for joint in arm.joints if joint.child in arm.identified_bodies[1:] for turn in joint.rotations
    ]
