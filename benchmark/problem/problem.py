"""A problem: recordings seen through a formulation. It knows nothing of solvers, clocks or files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.formulation import ELIMINATION, FORMULATIONS, Formulation
from benchmark.problem.parameters import draw_start
from benchmark.problem.projection import CoupledRecording, Projection, couple, metric_root, project, visible_muscles
from benchmark.problem.scale import acceleration_variance
from benchmark.problem.start_level import StartLevel
from benchmark.problem.tendon_stage import TendonStage
from datasets.arm_files import load_arm, variants
from datasets.description import ArmDescription

Array = NDArray[np.float64]

HELD_OUT_MOVEMENT = "c"


class UnknownProblemError(ValueError):
    """A problem's name does not say which problem is meant."""


@dataclass(frozen=True)
class ProblemName:
    """What a name such as ``m1-ab-published`` stands for."""

    formulation: Formulation
    movements: tuple[str, ...]
    variant: str

    @classmethod
    def parse(cls, name: str) -> ProblemName:
        """Read a problem's name.

        Raises
        ------
        UnknownProblemError
            If it is not FORMULATION-MOVEMENTS-VARIANT.
        """
        formulations = {formulation.name: formulation for formulation in FORMULATIONS}
        known_variants = {_short(variant): variant for variant in variants()}
        parts = name.split("-")
        if len(parts) != 3 or parts[0] not in formulations or parts[2] not in known_variants or not parts[1].isalpha():
            choices = f"{'|'.join(formulations)}-MOVEMENTS-{'|'.join(known_variants)}"
            raise UnknownProblemError(f"unknown problem {name!r}: expected {choices}, for example m1-ab-published")
        return cls(formulations[parts[0]], tuple(parts[1]), known_variants[parts[2]])

    @property
    def recordings(self) -> tuple[str, ...]:
        """Names of the recordings to identify from."""
        return tuple(f"{movement}-{self.variant}" for movement in self.movements)

    @property
    def held_out(self) -> str:
        """Name of the recording to validate on."""
        return f"{HELD_OUT_MOVEMENT}-{self.variant}"


class Problem:
    """The shared problem: stages to solve, the truth to compare with, a held-out recording to validate on.

    Parameters
    ----------
    name
        For example ``m1-ab-published``: formulation, movements, variant of the arm.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.parsed = ProblemName.parse(name)
        self.coupled: tuple[CoupledRecording, ...] = tuple(couple(entry) for entry in self.parsed.recordings)
        self.arm: ArmDescription = load_arm(self.parsed.variant)
        self.truth: dict[str, float] = self.coupled[0].recording.true_parameters
        self.rigid_tendons: tuple[str, ...] = self.coupled[0].recording.rigid_tendons

    @cached_property
    def projection(self) -> Projection:
        """The recordings seen through the formulation."""
        return project(self.coupled, self.parsed.formulation)

    @cached_property
    def compared_muscles(self) -> tuple[str, ...]:
        """Muscles whose parameters are compared: those that stay visible without the deep muscles' EMG.

        The same under every formulation, as in the paper, so that formulations can be compared.
        """
        return visible_muscles(self.coupled, ELIMINATION)

    @cached_property
    def _all_equations(self) -> Projection:
        return project(self.coupled, self.parsed.formulation, eliminate=False)

    def start(self, level: StartLevel, seed: int) -> dict[str, float]:
        """Seeded start at a level (0.1 is 10 %, or ``uniform``), all parameters by name."""
        return draw_start(self.truth, level, seed)

    def fibre_stage(self, start: Mapping[str, float]) -> FibreStage:
        """Stage one, eq. (14) with (15), from `start`."""
        bodies = self.arm.identified_bodies
        metric = metric_root(self.arm.coupling_matrix())
        variance = acceleration_variance(self._all_equations, bodies, start, metric)
        return FibreStage(self.projection, bodies, start, variance)

    def tendon_stage(self, stage: FibreStage, identified: Array, start: Mapping[str, float]) -> TendonStage:
        """Stage two, eq. (16), with stage one solved at `identified`, from `start`."""
        return TendonStage(stage, identified, self.rigid_tendons, start)


@lru_cache(maxsize=4)
def load_problem(name: str) -> Problem:
    """The problem called `name`; its precomputed arrays are kept for further runs."""
    return Problem(name)


def _short(variant: str) -> str:
    """A variant's name in problem names: its first word."""
    return variant.partition("_")[0]
