import os
import signal
from collections.abc import Mapping
from typing import Any

from benchmark.harness.view import ProblemView

SUMMARY = "it crashes, as compiled code does"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)
