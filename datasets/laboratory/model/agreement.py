"""Whether the description of a laboratory's model moves as OpenSim moves the model itself.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import opensim
from numpy.typing import NDArray

from benchmark.model.arm import Arm
from datasets.description import ArmDescription
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.model.lines import Line
from datasets.laboratory.model.posed import PosedModel

Array = NDArray[np.float64]

POSES = 10
SPEED_RAD_PER_S = 3.0
TOLERANCE = 1e-8  # of the largest entry
SEED = 1
STEP_RAD = 1e-3  # of differences: truncation and rounding both cost some 1e-12 of the inertia


class Reference:
    """OpenSim's own rigid-body dynamics of a model, in the independent coordinates.

    Parameters
    ----------
    path
        The model's file.
    lines
        What each coordinate is.
    independent
        Names of the independent coordinates.
    """

    def __init__(self, path: Path, lines: Mapping[str, Line], independent: tuple[str, ...]) -> None:
        self._posed = PosedModel(path, lines, independent, ())
        self._inverse_dynamics = opensim.InverseDynamicsSolver(self._posed.model)
        still = np.zeros(len(independent))
        # Speeds of OpenSim's mobilities, in its own order, for a unit speed of each independent coordinate.
        columns = [self._posed.place(still, speed).getU().to_numpy() for speed in np.eye(len(independent))]
        self._coupling = np.transpose(columns)

    def mass(self, position_rad: Array) -> Array:
        """K'MK (n, n), in kg m2, at positions (n,)."""
        state = self._posed.place(position_rad, np.zeros(position_rad.size))
        size = len(self._coupling)
        matrix = opensim.Matrix()
        self._posed.model.getMatterSubsystem().calcM(state, matrix)
        full = np.array([[matrix.get(row, column) for column in range(size)] for row in range(size)])
        return np.asarray(self._coupling.T @ full @ self._coupling)

    def bias(self, position_rad: Array, velocity_rad_per_s: Array) -> Array:
        """K' tau_bias (n,), in N m, at positions and velocities (n,).

        OpenSim's own of the arm at rest, and Lagrange's equations of its inertia of the rest: OpenSim's inverse
        dynamics are off by some percent where a coordinate turns the first and the third axis of a CustomJoint and
        another one the second.
        """
        state = self._posed.place(position_rad, np.zeros(position_rad.size))
        still = self._inverse_dynamics.solve(state, opensim.Vector(len(self._coupling), 0.0)).to_numpy()
        slopes = np.array([self._mass_slope(position_rad, direction) for direction in np.eye(position_rad.size)])
        v = velocity_rad_per_s
        moving = np.einsum("kij,k,j->i", slopes, v, v) - 0.5 * np.einsum("ijk,j,k->i", slopes, v, v)
        return np.asarray(self._coupling.T @ still + moving)

    def _mass_slope(self, position_rad: Array, direction: Array) -> Array:
        """Derivative of the inertia along a direction, by differences of the fourth order."""
        near, far = (
            self.mass(position_rad + step * direction) - self.mass(position_rad - step * direction)
            for step in (STEP_RAD, 2.0 * STEP_RAD)
        )
        return (8.0 * near - far) / (12.0 * STEP_RAD)


def check_dynamics(path: Path, lines: Mapping[str, Line], arm: ArmDescription) -> float:
    """Compare inertia and bias torques of a description with those of the model that it is of, at random poses.

    Parameters
    ----------
    path
        The model's file.
    lines
        What each of its coordinates is.
    arm
        Its description.

    Returns
    -------
    float
        The largest difference, of the largest entry.

    Raises
    ------
    LaboratoryError
        If they differ by more than `TOLERANCE`.
    """
    ours, theirs = Arm(arm), Reference(path, lines, arm.independent_coordinates)
    low, high = np.transpose([limits for _, limits in arm.ranges_rad])
    generator = np.random.default_rng(SEED)
    K, worst = ours.coupling, 0.0
    for _ in range(POSES):
        position = generator.uniform(low, high)
        velocity = generator.uniform(-SPEED_RAD_PER_S, SPEED_RAD_PER_S, low.size)
        full = K @ position + ours.offset
        found = (K.T @ ours.mass_matrix(full) @ K, K.T @ ours.bias_torque(full, K @ velocity))
        expected = (theirs.mass(position), theirs.bias(position, velocity))
        for own, reference in zip(found, expected, strict=True):
            off = np.abs(own - reference) / (np.abs(reference).max() or 1.0)
            worst = max(worst, float(off.max()))
            if not off.max() <= TOLERANCE:
                name = arm.independent_coordinates[int(np.unravel_index(np.nanargmax(off), off.shape)[0])]
                raise LaboratoryError(
                    f"{path}: the torques about coordinate {name} are not those of OpenSim, off by {off.max():.1e} of "
                    f"the largest, expected {TOLERANCE:g} at most; lock it with --lock {name}, or simplify the joints "
                    f"that it moves"
                )
    return worst
