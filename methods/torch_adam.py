"""Gradient descent by automatic differentiation, the way of Sanderink et al.: torch's gradients, Adam's steps.

Adam (Kingma and Ba 2015) in coordinates of order one, on the loss over its start value. A step that leaves the bounds
is put back on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView

SUMMARY = "Adam with gradients by torch's automatic differentiation"
SOURCE = "Sanderink et al. (the shared problem's method); Kingma and Ba 2015 (Adam)"
OPTIONS: dict[str, Any] = {"learning_rate": 1e-2, "decay": 0.9997, "betas": (0.9, 0.99), "epochs": 1_000_000}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Descend until the epochs or the budget are spent; the harness keeps the best point."""
    return descend(view, view.torch_loss, options)


def descend(view: ProblemView, loss_at: Callable[[Any], Any], options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Adam on a loss of the view's, a differentiable torch scalar at a float64 tensor, (p,)."""
    space = view.space
    scale = torch.from_numpy(space.scale)
    lower, upper = torch.from_numpy(space.lower) / scale, torch.from_numpy(space.upper) / scale
    z = (torch.from_numpy(space.start) / scale).requires_grad_()
    adam = torch.optim.Adam([z], lr=options["learning_rate"], betas=options["betas"], eps=1e-12)
    slower = torch.optim.lr_scheduler.ExponentialLR(adam, options["decay"])
    first_loss = None
    for _ in range(options["epochs"]):
        adam.zero_grad()
        loss = loss_at(scale * z)
        first_loss = first_loss or loss.item()
        (loss / first_loss).backward()
        adam.step()
        slower.step()
        with torch.no_grad():
            z.clamp_(lower, upper)
    return space.clip((scale * z).detach().numpy())
