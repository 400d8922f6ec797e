import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from benchmark.harness.view import ProblemView

SUMMARY = "it returns, and a thread of its evaluates on"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def _evaluate_on(view: ProblemView) -> None:
    while True:
        with suppress(Exception):
            view.report(view.space.clip(view.space.start + 0.01 * view.space.scale), 1, "residual")
        time.sleep(0.001)


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    view.loss(view.space.start)
    threading.Thread(target=_evaluate_on, args=(view,), daemon=True).start()
