"""Names of problems: what they say, without the problems themselves, which take seconds to load."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from benchmark.problem.formulation import FORMULATIONS, Formulation
from datasets.arm_files import variants

FIBRES_UNKNOWN: Final = "fibres_unknown"  # the part of a problem's name that says so; without it they are known
SMOOTH_PENALTY: Final = "smooth_penalty"  # the part that says that moment tracking's penalty does not jump
NOISE = "noise"  # begins the part of a problem's name that says how noisy its accelerations are

Fibres: TypeAlias = Literal["known", "unknown"]


class UnknownProblemError(ValueError):
    """A problem's name does not say which problem is meant."""


@dataclass(frozen=True)
class ProblemName:
    """What a name such as ``m1-ab-published`` or ``m1-ab-published-fibres_unknown-noise0.1`` stands for.

    Attributes
    ----------
    formulation
        How the deep muscles are treated.
    movements, variant
        What was recorded, and of which arm.
    noise_rad_per_s2
        Standard deviation of the accelerations' noise.
    fibres
        Whether fibre lengths and velocities are data, or those of muscle and tendon together are.
    smooth_penalty
        Whether moment tracking's penalty on fibre lengths is smooth.
    """

    formulation: Formulation
    movements: tuple[str, ...]
    variant: str
    noise_rad_per_s2: float = 0.0
    fibres: Fibres = "known"
    smooth_penalty: bool = False

    @classmethod
    def parse(cls, name: str) -> ProblemName:
        """Read a problem's name.

        Raises
        ------
        UnknownProblemError
            If it is not FORMULATION-MOVEMENTS-VARIANT, with or without -fibres_unknown, with or without -noise and a
            figure behind; of moment tracking, with or without -smooth_penalty.
        """
        formulations = {formulation.name: formulation for formulation in FORMULATIONS}
        known_variants = {_short(variant): variant for variant in variants()}
        formulation, movements, variant, added = [*name.split("-", 3), "", "", ""][:4]
        if formulation not in formulations or variant not in known_variants or not movements.isalpha():
            choices = f"{'|'.join(formulations)}-MOVEMENTS-{'|'.join(known_variants)}"
            raise UnknownProblemError(f"unknown problem {name!r}: expected {choices}, for example m1-ab-published")
        if formulations[formulation].tracks_moments:
            if added not in ("", SMOOTH_PENALTY):
                expected = f"{formulation}-{movements}-{variant}-{SMOOTH_PENALTY}"
                raise UnknownProblemError(f"unknown problem {name!r}: expected {expected}, or without its last part")
            place = (formulations[formulation], tuple(movements), known_variants[variant])
            return cls(*place, fibres="unknown", smooth_penalty=bool(added))
        first, _, rest = added.partition("-")
        fibres: Fibres = "unknown" if first == FIBRES_UNKNOWN else "known"
        noise = _noise(name, rest if fibres == "unknown" else added)
        return cls(formulations[formulation], tuple(movements), known_variants[variant], noise, fibres)

    @property
    def family(self) -> str:
        """What problems whose evaluations cost alike have in common: ``m1``, ``m1-fibres_unknown`` and so on."""
        name = self.formulation.name
        is_plain = self.fibres == "known" or self.formulation.tracks_moments
        return name if is_plain else f"{name}-{FIBRES_UNKNOWN}"

    @property
    def without_noise(self) -> str:
        """Name of the same problem without noise."""
        bare = f"{self.formulation.name}-{''.join(self.movements)}-{_short(self.variant)}"
        if self.formulation.tracks_moments:
            return f"{bare}-{SMOOTH_PENALTY}" if self.smooth_penalty else bare
        return bare if self.fibres == "known" else f"{bare}-{FIBRES_UNKNOWN}"

    @property
    def recordings(self) -> tuple[str, ...]:
        """Names of the recordings to identify from."""
        return tuple(f"{movement}-{self.variant}" for movement in self.movements)

    @property
    def held_out(self) -> tuple[str, ...]:
        """Names of the recordings to validate on."""
        return tuple(f"{movement}-{self.variant}" for movement in self.formulation.held_out_movements)


def _short(variant: str) -> str:
    """A variant's name in problem names: its first word."""
    return variant.partition("_")[0]


def _noise(problem: str, part: str) -> float:
    """Standard deviation (rad/s2) that the end of a problem's name asks for, none for no such part."""
    if not part:
        return 0.0
    try:
        value = float(part.removeprefix(NOISE))
    except ValueError:
        value = math.nan
    if not 0.0 < value < math.inf or part != f"{NOISE}{value:g}":
        example = "m1-ab-published-noise0.1 for 0.1 rad/s2 in the accelerations"
        raise UnknownProblemError(
            f"unknown problem {problem!r}: {part!r} is no noise, expected such as {example} (behind "
            f"{FIBRES_UNKNOWN}, where the fibres are)"
        )
    return value
