import os
from collections.abc import Mapping
from typing import Any

from benchmark.harness.view import ProblemView

from ._sleepers import start_sleeper

SUMMARY = "it leaves processes that sleep for an hour: a child, and an orphan in a session of its own"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    view.loss(view.space.start)
    start_sleeper()
    if (child := os.fork()) == 0:
        start_sleeper(detached=True)
        os._exit(0)
    os.waitpid(child, 0)
