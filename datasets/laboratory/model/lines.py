"""Straight lines: how everything that turns in an imported arm follows from its independent coordinates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LINEARITY = 1e-9  # rad (or m), the farthest that a function may be off its line
_ROUNDING = 1e-12  # of a slope or an offset: what a spline's arithmetic makes of 0 and 1
_POINTS = 33


@dataclass(frozen=True)
class Line:
    """What a coordinate or an angle is: ``slope`` times an independent coordinate, and ``offset`` (rad or m).

    Attributes
    ----------
    independent
        Name of the independent coordinate; None of what does not move, which is at its offset.
    slope, offset
        Of the line; the slope of what does not move is 0.
    """

    independent: str | None
    slope: float
    offset: float

    @classmethod
    def held(cls, at: float) -> Line:
        """What does not move."""
        return cls(None, 0.0, at)

    @property
    def is_itself(self) -> bool:
        """Whether it is the independent coordinate, and nothing else."""
        return self.slope == 1.0 and self.offset == 0.0

    def at(self, independent: Array | float) -> Array:
        """Values at values of the independent coordinate, any shape."""
        return np.asarray(self.slope * np.asarray(independent) + self.offset)


def line_of(function: Callable[[float], float], independent: str, within: tuple[float, float]) -> tuple[Line, float]:
    """Draw the line through a function's values over a range.

    Parameters
    ----------
    function
        Of the independent coordinate.
    independent
        Its name.
    within
        Its lowest and highest value.

    Returns
    -------
    tuple of Line and float
        The line, and how far the function is off it at most; beyond `LINEARITY` it is not linear. Slopes and offsets
        that are 0 or 1 but for rounding are made so.
    """
    at = np.linspace(*within, _POINTS)
    values = np.array([function(float(x)) for x in at])
    slope = _rounded((values[-1] - values[0]) / (at[-1] - at[0]))
    offset = _rounded(float(np.mean(values - slope * at)))
    line = Line(independent, slope, offset) if slope else Line.held(offset)
    return line, float(np.abs(line.at(at) - values).max())


def _rounded(value: float) -> float:
    nearest = float(round(value)) if np.isfinite(value) else value
    return nearest if nearest in (-1.0, 0.0, 1.0) and abs(value - nearest) < _ROUNDING else float(value)
