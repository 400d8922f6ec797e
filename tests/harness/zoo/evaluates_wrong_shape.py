from collections.abc import Mapping
from typing import Any

from benchmark.harness.view import ProblemView

SUMMARY = "it evaluates a point with one number too few"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    view.loss(view.space.start[1:])
