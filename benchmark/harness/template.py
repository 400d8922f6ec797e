"""What the method does, where it comes from, and when it ends.

``view`` is all that it gets. Calls are counted and timed; the one that spends the budget raises, and the harness keeps
the best point it has seen. So a method needs no clock, no budget and no files, only ``view.rng`` for random numbers.

    space                    names, units, size; start, lower, upper, scale, (p,) each; clip(x): x put within bounds
    residual(x)              (n,), at the point x, (p,); loss(x) is the sum of its squares
    residual_and_jacobian(x) (n,) and (n, p), exact; loss_and_gradient(x): a number and (p,); gradient(x)
    torch_loss(x)            for automatic differentiation; casadi(): symbolic; literal(): the paper's, slow
    incremental()            the loss where few muscles change from call to call, by moment tracking alone
    stage                    "fibre", then "tendon"; or one alone, "equilibrium" or "moment", with unknown fibres
    seconds_left             of the budget; evaluations_left

If need be say ``THREADS = 2``, or ``def skip(view, options)``: why the method does not apply to a problem, or None.
Named options that replace OPTIONS are ``PRESETS = {"careful": {"first_step": 1e-4}}``: run METHOD+careful then.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView

SUMMARY = "gradient descent with a step that adapts"
SOURCE = "the template of new-method"
OPTIONS: dict[str, Any] = {"first_step": 1e-2, "smallest_step": 1e-12}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Go down the gradient, in parameters over their scale, which makes them alike; return the best point."""
    space, x, step = view.space, view.space.start, options["first_step"]
    loss, gradient = view.loss_and_gradient(x)
    while step > options["smallest_step"]:
        slope = space.scale * gradient
        trial = space.clip(x - step * space.scale * slope / (np.linalg.norm(slope) or 1.0))
        trial_loss, trial_gradient = view.loss_and_gradient(trial)
        improved = trial_loss < loss
        step *= 2.0 if improved else 0.5
        if improved:
            x, loss, gradient = trial, trial_loss, trial_gradient
    return x
