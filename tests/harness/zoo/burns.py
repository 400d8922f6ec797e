from collections.abc import Mapping
from typing import Any

from benchmark.harness.view import ProblemView

SUMMARY = "it computes without end after one evaluation"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    view.loss(view.space.start)
    while True:
        pass
