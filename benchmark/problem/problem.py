"""A problem: recordings seen through a formulation. It knows nothing of solvers, clocks or files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.equilibrium_stage import EquilibriumStage
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.imperfect import imperfect
from benchmark.problem.moment_stage import MomentStage
from benchmark.problem.parameters import Box, bounds_of, draw_start
from benchmark.problem.problem_name import ProblemName, UnknownProblemError
from benchmark.problem.projection import CoupledRecording, Projection, couple, metric_root, project, visible_muscles
from benchmark.problem.scale import acceleration_variance, torque_variance
from benchmark.problem.stage import Stage
from benchmark.problem.start_level import StartLevel
from benchmark.problem.tendon_stage import TendonStage
from datasets.description import ArmDescription

Array = NDArray[np.float64]

__all__ = ["Problem", "ProblemName", "UnknownProblemError", "load_problem"]
FirstStage: TypeAlias = AccelerationStage | MomentStage


class Problem:
    """The shared problem: stages to solve, the truth to compare with, a held-out recording to validate on.

    Parameters
    ----------
    name
        For example ``m1-ab-published``: formulation, movements, arm.
    coupled
        The recordings as an identification sees them; None for the simulated ones.
    seed
        Seed of the imperfections that the name asks for; None for the simulated recordings as they are.

    Attributes
    ----------
    noise_free
        The simulated recordings as they are.
    """

    def __init__(self, name: str, coupled: Sequence[CoupledRecording] | None = None, seed: int | None = None) -> None:
        self.name = name
        self.parsed = ProblemName.parse(name)
        self.noise_free: tuple[CoupledRecording, ...] = tuple(couple(entry) for entry in self.parsed.recordings)
        self.arm: ArmDescription = self.noise_free[0].arm
        self._seed = seed
        self.coupled = tuple(map(self.as_seen, self.noise_free)) if coupled is None else tuple(coupled)
        self.truth: dict[str, float] = self.coupled[0].recording.true_parameters
        self.rigid_tendons: tuple[str, ...] = self.coupled[0].recording.rigid_tendons

    @cached_property
    def projection(self) -> Projection:
        """The recordings seen through the formulation."""
        return project(self.coupled, self.parsed.formulation.deep_muscles, self.parsed.residual_in_torque)

    @cached_property
    def all_equations(self) -> Projection:
        """The recordings with all five equations: no torque is eliminated, and no muscle there that is not modelled."""
        modelled = self.parsed.formulation.deep_muscles == "modelled"
        return project(self.coupled, "modelled" if modelled else "absent", self.parsed.residual_in_torque)

    @property
    def deep_muscles(self) -> tuple[str, ...]:
        """Names of the muscles without surface EMG."""
        return self.coupled[0].recording.deep_muscles

    @property
    def measured_muscles(self) -> tuple[str, ...]:
        """Names of the muscles whose EMG is known under the formulation."""
        unknown = () if self.parsed.formulation.deep_muscles == "modelled" else self.deep_muscles
        return tuple(name for name in self.coupled[0].recording.muscles if name not in unknown)

    @property
    def deep_columns(self) -> NDArray[np.intp]:
        """Indices of the deep muscles among those of the recordings."""
        muscles = self.coupled[0].recording.muscles
        return np.array([muscles.index(name) for name in self.deep_muscles], dtype=np.intp)

    @cached_property
    def deep_arms(self) -> Array:
        """Coupled moment arms of the deep muscles at the samples that count, (T, 5, deep muscles), in m."""
        return np.concatenate([entry.arms[:, :, self.deep_columns] for entry in self.coupled])

    @property
    def samples(self) -> int:
        """Number of samples that count."""
        return sum(len(entry.counted) for entry in self.coupled)

    @property
    def compared_muscles(self) -> tuple[str, ...]:
        """Muscles whose parameters are compared: those that stay visible without the deep muscles' EMG.

        The same under every formulation, as in the paper, so that formulations can be compared.
        """
        return self._visible_muscles

    @property
    def identified_bodies(self) -> tuple[str, ...]:
        """Names of the bodies whose inertial parameters are identified."""
        return self.arm.identified_bodies

    @cached_property
    def _visible_muscles(self) -> tuple[str, ...]:
        return visible_muscles(self.coupled)

    def replicate(self, seed: int) -> Problem:
        """The problem with the imperfections of a seed in its recordings; itself where its name asks for none."""
        if not self.parsed.imperfections:
            return self
        return Problem(self.name, seed=seed)

    def as_seen(self, entry: CoupledRecording) -> CoupledRecording:
        """A simulated recording with the problem's imperfections, the held-out one, for example."""
        if self._seed is None:
            return entry
        return imperfect(entry, self.arm, self.parsed.imperfections, self._seed)

    @property
    def nominal(self) -> dict[str, float]:
        """Parameters to compute magnitudes at, and what is known of them: those of the simulated arm."""
        return self.truth

    def bounds(self, name: str) -> Box:
        """Lower and upper bound of the parameter called `name`, in its unit."""
        return bounds_of(self.arm)(name)

    def start(self, level: StartLevel, seed: int) -> dict[str, float]:
        """Seeded start at a level (0.1 is 10 %, or ``uniform``), all parameters by name."""
        return draw_start(self.nominal, level, seed, self.bounds)

    def first_stage(self, start: Mapping[str, float]) -> FirstStage:
        """What is solved first, from `start`."""
        return self.acceleration_stage(start)

    def acceleration_stage(self, start: Mapping[str, float]) -> AccelerationStage:
        """Stage one from `start`, as the formulation has it; of moment tracking there is none.

        Raises
        ------
        HarnessError
            If the problem is another one.
        """
        return self.parsed.formulation.stage(self, start)

    @property
    def stage_kind(self) -> type[FibreStage | EquilibriumStage]:
        """The plain stage one: eq. (15) at the recorded fibre states, or at those in equilibrium."""
        return FibreStage if self.parsed.fibres == "known" else EquilibriumStage

    def loss_unit(self, start: Mapping[str, float]) -> float:
        """What the mean square of the residual is divided by, var(d_t) of eq. (14): rad2/s4, or N2 m2 of torques."""
        guess = self.stage_kind(self.all_equations, self.arm.identified_bodies, start, variance=1.0)
        if self.parsed.residual_in_torque:
            return torque_variance(guess)
        return acceleration_variance(guess, metric_root(self.arm.coupling_matrix()))

    def next_stage(self, stage: Stage, identified: Array, start: Mapping[str, float]) -> Stage | None:
        """What is solved from `start` after `stage` was, at `identified`, (p,); None after the last stage."""
        return self.tendon_stage(stage, identified, start) if isinstance(stage, FibreStage) else None

    def fibre_stage(self, start: Mapping[str, float]) -> FibreStage:
        """Stage one of a problem with known fibres, from `start`.

        Raises
        ------
        HarnessError
            If the problem's fibres are unknown.
        """
        stage = self.acceleration_stage(start) if self.parsed.fibres == "known" else None
        if not isinstance(stage, FibreStage):
            raise HarnessError(f"{self.name} has unknown fibres, and this needs known ones: give another problem")
        return stage

    def tendon_stage(self, stage: FibreStage, identified: Array, start: Mapping[str, float]) -> TendonStage:
        """Stage two, eq. (16), with stage one solved at `identified`, from `start`."""
        return TendonStage(stage, identified, self.rigid_tendons, start)


@lru_cache(maxsize=4)
def load_problem(name: str) -> Problem:
    """The problem called `name`, its recordings as they are; its precomputed arrays are kept for further runs."""
    if ProblemName.parse(name).formulation.tracks_moments:
        from benchmark.problem.moment_problem import MomentProblem  # it builds on this module

        return MomentProblem(name)
    return Problem(name)
