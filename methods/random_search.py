"""Control: random points around the start. What any method must beat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView

SUMMARY = "control: random points around the start"
SOURCE = "a negative control"
OPTIONS: dict[str, Any] = {"spread": 0.1, "evaluations": 1_000_000}
CONTROL = True


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Draw points with a standard deviation of ``spread`` times each parameter's scale; return the best."""
    space = view.space
    best, best_loss = space.start, view.loss(space.start)
    for _ in range(options["evaluations"]):
        point = space.clip(space.start + options["spread"] * space.scale * view.rng.standard_normal(space.size))
        loss = view.loss(point)
        if loss < best_loss:
            best, best_loss = point, loss
    return best
