"""The four force curves of a muscle as cubic splines: values and derivatives without an iteration.

OpenSim's curves are quintic Bezier splines in a parameter that must be solved for. Sampled densely and interpolated
on a uniform grid, they become a table look-up and a cubic, the same in every back end. Beyond their domain they go
on as straight lines, so that no optimiser ever meets a NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from benchmark.model import bezier
from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from datasets.arm_files import load_arm

INTERVALS = 4096  # interpolates OpenSim's curves to 1e-9, see tests


@dataclass(frozen=True, eq=False)
class ForceCurve:
    """A normalised force curve.

    Attributes
    ----------
    lower, upper
        Ends of the domain; the curve is a straight line beyond them.
    coefficients
        (4, intervals), highest power first, of the distance from each interval's left end.
    lower_slope, upper_slope
        Slopes of the straight lines.
    """

    lower: float
    upper: float
    coefficients: NDArray[np.float64]
    lower_slope: float
    upper_slope: float

    def __call__(self, x: Any, xp: Backend = NUMPY) -> Any:
        """Value of the curve at `x`, elementwise, in the back end `xp`."""
        intervals = self.coefficients.shape[1]
        step = (self.upper - self.lower) / intervals
        inside = xp.minimum(xp.maximum(x, self.lower), self.upper)
        interval = xp.minimum(xp.floor((inside - self.lower) / step), intervals - 1.0)
        distance = inside - self.lower - step * interval
        cubic = 0.0
        for row in self.coefficients:
            cubic = cubic * distance + xp.take(row, interval)
        below, above = xp.minimum(x - self.lower, 0.0), xp.maximum(x - self.upper, 0.0)
        return cubic + self.lower_slope * below + self.upper_slope * above

    def derivative(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Slope of the curve at `x`, elementwise."""
        intervals = self.coefficients.shape[1]
        step = (self.upper - self.lower) / intervals
        interval = np.clip(np.floor((x - self.lower) / step), 0, intervals - 1).astype(np.intp)
        distance = x - self.lower - step * interval
        cubic, square, linear = (
            factor * row[interval] for factor, row in zip((3, 2, 1), self.coefficients, strict=False)
        )
        slope = (cubic * distance + square) * distance + linear
        slope = np.where(x < self.lower, self.lower_slope, slope)
        return np.asarray(np.where(x > self.upper, self.upper_slope, slope))


@dataclass(frozen=True, eq=False)
class MuscleCurves:
    """The curves of eq. (15)-(16): f^L, f^V, f^PE over the fibre, f^T over the tendon."""

    active_force_length: ForceCurve
    force_velocity: ForceCurve
    passive_force_length: ForceCurve
    tendon_force_length: ForceCurve


@cache
def muscle_curves() -> MuscleCurves:
    """The four curves, from the constants in the arm's description."""
    constants: Mapping[str, Mapping[str, float]] = load_arm().physiology
    names = ("active_force_length", "force_velocity", "passive_force_length", "tendon_force_length")
    makers: list[Callable[[Mapping[str, float]], NDArray[np.float64]]] = [getattr(bezier, name) for name in names]
    return MuscleCurves(*(_tabulate(make(constants[name])) for make, name in zip(makers, names, strict=True)))


def _tabulate(sections: NDArray[np.float64]) -> ForceCurve:
    lower, upper = float(sections[0, 0, 0]), float(sections[-1, -1, 0])
    grid = np.linspace(lower, upper, INTERVALS + 1)
    values = bezier.heights(sections, grid)
    slopes = [float(np.divide(*(last - first)[::-1])) for first, last in (sections[0, :2], sections[-1, -2:])]
    spline = CubicSpline(grid, values, bc_type=((1, slopes[0]), (1, slopes[1])))
    return ForceCurve(lower, upper, np.ascontiguousarray(spline.c), *slopes)
