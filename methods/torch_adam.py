"""Gradient descent by automatic differentiation, the way of Sanderink et al.: torch's gradients, Adam's steps.

Adam (Kingma and Ba 2015) in coordinates of order one, on the loss over its start value. A step that leaves the bounds
is put back on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView
from methods._torch_optimisers import Adam, ExponentialLR

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
    adam = Adam([z], lr=options["learning_rate"], betas=options["betas"], eps=1e-12)
    for _ in islice(epochs(z, lambda z: loss_at(scale * z), adam, options["decay"], (lower, upper)), options["epochs"]):
        pass
    return space.clip((scale * z).detach().numpy())


def epochs(
    z: Any, loss_at: Callable[[Any], Any], optimiser: Any, decay: float, bounds: tuple[Any, Any]
) -> Iterator[float]:
    """Steps of an optimiser of torch's, one an epoch, without end.

    Parameters
    ----------
    z
        The coordinates, a leaf tensor, (p,), which the steps change.
    loss_at
        The loss, a differentiable torch scalar, at the coordinates.
    optimiser
        Optimiser of `z`.
    decay
        Factor on its learning rate from epoch to epoch.
    bounds
        Lower and upper bounds of the coordinates, (p,) each; a step that leaves them is put back on them.

    Yields
    ------
    float
        The loss before the epoch's step, over that before the first one.
    """
    slower = ExponentialLR(optimiser, decay)
    first_loss = None
    while True:
        optimiser.zero_grad()
        loss = loss_at(z)
        first_loss = first_loss or loss.item()
        (loss / first_loss).backward()
        optimiser.step()
        slower.step()
        with torch.no_grad():
            z.clamp_(*bounds)
        yield loss.item() / first_loss
