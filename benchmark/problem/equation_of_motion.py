"""The equation of motion of the constrained arm along a motion that is itself sought, for networks that predict it.

Of a motion near the recorded one, K'(M qdd + tau_bias) is taken to first order about the recording, from Pinocchio's
own regressors, and exactly in the bones; moment arms and the states of the muscles are those of the recording, as
everywhere in this benchmark. At the recorded motion it is exact.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.model.arm import Arm, Regressors, TorqueSlopes
from benchmark.model.backends.torch_backend import TORCH
from benchmark.problem.acceleration_stage import AccelerationStage, kind_by_kind, standard
from benchmark.problem.projection import joined_dynamics, stacked
from benchmark.problem.stage import NoSuchFormError, Stage

Array = NDArray[np.float64]
MOTION = ("position_rad", "velocity_rad_per_s", "acceleration_rad_per_s2")


class Motion(NamedTuple):
    """A motion in the five independent coordinates, in rad, rad/s and rad/s2: tensors, (T, 5) each."""

    position: Any
    velocity: Any
    acceleration: Any


class Signals(NamedTuple):
    """What a recording has that a network may be given.

    Attributes
    ----------
    time_s
        (all samples,).
    emg
        EMG (1) of the measured muscles, (all samples, measured).
    rows
        Indices of the samples that the equation of motion is asked for.
    """

    time_s: Array
    emg: Array
    rows: NDArray[np.intp]


class EquationOfMotion:
    """K'(M qdd + tau_bias) - R f of motions and muscle forces, with the parameters of a stage, in torch.

    Parameters
    ----------
    stage
        The stage whose parameters enter. Its recordings are seen with all five equations a sample.
    stride
        Every how many samples there is one of the T.
    device
        Where torch holds what is here. Muscle forces are computed on the processor all the same.

    Attributes
    ----------
    signals
        Time and EMG of each recording.
    motion
        The recorded one.
    muscles
        Names of all muscles: of the columns of forces.
    modelled
        Indices among the muscles of those that eq. (15) gives the force of; no EMG is given of the others.
    start_strength
        Maximum isometric forces (N) of all muscles at the start, (muscles,).

    Raises
    ------
    NoSuchFormError
        If the stage has no such equation, or other ones.
    """

    def __init__(self, stage: Stage, stride: int = 1, device: str = "cpu") -> None:
        if not isinstance(stage, AccelerationStage):
            raise NoSuchFormError(f"the {stage.name} stage has no equation of motion")
        self._stage = stage.with_all_equations(stride)
        self._device = torch.device(device)
        coupled, start = self._stage.projection.coupled, stage.start_values
        recordings = [entry.recording for entry in coupled]
        own, names = list(stage.space.names), self._stage.space.names
        unseen = [name for name in names if name not in own]
        self._unseen = np.array([start[name] for name in unseen])
        self._order = np.array([[*own, *unseen].index(name) for name in names], dtype=np.intp)
        self.muscles = recordings[0].muscles
        self.modelled = [self.muscles.index(name) for name in self._stage.projection.muscles]
        self.signals = tuple(
            Signals(entry.recording.time_s, np.asarray(entry.recording.emg[:, self.modelled]), entry.counted)
            for entry in coupled
        )
        self.start_strength = self._held(np.array([start[f"{name}.maximum_isometric_force"] for name in self.muscles]))
        recorded = [stacked(coupled, [getattr(own, name) for own in recordings]) for name in MOTION]
        self.motion = Motion(*map(self._held, recorded))
        self._arms = self._held(np.concatenate([entry.arms for entry in coupled]))
        description = coupled[0].arm
        slopes = Arm(description).torque_slopes(*recorded)
        bodies = len(description.identified_bodies)
        self._rows = self._held(_expansion(joined_dynamics(coupled), slopes, bodies))

    @property
    def samples(self) -> int:
        """T, over all recordings."""
        return len(self.motion.position)

    def torque(self, x: Any, motion: Motion) -> Any:
        """K'(M qdd + tau_bias) (N m), (T, 5), of `motion`, with the bones of `x`, (p,), which is on the processor."""
        bones = standard(self._stage.unpack(self._complete(x), TORCH)[0], TORCH)
        inertial = torch.cat([bones, torch.ones(1, dtype=torch.float64)]).to(self._device)
        away = torch.cat([now - then for now, then in zip(motion, self.motion, strict=True)], dim=1)
        at_recorded, slopes = torch.split(self._rows @ inertial, [1, away.shape[1]], dim=2)
        return at_recorded.squeeze(2) + (slopes @ away.unsqueeze(2)).squeeze(2)

    def residual(self, x: Any, motion: Motion, force: Any) -> Any:
        """What is left of the equation of motion (N m), (T, 5), with forces (N) of all muscles, (T, muscles)."""
        return self.torque(x, motion) - (self._arms @ force.unsqueeze(2)).squeeze(2)

    def modelled_force(self, x: Any) -> Any:
        """Forces (N) along the tendons by eq. (15) and the EMG of the muscles `modelled`, (T, modelled)."""
        return self._stage.force(self._complete(x), TORCH).to(self._device)

    def _complete(self, x: Any) -> Any:
        """All that the stage with all equations has; what the other one does not see stays as at the start."""
        return TORCH.gather(x, self._unseen, self._order)

    def _held(self, array: Array) -> Any:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self._device)


def _expansion(dynamics: Regressors, slopes: TorqueSlopes, bodies: int) -> Array:
    """Rows of torque, its slopes by position and velocity, and inertia: (T, 5, 16, 31), over (p, 1) kind by kind."""
    blocks = [
        (dynamics.torque[:, :, None], dynamics.torque_known[:, :, None]),
        (slopes.by_position, slopes.by_position_known),
        (slopes.by_velocity, slopes.by_velocity_known),
        (dynamics.inertia, dynamics.inertia_known),
    ]
    parts = [np.concatenate([kind_by_kind(own, bodies), known[..., None]], axis=-1) for own, known in blocks]
    return np.concatenate(parts, axis=2)
