"""Bounded Levenberg-Marquardt with exact Jacobians, led from the start to the answer by a fading pull.

A residual of thousands of samples and some seventy parameters is what Gauss-Newton steps are made for. A Tikhonov term
pulls towards the start at first, lowered in half decades until it is gone, so that weak directions do not run off
before the strong ones are settled. The search ends when a step without pull lowers the loss by less than ``tolerance``
of it, when no step lowers it, or after ``last_steps`` steps.

Calibration by moment tracking leaves a residual that no parameters remove, and starts on the far side of jumps in its
penalty. The preset ``calibration`` goes straight ahead, more damped at first and without acceleration, and ends when a
step gains no more than a thousandth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView
from methods._levenberg_marquardt import FIRST_DAMPING, Search

SUMMARY = "bounded Levenberg-Marquardt, exact Jacobian, Tikhonov continuation from the start"
SOURCE = (
    "Levenberg 1944; Marquardt 1963; Transtrum and Sethna 2012 (geodesic acceleration); "
    "Hintermueller, Ito and Kunisch 2003 (active set)"
)
OPTIONS: dict[str, Any] = {
    "levels": 21,
    "steps_a_level": 12,
    "last_steps": 100,
    "tolerance": 1e-8,
    "first_damping": FIRST_DAMPING,
    "accelerated": True,
}
PRESETS: dict[str, dict[str, Any]] = {
    "calibration": {"levels": 0, "last_steps": 60, "tolerance": 1e-3, "first_damping": 0.1, "accelerated": False},
}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Follow the minimum while the pull fades from 1 to 1e-10 of the start's loss, then without it."""
    search = Search(view, first_damping=options["first_damping"], accelerated=options["accelerated"])
    search.follow([10.0 ** (-0.5 * level) for level in range(options["levels"])], options["steps_a_level"])
    search.descend(options["last_steps"], options["tolerance"])
    return search.x
