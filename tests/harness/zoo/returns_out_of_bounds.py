from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView

SUMMARY = "it returns a point out of bounds"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    return view.space.upper + 1.0
