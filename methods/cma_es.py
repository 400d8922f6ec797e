"""Evolution strategy with covariance matrix adaptation, by the library cma: no derivatives.

A population is drawn from a Gaussian around its mean; the better half moves the mean and shapes the covariance, whose
size the length of the mean's path sets. In coordinates of order one, with the bounds as cma has them by default: a
smooth transformation near them. It ends by cma's own rules (Hansen 2016, B.3): no progress of the loss or of the
points beyond rounding, stagnation of the medians, or a covariance that has degenerated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cma
import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView

Array = NDArray[np.float64]

SUMMARY = "CMA-ES (cma) from the start"
SOURCE = "Hansen and Ostermeier 2001; Hansen 2016; Hansen, Akimoto and Baudis 2019 (cma)"
# sigma: the first standard deviation, in units of each parameter's scale. From starts with errors of 10 % a fifth of
# that was lowest after 8,000 evaluations (0.01 to 0.1 tried); the search widens by itself where that pays.
OPTIONS: dict[str, Any] = {"sigma": 0.02, "population_factor": 1, "iterations": 1_000_000}

SILENT = -10  # cma's level without messages and without a file to read commands from


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Evolve until cma finds no more progress, or until the budget is spent; the harness keeps the best point.

    The population is ``population_factor`` times cma's own 4 + 3 log(p).
    """
    space = view.space
    first = view.loss(space.start)
    settings = {
        "bounds": [space.lower / space.scale, space.upper / space.scale],
        "randn": lambda points, size: view.rng.standard_normal((points, size)),
        "seed": np.nan,
        "popsize_factor": options["population_factor"],
        "maxiter": options["iterations"],
        "verbose": SILENT,
        "verb_log": 0,
    }
    strategy = cma.CMAEvolutionStrategy(space.start / space.scale, options["sigma"], settings)
    while not strategy.stop():
        points = strategy.ask()
        strategy.tell(points, [view.loss(space.clip(space.scale * point)) / first for point in points])
    return space.clip(space.scale * strategy.result.xbest)
