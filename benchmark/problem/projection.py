"""What a formulation needs of a recording, computed once: everything that no identified parameter changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmark.model.arm import Arm, Regressors
from benchmark.problem.formulations.formulation import DeepMuscles
from benchmark.problem.null_space import left_null_space
from datasets.description import ArmDescription
from datasets.recording import Recording
from datasets.recording_files import read_recording

Array = NDArray[np.float64]

SETTLING_TIME_S = 0.3  # left out of every residual, so that the activations' unknown start does not matter
# Where a muscle comes onto a surface, OpenSim's wrapping can leave it with an arm of some 1e-6 m about joints that it
# does not span (seen of PQ, on a hundredth of the samples). Such samples are left out; smaller arms are rounding.
STRAY_ARM_M = 1e-9


@dataclass(frozen=True, eq=False)
class CoupledRecording:
    """A recording with its motion's regressors, from the settling time on.

    Attributes
    ----------
    recording
        The recording itself.
    arm
        The arm that its motion is seen with.
    counted
        Indices of the samples that count, (T,).
    arms
        Coupled moment arms of all muscles at these samples, (T, 5, muscles), in m; zero where a joint is not spanned.
    dynamics
        Regressors at these samples, (T, ...).
    """

    recording: Recording
    arm: ArmDescription
    counted: NDArray[np.intp]
    arms: Array
    dynamics: Regressors

    def thinned(self, stride: int) -> CoupledRecording:
        """The same with every `stride`-th of its samples that count."""
        own = {field.name: getattr(self.dynamics, field.name)[::stride] for field in fields(self.dynamics)}
        return replace(self, counted=self.counted[::stride], arms=self.arms[::stride], dynamics=Regressors(**own))


@dataclass(frozen=True, eq=False)
class Projection:
    """Recordings as a formulation sees them: T samples that count, m equations each, n muscles that take part.

    Attributes
    ----------
    coupled
        The recordings themselves.
    muscles, eliminated
        Names of the muscles whose parameters enter the equations, and of those whose torques are eliminated.
    counted
        Indices of the samples that count of each recording.
    emg
        EMG of each whole recording, (all samples, n).
    musculotendon_length
        (T, n), in m.
    arms
        W'R_s, (T, m, n), in m.
    torque, torque_known
        W'K'(M qdd + tau_bias) over the standard parameters, (T, m, 30) and (T, m), in N m.
    inertia, inertia_known
        C^(1/2)' Mbar W over the standard parameters, (T, 5, m, 30) and (T, 5, m), with C = (K'K)^-1: it turns torques
        into accelerations. Where the residual is to be in N m, nothing and columns of the unit matrix instead.
    """

    coupled: tuple[CoupledRecording, ...]
    muscles: tuple[str, ...]
    eliminated: tuple[str, ...]
    counted: tuple[NDArray[np.intp], ...]
    sample_time_s: float
    emg: tuple[Array, ...]
    musculotendon_length: Array
    arms: Array
    torque: Array
    torque_known: Array
    inertia: Array
    inertia_known: Array

    @property
    def samples(self) -> int:
        """T, the number of samples that count."""
        return len(self.musculotendon_length)

    @property
    def equations(self) -> int:
        """Equations a sample, m."""
        return int(self.arms.shape[1])

    @property
    def arm(self) -> ArmDescription:
        """The arm that the recordings are of."""
        return self.coupled[0].arm

    @cached_property
    def length(self) -> Array:
        """Fibre lengths, (T, n), in m; of simulated recordings alone."""
        return self._of_muscles([entry.recording.states.fibre_length_m for entry in self.coupled])

    @cached_property
    def velocity(self) -> Array:
        """Fibre velocities, (T, n), in m/s; of simulated recordings alone."""
        return self._of_muscles([entry.recording.states.fibre_velocity_m_per_s for entry in self.coupled])

    def _of_muscles(self, values: Sequence[Array]) -> Array:
        taking_part = [self.coupled[0].recording.muscles.index(name) for name in self.muscles]
        return stacked(self.coupled, [array[:, taking_part] for array in values])

    def columns(self, names: Sequence[str]) -> NDArray[np.intp]:
        """Indices of some of the muscles."""
        return np.array([self.muscles.index(name) for name in names], dtype=np.intp)


@lru_cache(maxsize=8)
def couple(name: str | Path) -> CoupledRecording:
    """Read a recording and compute its motion's regressors."""
    recording = read_recording(name)
    return couple_recording(recording, recording.arm)


def couple_recording(recording: Recording, description: ArmDescription) -> CoupledRecording:
    """Compute the regressors of a recording's motion, with the segments of an arm; those to be identified are free."""
    spans = description.spanned()
    stray = np.abs(np.where(spans, 0.0, recording.moment_arm_m)).max(axis=(1, 2))
    counted = np.flatnonzero((recording.time_s >= SETTLING_TIME_S) & (stray < STRAY_ARM_M))
    arms = np.where(spans, recording.moment_arm_m[counted], 0.0).transpose(0, 2, 1)
    motion = (recording.position_rad, recording.velocity_rad_per_s, recording.acceleration_rad_per_s2)
    dynamics = Arm(description).regressors(*(values[counted] for values in motion))
    return CoupledRecording(recording, description, counted, arms, dynamics)


def project(coupled: Sequence[CoupledRecording], deep_muscles: DeepMuscles, in_torque: bool = False) -> Projection:
    """See recordings of one arm as a formulation does.

    Muscles without any influence on the equations that are left (TRIlat and BRD, when the deep muscles are
    eliminated) are found by their moment arms and left out.

    Parameters
    ----------
    coupled
        The recordings.
    deep_muscles
        What becomes of the deep muscles' torques; where they are absent, all five equations stay, without them.
    in_torque
        Whether the residual is to be in N m instead of rad/s2.
    """
    recordings = [entry.recording for entry in coupled]
    basis, arms, taking_part, eliminated = _projected_arms(coupled, deep_muscles)
    dynamics = joined_dynamics(coupled)
    inertia, inertia_known = _inertia(dynamics, basis, coupled[0].arm, in_torque)
    return Projection(
        coupled=tuple(coupled),
        muscles=_names(coupled, taking_part),
        eliminated=_names(coupled, eliminated),
        counted=tuple(entry.counted for entry in coupled),
        sample_time_s=1.0 / recordings[0].sampling_rate_hz,
        emg=tuple(np.ascontiguousarray(recording.emg[:, taking_part]) for recording in recordings),
        musculotendon_length=stacked(coupled, [entry.musculotendon_length_m[:, taking_part] for entry in recordings]),
        arms=arms[:, :, taking_part],
        torque=np.einsum("tck,tcp->tkp", basis, dynamics.torque),
        torque_known=np.einsum("tck,tc->tk", basis, dynamics.torque_known),
        inertia=inertia,
        inertia_known=inertia_known,
    )


def visible_muscles(coupled: Sequence[CoupledRecording]) -> tuple[str, ...]:
    """Names of the muscles that take part in what is left of the equations once the deep ones are eliminated."""
    return _names(coupled, _projected_arms(coupled, "eliminated")[2])


def _inertia(dynamics: Regressors, basis: Array, arm: ArmDescription, in_torque: bool) -> tuple[Array, Array]:
    """What turns torques into the residual, over the standard parameters and known: see :class:`Projection`."""
    if in_torque:
        known = np.zeros((*basis.shape[:1], dynamics.inertia.shape[1], basis.shape[2]))
        known[:] = np.eye(*known.shape[1:])
        return np.zeros((*known.shape, dynamics.inertia.shape[-1])), known
    root = metric_root(arm.coupling_matrix())
    return (
        np.einsum("cd,tcep,tek->tdkp", root, dynamics.inertia, basis, optimize=True),
        np.einsum("cd,tce,tek->tdk", root, dynamics.inertia_known, basis, optimize=True),
    )


def _projected_arms(
    coupled: Sequence[CoupledRecording], deep_muscles: DeepMuscles
) -> tuple[Array, Array, NDArray[np.bool_], NDArray[np.bool_]]:
    """W, (T, 5, m), W'R of all muscles, (T, m, all), which of them take part, and which are eliminated."""
    recording = coupled[0].recording
    deep = np.array([name in recording.deep_muscles for name in recording.muscles])
    all_arms = np.concatenate([entry.arms for entry in coupled])
    eliminated = deep & (deep_muscles == "eliminated")
    basis = left_null_space(all_arms[:, :, eliminated])
    arms = np.einsum("tck,tcn->tkn", basis, all_arms)
    modelled = ~deep | (deep_muscles == "modelled")
    return basis, arms, modelled & (arms != 0.0).any(axis=(0, 1)), eliminated


def _names(coupled: Sequence[CoupledRecording], which: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(np.array(coupled[0].recording.muscles)[which].tolist())


def stacked(coupled: Sequence[CoupledRecording], values: Sequence[Array]) -> Array:
    """Arrays over all samples of each recording, (all samples, ...), at those that count, one after another."""
    return np.concatenate([array[entry.counted] for entry, array in zip(coupled, values, strict=True)])


def joined_dynamics(coupled: Sequence[CoupledRecording]) -> Regressors:
    """Regressors of recordings one after another."""
    parts = [entry.dynamics for entry in coupled]
    return Regressors(*(np.concatenate([getattr(part, own.name) for part in parts]) for own in fields(Regressors)))


def metric_root(coupling: Array) -> Array:
    """A square root of C = (K'K)^-1: the matrix whose transpose times v has the norm sqrt(v'Cv)."""
    return np.linalg.cholesky(np.linalg.inv(coupling.T @ coupling))
