import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView

SUMMARY = "it forks, and both processes return"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    view.loss(view.space.start)
    os.fork()
    return view.space.start
