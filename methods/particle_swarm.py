"""Particle swarm optimisation by pyswarms: a global-best swarm around the start, within the bounds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView

Array = NDArray[np.float64]

SUMMARY = "global-best particle swarm (pyswarms) around the start"
SOURCE = "Kennedy and Eberhart 1995; Miranda 2018 (pyswarms); settings after Clerc and Kennedy 2002"
OPTIONS: dict[str, Any] = {
    "particles": 40,
    "inertia": 0.7298,
    "attraction": 1.49618,
    "spread": 0.1,
    "iterations": 100_000,
}

QUIET_LOGGING = Path(__file__).parent / "_quiet_logging.yaml"


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Let the swarm fly until its iterations or the budget are spent; the harness keeps the best point.

    The first particle is the start, the others are drawn around it with a standard deviation of ``spread`` times
    each parameter's scale.
    """
    # Without a logging file of ours pyswarms writes report.log into the working directory.
    os.environ["LOG_CFG"] = str(QUIET_LOGGING)
    from pyswarms.single import GlobalBestPSO

    space = view.space
    lower, upper = space.lower / space.scale, space.upper / space.scale
    start = space.start / space.scale
    swarm = start + options["spread"] * view.rng.standard_normal((options["particles"], space.size))
    swarm[0] = start
    optimiser = GlobalBestPSO(
        n_particles=options["particles"],
        dimensions=space.size,
        options={"c1": options["attraction"], "c2": options["attraction"], "w": options["inertia"]},
        bounds=(lower, upper),
        bh_strategy="nearest",
        init_pos=np.clip(swarm, lower, upper),
    )
    np.random.seed(view.rng.integers(2**32))  # noqa: NPY002  (pyswarms draws from numpy's global generator)

    def losses(points: Array) -> Array:
        return np.array([view.loss(space.clip(space.scale * point)) for point in points])

    _, found = optimiser.optimize(losses, options["iterations"], verbose=False)
    return space.clip(space.scale * found)
