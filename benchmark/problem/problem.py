"""A problem: recordings seen through a formulation. It knows nothing of solvers, clocks or files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.problem.acceleration_noise import with_noise
from benchmark.problem.equilibrium_stage import EquilibriumStage
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.formulation import ELIMINATION
from benchmark.problem.moment_stage import MomentStage
from benchmark.problem.parameters import Box, bounds, draw_start
from benchmark.problem.problem_name import ProblemName, UnknownProblemError
from benchmark.problem.projection import CoupledRecording, Projection, couple, metric_root, project, visible_muscles
from benchmark.problem.scale import acceleration_variance
from benchmark.problem.stage import Stage
from benchmark.problem.start_level import StartLevel
from benchmark.problem.tendon_stage import TendonStage
from datasets.arm_files import load_arm
from datasets.description import ArmDescription

Array = NDArray[np.float64]

__all__ = ["Problem", "ProblemName", "UnknownProblemError", "load_problem"]
FirstStage: TypeAlias = FibreStage | EquilibriumStage | MomentStage


class Problem:
    """The shared problem: stages to solve, the truth to compare with, a held-out recording to validate on.

    Parameters
    ----------
    name
        For example ``m1-ab-published``: formulation, movements, variant of the arm.
    coupled
        The recordings as an identification sees them; None for the simulated ones as they are.

    Attributes
    ----------
    noise_free
        The simulated recordings as they are.
    """

    def __init__(self, name: str, coupled: Sequence[CoupledRecording] | None = None) -> None:
        self.name = name
        self.parsed = ProblemName.parse(name)
        self.noise_free: tuple[CoupledRecording, ...] = tuple(couple(entry) for entry in self.parsed.recordings)
        self.coupled = self.noise_free if coupled is None else tuple(coupled)
        self.arm: ArmDescription = load_arm(self.parsed.variant)
        self.truth: dict[str, float] = self.coupled[0].recording.true_parameters
        self.rigid_tendons: tuple[str, ...] = self.coupled[0].recording.rigid_tendons

    @cached_property
    def projection(self) -> Projection:
        """The recordings seen through the formulation."""
        return project(self.coupled, self.parsed.formulation)

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
        return visible_muscles(self.coupled, ELIMINATION)

    @cached_property
    def _all_equations(self) -> Projection:
        return project(self.coupled, self.parsed.formulation, eliminate=False)

    def replicate(self, seed: int) -> Problem:
        """The problem with the noise of a seed in its accelerations; itself where its name asks for none."""
        noise = self.parsed.noise_rad_per_s2
        if noise == 0.0:
            return self
        return Problem(self.name, [with_noise(entry, noise, seed) for entry in self.noise_free])

    def bounds(self, name: str) -> Box:
        """Lower and upper bound of the parameter called `name`, in its unit."""
        return bounds(name)

    def start(self, level: StartLevel, seed: int) -> dict[str, float]:
        """Seeded start at a level (0.1 is 10 %, or ``uniform``), all parameters by name."""
        return draw_start(self.truth, level, seed)

    def first_stage(self, start: Mapping[str, float]) -> FirstStage:
        """What is solved first, from `start`."""
        return self.acceleration_stage(start)

    def acceleration_stage(self, start: Mapping[str, float]) -> FibreStage | EquilibriumStage:
        """Stage one, eq. (14), from `start`: with eq. (15) at the recorded fibre states, or at those in equilibrium.

        Raises
        ------
        HarnessError
            If the problem is another one.
        """
        kind = FibreStage if self.parsed.fibres == "known" else EquilibriumStage
        bodies, metric = self.arm.identified_bodies, metric_root(self.arm.coupling_matrix())
        variance = acceleration_variance(kind(self._all_equations, bodies, start, variance=1.0), metric)
        return kind(self.projection, bodies, start, variance)

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
    """The problem called `name`, without noise; its precomputed arrays are kept for further runs."""
    if ProblemName.parse(name).formulation.tracks_moments:
        from benchmark.problem.moment_problem import MomentProblem  # it builds on this module

        return MomentProblem(name)
    return Problem(name)
