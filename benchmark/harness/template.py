"""What the method does, where it comes from, and when it ends.

``view`` is all that it gets. Calls are counted and timed; the one that spends the budget raises, and the harness keeps
the best point it has seen. So a method needs no clock (but seconds_left, evaluations_left) and no files, only ``rng``.

    space                    names, units, size; start, lower, upper, scale, (p,) each; clip(x): x put within bounds
    residual(x)              (n,), at the point x, (p,); loss(x) is the sum of its squares
    residual_and_jacobian(x) (n,) and (n, p), exact; loss_and_gradient(x): a number and (p,); gradient(x); stage: a name
    torch_loss(x)            for automatic differentiation; equation_of_motion(), offer(predictor): for networks
    casadi(), collocation()  symbolic; literal(): the paper's; incremental(): for moves of few parameters

If need be say ``THREADS = 2``, or ``def skip(view, options)``: why the method does not apply to a problem, or None.
``PRESETS = {"careful": {"first_step": 1e-4}}`` are named options in place of OPTIONS: METHOD+careful runs with them.
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
        step *= 2.0 if trial_loss < loss else 0.5
        if trial_loss < loss:
            x, loss, gradient = trial, trial_loss, trial_gradient
    return x
