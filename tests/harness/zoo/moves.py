import os
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmark.harness.view import ProblemView

SUMMARY = "it changes the working directory and the environment, and is gone from both"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    view.loss(view.space.start)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
    os.environ.clear()
    sys.path.clear()
    np.seterr(all="raise")
