"""Names of problems: what they say, without the problems themselves, which take seconds to load."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from benchmark.problem.formulations import FORMULATIONS
from benchmark.problem.formulations.formulation import Formulation
from benchmark.problem.imperfections import IMPERFECTIONS
from benchmark.problem.imperfections.acceleration_noise import ACCELERATION_NOISE
from datasets.arm_files import variants

# Parts of a name that say what is not as usual.
FIBRES_UNKNOWN: Final = "fibres_unknown"  # without it the fibres are known
IN_TORQUE: Final = "torque"  # the residual is in N m; without it in rad/s2
SMOOTH_PENALTY: Final = "smooth_penalty"  # moment tracking's penalty does not jump
NOISE: Final = ACCELERATION_NOISE.name
NONE: Final = "none"

Fibres: TypeAlias = Literal["known", "unknown"]


class UnknownProblemError(ValueError):
    """A problem's name does not say which problem is meant."""


@dataclass(frozen=True)
class ProblemName:
    """What a name such as ``m1-ab-published`` or ``m1-ab-subject1-torque-emg_noise0.1`` stands for.

    Attributes
    ----------
    formulation
        How the deep muscles are treated.
    movements, variant
        What was recorded, and of which arm.
    fibres
        Whether fibre lengths and velocities are data, or those of muscle and tendon together are.
    in_torque
        Whether the residual is asked for in N m instead of rad/s2.
    smooth_penalty
        Whether moment tracking's penalty on fibre lengths is smooth.
    imperfections
        What is wrong with the recordings: names of imperfections and their sizes, each in its own unit.
    """

    formulation: Formulation
    movements: tuple[str, ...]
    variant: str
    fibres: Fibres = "known"
    in_torque: bool = False
    smooth_penalty: bool = False
    imperfections: tuple[tuple[str, float], ...] = ()

    @classmethod
    def parse(cls, name: str) -> ProblemName:
        """Read a problem's name.

        Raises
        ------
        UnknownProblemError
            If it is not FORMULATION-MOVEMENTS-ARM, with or without -fibres_unknown, -torque and imperfections with a
            figure behind each, in this order; of moment tracking, with or without -smooth_penalty.
        """
        known_variants = {_short(variant): variant for variant in variants()}
        formulation, movements, variant, *added = [*name.split("-"), *[""] * max(0, 2 - name.count("-"))]
        if formulation not in FORMULATIONS or variant not in known_variants or not movements.isalpha():
            choices = f"{'|'.join(FORMULATIONS)}-MOVEMENTS-{'|'.join(known_variants)}"
            raise UnknownProblemError(f"unknown problem {name!r}: expected {choices}, for example m1-ab-published")
        place = (FORMULATIONS[formulation], tuple(movements), known_variants[variant])
        if place[0].tracks_moments:
            if added not in ([], [SMOOTH_PENALTY]):
                expected = f"{formulation}-{movements}-{variant}-{SMOOTH_PENALTY}"
                raise UnknownProblemError(f"unknown problem {name!r}: expected {expected}, or without its last part")
            return cls(*place, fibres="unknown", smooth_penalty=bool(added))
        unknown_fibres = added[:1] == [FIBRES_UNKNOWN]
        in_torque = added[unknown_fibres : unknown_fibres + 1] == [IN_TORQUE]
        if in_torque and place[0].residual_in_torque:
            raise UnknownProblemError(f"unknown problem {name!r}: {formulation} is in N m without -{IN_TORQUE}")
        imperfections = _imperfections(name, added[unknown_fibres + in_torque :])
        return cls(*place, "unknown" if unknown_fibres else "known", in_torque, imperfections=imperfections)

    @property
    def family(self) -> str:
        """What problems whose evaluations cost alike have in common: ``m1``, ``m1-fibres_unknown`` and so on."""
        return "-".join([self.formulation.name, *self._of_fibres])

    @property
    def residual_in_torque(self) -> bool:
        """Whether the residual is in N m, as asked for or as the formulation has it."""
        return self.in_torque or self.formulation.residual_in_torque

    @property
    def noise_rad_per_s2(self) -> float:
        """Standard deviation of the accelerations' noise."""
        return dict(self.imperfections).get(NOISE, 0.0)

    @property
    def treatment(self) -> str:
        """The formulation, with what else is done differently: ``m1``, ``m1-torque``, ``m1-fibres_unknown``."""
        return "-".join([self.formulation.name, *self._added])

    @property
    def imperfection(self) -> str:
        """The imperfections in words of the name, such as ``emg_noise0.1``; ``none`` without any."""
        return "-".join(f"{name}{size:g}" for name, size in self.imperfections) or NONE

    @property
    def without_imperfections(self) -> str:
        """Name of the same problem with recordings as they are."""
        return "-".join([self.formulation.name, "".join(self.movements), _short(self.variant), *self._added])

    @property
    def _of_fibres(self) -> list[str]:
        """Unknown fibres go without saying where moments are tracked."""
        return [FIBRES_UNKNOWN] if self.fibres == "unknown" and not self.formulation.tracks_moments else []

    @property
    def _added(self) -> list[str]:
        """What the name says behind formulation, movements and arm, without imperfections."""
        flags = {IN_TORQUE: self.in_torque, SMOOTH_PENALTY: self.smooth_penalty}
        return [*self._of_fibres, *(flag for flag, is_set in flags.items() if is_set)]

    @property
    def recordings(self) -> tuple[str, ...]:
        """Names of the recordings to identify from."""
        return tuple(f"{movement}-{self.variant}" for movement in self.movements)

    @property
    def held_out(self) -> tuple[str, ...]:
        """Names of the recordings to validate on."""
        return tuple(f"{movement}-{self.variant}" for movement in self.formulation.held_out_movements)


@cache
def known_problem(name: str) -> ProblemName | None:
    """What a problem's name stands for; None of what older runs call a problem, and nobody does any more."""
    try:
        return ProblemName.parse(name)
    except UnknownProblemError:
        return None


def _short(variant: str) -> str:
    """A variant's name in problem names: its first word."""
    return variant.partition("_")[0]


def _imperfections(problem: str, parts: list[str]) -> tuple[tuple[str, float], ...]:
    """Imperfections that the end of a problem's name asks for, in its order; each once."""
    found = [_imperfection(problem, part) for part in parts]
    names = [name for name, _ in found]
    if len(set(names)) < len(names):
        raise UnknownProblemError(f"unknown problem {problem!r}: it has an imperfection twice")
    if names != sorted(names, key=list(IMPERFECTIONS).index):
        raise UnknownProblemError(f"unknown problem {problem!r}: imperfections come in the order {_choices()}")
    return tuple(found)


def _imperfection(problem: str, part: str) -> tuple[str, float]:
    """The imperfection that a part of a problem's name asks for, and its size."""
    name, figure = re.fullmatch(r"([a-z_]*)(.*)", part, re.DOTALL).groups()  # type: ignore[union-attr]
    try:
        size = float(figure)
    except ValueError:
        size = math.nan
    if name not in IMPERFECTIONS or not 0.0 < size < math.inf or part != f"{name}{size:g}":
        raise UnknownProblemError(
            f"unknown problem {problem!r}: {part!r} is none of {FIBRES_UNKNOWN}, {IN_TORQUE} and the imperfections "
            f"{_choices()} with a figure behind, in this order, such as m1-ab-published-noise0.1 for 0.1 rad/s2"
        )
    return name, size


def _choices() -> str:
    return ", ".join(IMPERFECTIONS)
