"""The loss of stage one as the paper computes it, eq. (7)-(15) and (17)-(21) literally, for automatic differentiation.

What no parameter changes is computed once; M, its inverse, the weighted pseudo-inverse of G, A, B and the
pseudo-inverse of B are computed at every sample and every call, and nothing is eliminated beforehand. Elbow muscles
that the loss cannot see are left out, as they are of the parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.model.arm import Arm, FullDynamics
from benchmark.model.literal import constraint_matrix, literal_loss, literal_residual, spatial_inertia
from benchmark.problem.projection import CoupledRecording, Projection

Array = NDArray[np.float64]
TensorFunction = Callable[[torch.Tensor], torch.Tensor]


class FullMotion:
    """Recordings in all 16 coordinates, as torch constants over T samples.

    Attributes
    ----------
    jacobian, inertia_known
        Stacked body Jacobians, (T, bodies, 6, 16), and the known part of M, (T, 16, 16).
    bias, bias_known
        tau_bias over the standard parameters, (16 T, 30) and (T, 16), in N m.
    acceleration
        Measured accelerations, (T, 16), in rad/s2.
    constraint
        G, (11, 16).
    arms, deep_arms
        J_ms', (T, 16, muscles that take part), and J_md', (T, 16, eliminated muscles), in m.
    """

    def __init__(self, seen: Projection) -> None:
        description = seen.arm
        coupling = description.coupling_matrix()
        parts = [_full_dynamics(entry) for entry in seen.coupled]
        self.jacobian = _joined([part.body_jacobian for part in parts])
        self.inertia_known = _joined([part.inertia_known for part in parts])
        self.bias = _joined([part.bias for part in parts]).flatten(0, 1)
        self.bias_known = _joined([part.bias_known for part in parts])
        motions = [entry.recording.acceleration_rad_per_s2[entry.counted] for entry in seen.coupled]
        self.acceleration = _joined([motion @ coupling.T for motion in motions])
        self.constraint = torch.from_numpy(constraint_matrix(description))
        independent = [description.coordinates.index(name) for name in description.independent_coordinates]
        self.arms = _full_arms(seen.coupled, seen.muscles, independent, len(description.coordinates))
        self.deep_arms = _full_arms(seen.coupled, seen.eliminated, independent, len(description.coordinates))

    def mass_matrix(self, standard: torch.Tensor) -> torch.Tensor:
        """M of eq. (1), (T, 16, 16), from standard parameters, (10, bodies)."""
        moved = spatial_inertia(standard) @ self.jacobian
        return self.inertia_known + self.jacobian.flatten(1, 2).mT @ moved.flatten(1, 2)

    def bias_torque(self, standard: torch.Tensor) -> torch.Tensor:
        """tau_bias of eq. (1), (T, 16), from standard parameters, (10, bodies)."""
        return self.bias_known + (self.bias @ standard.T.flatten()).reshape(self.bias_known.shape)


def paper_loss(seen: Projection, variance: float, standard: TensorFunction, force: TensorFunction) -> TensorFunction:
    """The loss of eq. (14), a differentiable scalar, as a function of the parameters of stage one.

    Parameters
    ----------
    seen
        The recordings, and which muscles take part and which are eliminated.
    variance
        var(d_t), in rad2/s4.
    standard
        From the parameters to standard parameters of the bones, (10 bodies,), kind by kind.
    force
        From the parameters to forces (N) of the muscles that take part, (T, n).
    """
    motion = FullMotion(seen)

    def loss(x: torch.Tensor) -> torch.Tensor:
        bones = standard(x).reshape(-1, motion.jacobian.shape[1])
        residual = literal_residual(
            motion.mass_matrix(bones),
            motion.bias_torque(bones),
            motion.acceleration,
            motion.constraint,
            motion.arms,
            force(x),
            motion.deep_arms,
        )
        return literal_loss(residual, variance)

    return loss


@lru_cache(maxsize=8)
def _full_dynamics(coupled: CoupledRecording) -> FullDynamics:
    recording, counted = coupled.recording, coupled.counted
    arm = Arm(coupled.arm)
    return arm.full_dynamics(recording.position_rad[counted], recording.velocity_rad_per_s[counted])


def _full_arms(
    coupled: Sequence[CoupledRecording], muscles: Sequence[str], independent: Sequence[int], coordinates: int
) -> torch.Tensor:
    """Moment arms of some muscles, (T, coordinates, muscles); they are zero about the dependent coordinates."""
    columns = [coupled[0].recording.muscles.index(name) for name in muscles]
    own = np.concatenate([entry.arms[:, :, columns] for entry in coupled])
    arms = np.zeros((len(own), coordinates, len(columns)))
    arms[:, independent] = own
    return torch.from_numpy(arms)


def _joined(parts: Sequence[Array]) -> torch.Tensor:
    return torch.from_numpy(np.concatenate(parts))
