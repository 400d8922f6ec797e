"""Gauss-Newton descents inside an iterated local search: kicked out of wrong minima, by its own rule when to stop.

Minima of this residual are few and discrete; a wrong one has whole muscles wrong, or the shared parameters in the
wrong basin of the delay, of which there is one a sample. So after the descent of ``gauss_newton`` the search goes on:

- a kick: one to three muscles anew within their bounds, or their pennation angles alone, which are wrong most often;
  at times the bones, at times the shared parameters with the best of a scan over the delay's basins; or
- a restart: everything anew around the middle of the bounds, by a random width;

then a short continuation around the new point, and the lower of the two ends stays. A descent that has become slow is
left at that; the best one is led to its minimum at the end.

The stopping rule: after ``patience`` moves in a row that found nothing lower, or once ``repeats`` restarts have come
down to the best minimum again, as they know nothing of it. ``patience_if_exact`` moves will do where the best minimum
lies below a millionth of all others that were found since: thousands of samples do not agree with some seventy
parameters by chance. With noise in the data there is no such gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView
from datasets.parameters import CALIBRATION_UNITS, SHARED_UNITS
from methods._levenberg_marquardt import Search

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SUMMARY = "Gauss-Newton descents in an iterated local search: kicks of muscles, restarts, a scan of the delay"
SOURCE = "Lourenco, Martin and Stuetzle 2003 (iterated local search); the descents of gauss_newton"
OPTIONS: dict[str, Any] = {
    "restarts": 0.3,  # their share of the moves
    "angles_alone": 0.6,  # share of the kicks that draw pennation angles alone
    "with_shared": 0.2,  # share of the others that draw the shared parameters, too
    "with_bones": 0.2,  # and the bones
    "delay_basin_s": 0.005,  # a sample
    "levels": 9,
    "steps_a_level": 8,
    "steps_a_round": 10,
    "rounds": 30,
    "last_steps": 100,
    "tolerance": 1e-8,
    "repeats": 2,
    "patience": 16,
    "patience_if_exact": 5,
}

SHARED = (*SHARED_UNITS, *CALIBRATION_UNITS)
DELAY = "electromechanical_delay"
SAME_MINIMUM = 1e-3  # losses that agree to this share are those of one minimum
EXACT = 1e-6  # of the lowest other minimum
FAST = 0.5  # a round that leaves less than this share of the loss is fast


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Descend, then move and descend again until the stopping rule holds or the budget is spent."""
    return _IteratedLocalSearch(view, options).solve()


class _IteratedLocalSearch:
    """The best minimum so far, and how often it was looked for."""

    def __init__(self, view: ProblemView, options: Mapping[str, Any]) -> None:
        self._view, self._options = view, options
        self._search = Search(view)
        self._best, self._best_loss = view.space.start, np.inf
        self._ends: list[tuple[float, bool]] = []  # of the moves since then: loss, and whether it was a restart
        names = view.space.names
        owners = np.array([name.partition(".")[0] for name in names])
        self._shared = np.flatnonzero(np.isin(owners, SHARED))
        self._angles = np.flatnonzero([name.endswith(".pennation_at_optimal") for name in names])
        muscles = [name.partition(".")[0] for name in names if name.endswith(".optimal_fibre_length")]
        self._muscles: list[Indices] = [np.flatnonzero(owners == muscle) for muscle in muscles]
        self._bones = np.flatnonzero(~np.isin(owners, [*SHARED, *muscles]))

    def solve(self) -> Array:
        """Search until the stopping rule holds."""
        self._descend_from(self._view.space.start)
        while self._muscles and not self._done():
            before, is_restart = self._best_loss, self._view.rng.random() < self._options["restarts"]
            loss = self._descend_from(self._restart() if is_restart else self._kick())
            if loss < (1.0 - SAME_MINIMUM) * before:
                self._ends.clear()
            else:
                self._ends.append((loss, is_restart))
        self._search.begin(self._best)
        self._search.descend(self._options["last_steps"], self._options["tolerance"])
        return self._search.x

    def _done(self) -> bool:
        """Whether the moves since the best minimum was found are enough."""
        same = (1.0 + SAME_MINIMUM) * self._best_loss
        others = [loss for loss, _ in self._ends if loss > same]
        found_again = sum(is_restart and loss <= same for loss, is_restart in self._ends)
        is_exact = bool(others) and self._best_loss < EXACT * min(others)
        patience = self._options["patience_if_exact" if is_exact else "patience"]
        return bool(len(self._ends) >= patience or found_again >= self._options["repeats"])

    def _descend_from(self, x: Array) -> float:
        """The loss of the minimum below `x`; keep it if it is the lowest."""
        search, options = self._search, self._options
        search.begin(x)
        search.follow([10.0**-level for level in range(options["levels"])], options["steps_a_level"])
        for _ in range(options["rounds"]):
            before = search.loss
            search.descend(options["steps_a_round"], options["tolerance"])
            if search.loss > FAST * before:
                break
        if search.loss < self._best_loss:
            self._best, self._best_loss = search.x, search.loss
        return search.loss

    def _restart(self) -> Array:
        everything = np.arange(self._view.space.size)
        return self._drawn(self._best, everything, width=self._view.rng.uniform(0.25, 1.0))

    def _kick(self) -> Array:
        rng, options = self._view.rng, self._options
        chosen = rng.choice(len(self._muscles), size=rng.integers(1, 4), replace=False)
        which = np.concatenate([self._muscles[muscle] for muscle in chosen])
        if rng.random() < options["angles_alone"]:
            return self._drawn(self._best, np.intersect1d(which, self._angles))
        x = self._drawn(self._best, which)
        if rng.random() < options["with_bones"]:
            x = self._drawn(x, self._bones, width=0.5)
        if rng.random() < options["with_shared"]:
            x = self._best_delay(self._drawn(x, self._shared))
        return x

    def _drawn(self, x: Array, which: Indices, width: float = 1.0) -> Array:
        """The point `x` with some parameters anew in the middle of their bounds, a share `width` of them wide."""
        space = self._view.space
        lower, upper = space.lower[which], space.upper[which]
        share = 0.5 + width * (self._view.rng.random(len(which)) - 0.5)
        drawn = x.copy()
        drawn[which] = lower + share * (upper - lower)
        ratio = lower * upper > 0.0  # what cannot be zero differs by factors
        drawn[which[ratio]] = lower[ratio] * (upper[ratio] / lower[ratio]) ** share[ratio]
        return drawn

    def _best_delay(self, x: Array) -> Array:
        """The point `x` with the best of the delays in the middle of each sample's basin, if the delay is free."""
        if DELAY not in self._view.space.names:
            return x
        index = self._view.space.names.index(DELAY)
        basin = self._options["delay_basin_s"]
        delays = np.arange(0.5 * basin, self._view.space.upper[index], basin)
        tried = np.repeat(x[None], len(delays), axis=0)
        tried[:, index] = delays
        return np.asarray(tried[np.argmin([self._view.loss(point) for point in tried])])
