"""Levenberg-Marquardt from many starts: the given one first, then points drawn around it, wider and wider.

A descent ends in the local minimum of its valley; drawing starts anew leaves the valley. Each descent is that of
``gauss_newton`` in short: within the bounds and with a pull to its own start that fades, here a decade at a time, with
few steps at each. (Without the pull most descents end early and no two in the same place.) The best point of all
is kept.

The stopping rule: when as many as ``repeats`` further descents have come as low as the best one, to a share
``same_loss`` of its loss, the same minimum has been found often enough to be taken for the global one. A descent that
gets lower than that begins the count anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView
from methods._levenberg_marquardt import Search

Array = NDArray[np.float64]

SUMMARY = "Levenberg-Marquardt from many starts, drawn wider and wider around the given one"
SOURCE = "Boender and Rinnooy Kan 1987 (multistart and when to stop it); Levenberg 1944; Marquardt 1963"
OPTIONS: dict[str, Any] = {
    "first_width": 0.1,
    "growth": 1.5,
    "largest_width": 0.5,
    "levels": 11,
    "steps_a_level": 6,
    "last_steps": 100,
    "tolerance": 1e-6,
    "repeats": 2,
    "same_loss": 1e-2,
}


def solve(view: ProblemView, options: Mapping[str, Any]) -> Array:
    """Descend from start after start until the best minimum has been found again, or until the budget is spent."""
    space = view.space
    best, best_loss, found_again = space.start, np.inf, 0
    for start in _starts(view, options):
        point = _descended(view, start, options)
        loss = view.loss(point)
        if loss < (1.0 - options["same_loss"]) * best_loss:
            found_again = 0
        elif loss <= (1.0 + options["same_loss"]) * best_loss:
            found_again += 1
        if loss < best_loss:
            best, best_loss = point, loss
        if found_again == options["repeats"]:
            break
    return best


def _descended(view: ProblemView, start: Array, options: Mapping[str, Any]) -> Array:
    """Where the descent from `start` ends."""
    search = Search(view, start)
    search.follow([10.0**-level for level in range(options["levels"])], options["steps_a_level"], tolerance=1e-2)
    search.descend(options["last_steps"], options["tolerance"])
    return search.x


def _starts(view: ProblemView, options: Mapping[str, Any]) -> Iterator[Array]:
    """The start, then Gaussian draws around it, in units of each parameter's scale, put back on the bounds."""
    space = view.space
    yield space.start
    for draw in count():
        width = min(options["first_width"] * options["growth"] ** draw, options["largest_width"])
        yield space.clip(space.start + width * space.scale * view.rng.standard_normal(space.size))
