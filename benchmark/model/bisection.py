"""Inverses of monotone functions, elementwise and without a way to fail."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BISECTIONS = 55  # more than a double has bits


def bisect(function: Callable[[Array], Array], target: Array, lower: float, upper: float) -> Array:
    """Arguments between `lower` and `upper` at which a rising elementwise function takes the values `target`.

    Where it does not take a value in between, the nearer end.
    """
    low, high = np.full_like(target, lower), np.full_like(target, upper)
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        too_far = function(middle) > target
        low, high = np.where(too_far, low, middle), np.where(too_far, middle, high)
    return np.asarray(0.5 * (low + high))
