from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView

SUMMARY = "it returns one number too many"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    return np.append(view.space.start, 0.0)
