"""Points that methods want evaluated, as compiled code may read them, which looks at no shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.recorder import NotFinite
from benchmark.problem.parameters import ParameterSpace

Array = NDArray[np.float64]


def point_of(x: Any, space: ParameterSpace) -> Array:
    """`x` as a point of a parameter space.

    Raises
    ------
    ValueError
        If it is not one number a parameter.
    NotFinite
        If one of them is not finite.
    """
    point = np.asarray(x, dtype=np.float64)
    if point.shape != (space.size,):
        raise ValueError(f"a point of shape {point.shape} was to be evaluated: expected ({space.size},)")
    if not (finite := np.isfinite(point)).all():
        first = int(np.argmin(finite))
        raise NotFinite(f"a point with {space.names[first]} = {point[first]} was to be evaluated")
    return point
