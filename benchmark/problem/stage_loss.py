"""The loss of a stage, and its gradient, from what every stage has."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.backends.torch_backend import TORCH
from benchmark.problem.stage import Stage

Array = NDArray[np.float64]


def stage_loss(stage: Stage, x: Array) -> float:
    """Loss of a stage at `x`, (p,), in the reference back end."""
    return float(sum(row @ row for row in stage.rows(np.asarray(x, dtype=np.float64), NUMPY)))


def loss_and_gradient(stage: Stage, x: Array) -> tuple[float, Array]:
    """Loss of a stage at `x`, (p,), and its gradient 2 J'r, (p,), compiled."""
    residual, jacobian = stage.residual_and_jacobian(np.asarray(x, dtype=np.float64))
    return float(residual @ residual), 2.0 * (residual @ jacobian)


def torch_loss(stage: Stage, x: Any) -> Any:
    """Loss of a stage as a differentiable torch scalar, at a float64 tensor `x`, (p,)."""
    return sum((row.square().sum() for row in stage.rows(x, TORCH)), torch.zeros((), dtype=torch.float64))
