from collections.abc import Mapping
from typing import Any

from benchmark.harness.view import ProblemView

SUMMARY = "it writes a loss of zero into the harness's record"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    view._recorder.record("loss", view.space.start, 0.0)
