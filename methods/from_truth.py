"""Control: started at the true parameters, a local descent. The floor that no honest method beats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView
from methods._levenberg_marquardt import Search

SUMMARY = "control: Levenberg-Marquardt from the true parameters"
SOURCE = "a positive control; the steps of gauss_newton"
OPTIONS: dict[str, Any] = {"steps": 100, "tolerance": 1e-8}
CONTROL = True


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Descend from the truth."""
    search = Search(view, view.truth)
    search.descend(options["steps"], options["tolerance"])
    return search.x
