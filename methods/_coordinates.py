"""Coordinates of order one, in which the forces of eq. (15) are nearly linear.

The pennation angle acts through its cosine alone: at zero the force's derivative vanishes, and a search in the angle
itself gets stuck there. In its squared sine it does not. The maximum contraction velocity only ever divides: its
reciprocal takes its place. All other parameters are divided by their scales.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.parameters import ParameterSpace

Array = NDArray[np.float64]

ANGLE, DIVISOR = "pennation_at_optimal", "maximum_contraction_velocity"
SMALLEST_ANGLE = 1e-3  # rad; its cosine differs from one by 5e-7
SQUARED_SINE_SCALE = 0.25  # an angle of half a radian is of order one


class Coordinates:
    """Coordinates z of a parameter space.

    Attributes
    ----------
    lower, upper
        Bounds of z, (p,).
    """

    def __init__(self, space: ParameterSpace) -> None:
        kinds = np.array([name.partition(".")[2] for name in space.names])
        self._space = space
        self._angle, self._divisor = kinds == ANGLE, kinds == DIVISOR
        ends = self.of(space.lower), self.of(space.upper)
        self.lower, self.upper = np.minimum(*ends), np.maximum(*ends)

    def of(self, x: Array) -> Array:
        """Coordinates, (p,), of the point `x`, (p,)."""
        scale, angle, divisor = self._space.scale, self._angle, self._divisor
        z = x / scale
        z[angle] = np.sin(np.maximum(x[angle], SMALLEST_ANGLE)) ** 2 / SQUARED_SINE_SCALE
        z[divisor] = scale[divisor] / x[divisor]
        return z

    def point(self, z: Array) -> Array:
        """The point within the bounds, (p,), at the coordinates `z`, (p,)."""
        scale, angle, divisor = self._space.scale, self._angle, self._divisor
        x = scale * z
        x[angle] = np.arcsin(np.sqrt(SQUARED_SINE_SCALE * z[angle]))
        x[divisor] = scale[divisor] / z[divisor]
        return self._space.clip(x)

    def slope(self, z: Array) -> Array:
        """Derivatives of the point's parameters by their coordinates, (p,)."""
        scale, angle, divisor = self._space.scale, self._angle, self._divisor
        slope = scale.copy()
        squared_sine = SQUARED_SINE_SCALE * z[angle]
        slope[angle] = 0.5 * SQUARED_SINE_SCALE / np.sqrt(squared_sine * (1.0 - squared_sine))
        slope[divisor] = -scale[divisor] / z[divisor] ** 2
        return slope
