"""Control: started at the true parameters, a local descent. The floor that no honest method beats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmark.harness.view import ProblemView

SUMMARY = "control: L-BFGS-B from the true parameters"
SOURCE = "a positive control; Byrd et al. 1995 (L-BFGS-B, by scipy)"
OPTIONS: dict[str, Any] = {"iterations": 200}
CONTROL = True


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Descend from the truth, in coordinates of order one."""
    space = view.space
    first = max(view.loss(view.truth), np.finfo(float).tiny)

    def loss_and_gradient(z: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        loss, gradient = view.loss_and_gradient(space.clip(space.scale * z))
        return loss / first, gradient * space.scale / first

    bounds = list(zip(space.lower / space.scale, space.upper / space.scale, strict=True))
    settings = {"maxiter": options["iterations"], "ftol": 1e-15, "gtol": 1e-9}
    found = minimize(
        loss_and_gradient, view.truth / space.scale, jac=True, method="L-BFGS-B", bounds=bounds, options=settings
    )
    return space.clip(space.scale * found.x)
