"""Dual annealing by scipy: generalised simulated annealing, each better point refined by a local descent.

Visits are drawn from a heavy-tailed distribution that narrows as the temperature falls, first in all coordinates
together, then in one after the other; worse points are accepted with a probability that falls, too. Local descents are
L-BFGS-B with exact gradients. It ends after ``iterations`` temperatures; where these fall below scipy's threshold they
begin anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import dual_annealing

from benchmark.harness.view import ProblemView

Array = NDArray[np.float64]

SUMMARY = "dual annealing with local descents (scipy)"
SOURCE = "Tsallis and Stariolo 1996; Xiang et al. 1997 (by scipy)"
OPTIONS: dict[str, Any] = {
    # The annealing's own settings are scipy's defaults.
    "iterations": 1000,
    "initial_temperature": 5230.0,
    "visit": 2.62,
    "local_iterations": 500,
    "local_smallest_gain": 1e-13,
}


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Anneal within the bounds, in coordinates of order one, on the loss over its start value."""
    space = view.space
    first = view.loss(space.start)
    bounds = list(zip(space.lower / space.scale, space.upper / space.scale, strict=True))

    def loss(z: Array) -> float:
        return view.loss(space.clip(space.scale * z)) / first

    def gradient(z: Array) -> Array:
        return view.gradient(space.clip(space.scale * z)) * space.scale / first

    local_options = {"maxiter": options["local_iterations"], "ftol": options["local_smallest_gain"]}
    found = dual_annealing(
        loss,
        bounds,
        maxiter=options["iterations"],
        minimizer_kwargs={"method": "L-BFGS-B", "jac": gradient, "bounds": bounds, "options": local_options},
        initial_temp=options["initial_temperature"],
        visit=options["visit"],
        rng=view.rng,
        x0=space.start / space.scale,
    )
    return space.clip(space.scale * found.x)
