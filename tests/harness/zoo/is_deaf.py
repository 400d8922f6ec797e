import ctypes
import signal
from collections.abc import Mapping
from typing import Any

from benchmark.harness.view import ProblemView

SUMMARY = "it hears no signal and never lets go of the interpreter"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    python = ctypes.PyDLL(None)  # its calls keep the interpreter's lock, so that no thread of Python runs either
    while True:
        python.sleep(3600)
