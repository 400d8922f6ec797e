"""A profile likelihood: what was found of a parameter, and the interval that follows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.stats import chi2

from benchmark.identifiability.classes import LEVEL, WIDTH

Array = NDArray[np.float64]

THRESHOLD = float(chi2.ppf(LEVEL, 1))  # of the rise, in units of the noise's variance
FLAT_RISE = 0.01 * THRESHOLD  # a parabola stays below it over a tenth of its interval ...
FLAT_SHARE = 0.5  # ... and a profile that does over this share of it, or more, is flat
LIKE_A_PARABOLA = 0.1  # of the half width: as far as the interval's ends may be from the linear ones
PARABOLA, CURVED, OPEN, FLAT = "parabola", "curved", "open", "flat"


class Interval(NamedTuple):
    """A 95 % interval.

    Attributes
    ----------
    lower, upper
        Its ends, in the parameter's unit; a bound where the interval is open.
    lower_open, upper_open
        Whether the rise stays below the threshold up to the parameter's bound.
    """

    lower: float
    upper: float
    lower_open: bool
    upper_open: bool


@dataclass(frozen=True, eq=False)
class Profile:
    """The least sum of squares over a parameter, all others identified anew.

    Attributes
    ----------
    problem
        The problem's name.
    parameter, unit
        Which parameter.
    noise_rad_per_s2
        Standard deviation of the noise that rises are in units of.
    estimate
        Where the sum of squares is least.
    standard_deviation
        Of linear theory, at the estimate and without bounds; infinite where there is no information.
    lower_bound, upper_bound
        Within which the parameter is sought.
    values
        Of the parameter, ascending, (k,); the estimate is among them.
    rises
        Of the least sum of squares over that at the estimate, in units of the noise's variance, (k,).
    """

    problem: str
    parameter: str
    unit: str
    noise_rad_per_s2: float
    estimate: float
    standard_deviation: float
    lower_bound: float
    upper_bound: float
    values: Array
    rises: Array

    @property
    def roots(self) -> Array:
        """Signed roots of the rises, (k,): a straight line where the model is linear."""
        return np.asarray(np.sign(self.values - self.estimate) * np.sqrt(np.maximum(self.rises, 0.0)))

    @cached_property
    def interval(self) -> Interval:
        """The 95 % interval: where the rise stays below the threshold."""
        return self.below(THRESHOLD)

    def below(self, rise: float) -> Interval:
        """Where the rise is below a figure around the estimate, by monotone interpolation of its signed root."""
        curve = PchipInterpolator(self.values, self.roots)
        left, right = (curve.solve(sign * math.sqrt(rise), extrapolate=False) for sign in (-1.0, 1.0))
        lower, upper = max(left, default=self.lower_bound), min(right, default=self.upper_bound)
        return Interval(float(lower), float(upper), len(left) == 0, len(right) == 0)

    @property
    def linear_interval(self) -> tuple[float, float]:
        """The 95 % interval of linear theory, Wald's, which knows no bounds; it may be infinite."""
        half = WIDTH * self.standard_deviation
        return self.estimate - half, self.estimate + half

    @property
    def shape(self) -> str:
        """What the profile is like: a parabola, curved, open to a side, or flat."""
        found, lowest = self.interval, self.below(FLAT_RISE)
        if lowest.upper - lowest.lower >= FLAT_SHARE * (found.upper - found.lower):
            return FLAT
        if found.lower_open or found.upper_open:
            return OPEN
        ends = np.abs(np.array([found.lower, found.upper]) - self.estimate) / (WIDTH * self.standard_deviation)
        return PARABOLA if (np.abs(ends - 1.0) <= LIKE_A_PARABOLA).all() else CURVED

    def plain(self) -> dict[str, Any]:
        """The profile in numbers, texts and lists; what is infinite is None."""
        known = math.isfinite(self.standard_deviation)
        return asdict(self) | {
            "standard_deviation": self.standard_deviation if known else None,
            "values": self.values.tolist(),
            "rises": self.rises.tolist(),
        }

    @classmethod
    def of_plain(cls, content: Mapping[str, Any]) -> Profile:
        """The profile that `plain` made `content` of."""
        deviation = content["standard_deviation"]
        changed = {
            "standard_deviation": math.inf if deviation is None else deviation,
            "values": np.array(content["values"]),
            "rises": np.array(content["rises"]),
        }
        return cls(**{**content, **changed})


def study_of(problem: str, found: Iterable[Profile]) -> dict[str, Any]:
    """What is stored of a problem's profiles as its study ``profiles``."""
    return {"problem": problem, "profiles": [profile.plain() for profile in found]}


def profiles_of(study: Mapping[str, Any]) -> list[Profile]:
    """The profiles of a stored study."""
    return [Profile.of_plain(content) for content in study["profiles"]]
