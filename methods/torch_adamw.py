"""AdamW with gradients by torch's automatic differentiation, as Hambly et al. calibrate an EMG-driven model with it.

AdamW (Loshchilov and Hutter 2019) on the loss over its start value, in coordinates (x - start) / (upper - lower). A
step so counts by how far a parameter may go at all, which takes a third of the epochs that coordinates over the start's
magnitudes take, and weights decay towards the start, the uncalibrated model: a weak prior. A step that leaves the
bounds is put back on them. It ends when the loss has not fallen by a given share for a number of epochs.

Hambly et al. name neither a learning rate nor a stopping rule: both are this benchmark's. With the preset ``compiled``
the gradient is that of the compiled model instead of automatic differentiation's, and all else is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.harness.errors import check_known
from benchmark.harness.view import ProblemView
from methods._torch_optimisers import AdamW
from methods.torch_adam import epochs

SUMMARY = "AdamW with gradients by torch's automatic differentiation, as Hambly et al. calibrate"
SOURCE = "Hambly et al. (rapid calibration by differentiable physics); Loshchilov and Hutter 2019 (AdamW)"
OPTIONS: dict[str, Any] = {
    "gradient": "autograd",  # or "compiled"
    "learning_rate": 0.1,  # 0.01 to 0.1 tried on moment tracking: shorter steps get stuck where its penalty jumps
    "decay": 0.997,
    "betas": (0.9, 0.99),
    "weight_decay": 0.01,
    "tolerance": 0.01,  # a share of the loss
    "patience": 150,  # epochs; it takes a hundred to get below where the penalty has jumped
}
PRESETS: dict[str, dict[str, Any]] = {"compiled": {"gradient": "compiled"}}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Descend until there is no more progress, or until the budget is spent; the harness keeps the best point."""
    space, loss_at = view.space, _loss(view, options["gradient"])
    start, width = torch.from_numpy(space.start), torch.from_numpy(space.upper - space.lower)
    lower, upper = ((torch.from_numpy(bound) - start) / width for bound in (space.lower, space.upper))
    z = torch.zeros_like(start, requires_grad=True)
    adamw = AdamW(
        [z], lr=options["learning_rate"], betas=options["betas"], eps=1e-12, weight_decay=options["weight_decay"]
    )
    lowest, waited = np.inf, 0
    for loss in epochs(z, lambda z: loss_at(start + width * z), adamw, options["decay"], (lower, upper)):
        has_fallen = loss < (1.0 - options["tolerance"]) * lowest
        lowest, waited = (loss, 0) if has_fallen else (lowest, waited + 1)
        if waited >= options["patience"]:
            break
    return space.clip((start + width * z).detach().numpy())


def _loss(view: ProblemView, gradient: str) -> Callable[[Any], Any]:
    """The loss as a torch scalar at a tensor, (p,), differentiable by torch or with the compiled gradient."""
    check_known("gradient", [gradient], ("autograd", "compiled"))
    if gradient == "autograd":
        return view.torch_loss

    def compiled(x: Any) -> Any:
        loss, slope = view.loss_and_gradient(x.detach().numpy().copy())
        return loss + torch.from_numpy(slope) @ (x - x.detach())

    return compiled
