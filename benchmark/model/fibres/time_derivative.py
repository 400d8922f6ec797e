"""The slope of a cubic spline through equally spaced samples, as the linear map that it is."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline


@lru_cache(maxsize=8)
def spline_slopes(samples: int, sample_time_s: float) -> NDArray[np.float64]:
    """The matrix, (T, T) in 1/s, that takes samples to the slopes there of the cubic spline through them.

    Parameters
    ----------
    samples
        T. A single sample has no slope.
    sample_time_s
        Time between samples.
    """
    if samples < 2:
        return np.zeros((samples, samples))
    time = sample_time_s * np.arange(samples)
    matrix = np.ascontiguousarray(CubicSpline(time, np.eye(samples))(time, 1))
    matrix.flags.writeable = False
    return matrix
