"""What the deep muscles' forces do to the residual, a column a muscle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.residual import whiten

Array = NDArray[np.float64]


def deep_columns(stage: AccelerationStage, x: Array, arms: Array) -> Array:
    """Columns that forces of muscles outside the equations take away from the residual without its weight, (T, 5, n).

    Parameters
    ----------
    stage
        A stage with all five equations.
    x
        A point, (p,): with the residual in rad/s2, its bones decide what a torque does.
    arms
        Coupled moment arms of the muscles, (T, 5, n), in m.
    """
    unused = np.zeros((stage.projection.samples, len(stage.projection.muscles)))
    inertia = stage.equations(x, unused)[1]
    columns = whiten([arms[:, k].T for k in range(arms.shape[1])], inertia)  # of all muscles at once, (n, T) each
    return np.ascontiguousarray(np.array(columns).transpose(2, 0, 1))
