from collections.abc import Mapping
from typing import Any

from scipy.optimize import OptimizeResult

from benchmark.harness.view import ProblemView

SUMMARY = "it claims a loss of zero at a bad point"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> OptimizeResult:
    return OptimizeResult(x=view.space.upper, fun=0.0, success=True)
