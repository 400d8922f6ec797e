"""A problem: recordings seen through a formulation. It knows nothing of solvers, clocks or files."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.acceleration_noise import with_noise
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
NOISE = "noise"  # begins the part of a problem's name that says how noisy its accelerations are


class UnknownProblemError(ValueError):
    """A problem's name does not say which problem is meant."""


@dataclass(frozen=True)
class ProblemName:
    """What a name such as ``m1-ab-published`` or ``m1-ab-published-noise0.1`` stands for."""

    formulation: Formulation
    movements: tuple[str, ...]
    variant: str
    noise_rad_per_s2: float = 0.0

    @classmethod
    def parse(cls, name: str) -> ProblemName:
        """Read a problem's name.

        Raises
        ------
        UnknownProblemError
            If it is not FORMULATION-MOVEMENTS-VARIANT, with or without -noise and a figure behind.
        """
        formulations = {formulation.name: formulation for formulation in FORMULATIONS}
        known_variants = {_short(variant): variant for variant in variants()}
        formulation, movements, variant, noise = [*name.split("-", 3), "", "", ""][:4]
        if formulation not in formulations or variant not in known_variants or not movements.isalpha():
            choices = f"{'|'.join(formulations)}-MOVEMENTS-{'|'.join(known_variants)}"
            raise UnknownProblemError(f"unknown problem {name!r}: expected {choices}, for example m1-ab-published")
        return cls(formulations[formulation], tuple(movements), known_variants[variant], _noise(name, noise))

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

    @cached_property
    def compared_muscles(self) -> tuple[str, ...]:
        """Muscles whose parameters are compared: those that stay visible without the deep muscles' EMG.

        The same under every formulation, as in the paper, so that formulations can be compared.
        """
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
    """The problem called `name`, without noise; its precomputed arrays are kept for further runs."""
    return Problem(name)


def _short(variant: str) -> str:
    """A variant's name in problem names: its first word."""
    return variant.partition("_")[0]


def _noise(problem: str, part: str) -> float:
    """Standard deviation (rad/s2) that the last part of a problem's name asks for, none for no such part."""
    if not part:
        return 0.0
    try:
        value = float(part.removeprefix(NOISE))
    except ValueError:
        value = math.nan
    if not 0.0 < value < math.inf or part != f"{NOISE}{value:g}":
        example = "m1-ab-published-noise0.1 for 0.1 rad/s2 in the accelerations"
        raise UnknownProblemError(f"unknown problem {problem!r}: {part!r} is no noise, expected such as {example}")
    return value
