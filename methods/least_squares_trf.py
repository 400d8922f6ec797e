"""Trust-region reflective least squares by scipy: what a user would write first.

Branch, Coleman and Li's method takes Gauss-Newton steps within a trust region that is shaped by the distances from the
bounds, and reflects steps at them. Each parameter is scaled by its magnitude. It ends when the loss or the parameters
change by less than a relative ``tolerance`` in a step, or when the scaled gradient falls below that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from benchmark.harness.view import ProblemView

Array = NDArray[np.float64]

SUMMARY = "trust-region reflective least squares (scipy), exact Jacobian"
SOURCE = "Branch, Coleman and Li 1999 (by scipy)"
OPTIONS: dict[str, Any] = {"tolerance": 1e-12, "evaluations": 100_000}


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Minimise from the start, on the residual over its norm there, so that the tolerances are relative to it."""
    space = view.space
    unit = float(np.linalg.norm(view.residual(space.start))) or 1.0
    last = _Last(view)
    found = least_squares(
        lambda x: last.evaluate(x)[0] / unit,
        space.start,
        lambda x: last.evaluate(x)[1] / unit,
        (space.lower, space.upper),
        method="trf",
        x_scale=space.scale,
        ftol=options["tolerance"],
        xtol=options["tolerance"],
        gtol=options["tolerance"],
        max_nfev=options["evaluations"],
    )
    return space.clip(found.x)


class _Last:
    """Residual and Jacobian at the last point: scipy asks for the two one after the other."""

    def __init__(self, view: ProblemView) -> None:
        self._view = view
        self._x = np.full(view.space.size, np.nan)
        self._values = (np.empty(0), np.empty(0))

    def evaluate(self, x: Array) -> tuple[Array, Array]:
        """Residual, (n,), and Jacobian, (n, p), at `x`: one evaluation, and none where `x` is the last point."""
        if not np.array_equal(x, self._x):
            self._values = self._view.residual_and_jacobian(x)
            self._x = x.copy()
        return self._values
