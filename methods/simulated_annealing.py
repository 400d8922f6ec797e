"""Simulated annealing after Corana et al. and Goffe et al., as CEINMS calibrates with it: the field's baseline.

One coordinate moves at a time, by a share of its own step length. After a number of sweeps the step lengths adapt to
accept about half of the moves; after a number of adaptations the temperature falls and the search returns to the best
point. CEINMS's documented settings (temperature 2e5, cooling 0.1, 30 sweeps, 20 adaptations) are the preset
``ceinms``; on a loss of order one and within any budget here they never cool, so that the default is tuned.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView

Array = NDArray[np.float64]

SUMMARY = "simulated annealing with step adaptation (Corana/Goffe), as CEINMS uses it"
SOURCE = "Corana et al. 1987; Goffe et al. 1994; settings after Pizzolato et al. 2015 (CEINMS)"
OPTIONS: dict[str, Any] = {"preset": "tuned"}

PRESETS: dict[str, dict[str, float]] = {
    # Temperature in units of the loss at the start; step in units of the distance between the bounds.
    "tuned": {"temperature": 0.01, "cooling": 0.3, "sweeps": 4, "adaptations": 2, "step": 0.02, "tolerance": 1e-9},
    "ceinms": {"temperature": 2e5, "cooling": 0.1, "sweeps": 30, "adaptations": 20, "step": 0.5, "tolerance": 1e-5},
}
ADAPTATION = 2.0
ACCEPTED_SHARES = (0.4, 0.6)
BESTS_COMPARED = 4


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Anneal until the best of the last temperatures no longer differ, or until the budget is spent."""
    settings, space, rng = PRESETS[options["preset"]], view.space, view.rng
    x, first = space.start.copy(), view.loss(space.start)
    current = 1.0
    best, best_x, bests = current, x.copy(), [current]
    temperature, step = settings["temperature"], settings["step"] * (space.upper - space.lower)
    while True:
        for _ in range(int(settings["adaptations"])):
            accepted = np.zeros(space.size)
            for _ in range(int(settings["sweeps"])):
                for k in range(space.size):
                    trial = x.copy()
                    trial[k] = _moved(x[k], step[k], space.lower[k], space.upper[k], rng)
                    loss = view.loss(trial) / first
                    if loss < current or rng.random() < np.exp((current - loss) / temperature):
                        x, current = trial, loss
                        accepted[k] += 1
                    if current < best:
                        best, best_x = current, x.copy()
            step = np.minimum(step * _adaptation(accepted / settings["sweeps"]), space.upper - space.lower)
        bests = [*bests, best][-BESTS_COMPARED - 1 :]
        if len(bests) > BESTS_COMPARED and bests[0] - bests[-1] < settings["tolerance"]:
            return best_x
        temperature *= settings["cooling"]
        x, current = best_x.copy(), best


def _moved(value: float, step: float, lower: float, upper: float, rng: np.random.Generator) -> float:
    """A coordinate moved by up to its step; drawn afresh between the bounds where that leaves them."""
    moved = value + rng.uniform(-1.0, 1.0) * step
    return moved if lower <= moved <= upper else rng.uniform(lower, upper)


def _adaptation(share: Array) -> Array:
    """Factors on the step lengths, from the shares of accepted moves (Corana et al., eq. 8)."""
    low, high = ACCEPTED_SHARES
    longer = 1.0 + ADAPTATION * (share - high) / (1.0 - high)
    shorter = 1.0 / (1.0 + ADAPTATION * (low - share) / low)
    return np.asarray(np.where(share > high, longer, np.where(share < low, shorter, 1.0)))
