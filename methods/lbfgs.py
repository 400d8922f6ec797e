"""Limited-memory quasi-Newton descent within bounds, L-BFGS-B by scipy: exact gradients, no second derivatives.

In coordinates of order one and on the loss over its start value. It ends when a step lowers that by less than
``smallest_gain``, when its projected gradient falls below ``smallest_gradient``, or when its line search finds no
lower point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmark.harness.view import ProblemView

Array = NDArray[np.float64]

SUMMARY = "L-BFGS-B with exact gradients (scipy)"
SOURCE = "Byrd, Lu, Nocedal and Zhu 1995; Morales and Nocedal 2011 (by scipy)"
OPTIONS: dict[str, Any] = {
    "memory": 50,
    "smallest_gain": 1e-15,
    "smallest_gradient": 1e-10,
    "iterations": 1_000_000,
}


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Descend from the start; ``memory`` pairs of steps and gradient differences stand for the Hessian."""
    space = view.space
    first = view.loss(space.start)

    def loss_and_gradient(z: Array) -> tuple[float, Array]:
        loss, gradient = view.loss_and_gradient(space.clip(space.scale * z))
        return loss / first, gradient * space.scale / first

    found = minimize(
        loss_and_gradient,
        space.start / space.scale,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(space.lower / space.scale, space.upper / space.scale, strict=True)),
        options={
            "maxcor": options["memory"],
            "ftol": options["smallest_gain"],
            "gtol": options["smallest_gradient"],
            "maxiter": options["iterations"],
            "maxfun": options["iterations"],
        },
    )
    return space.clip(space.scale * found.x)
