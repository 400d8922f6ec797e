import os
from collections.abc import Mapping
from typing import Any

from benchmark.harness.view import ProblemView

SUMMARY = "it writes a gibibyte to standard output, another one by print, and 64 MiB to standard error"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}
MIB = 2**20


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    view.loss(view.space.start)
    block = "x" * (MIB - 1) + "\n"
    for _ in range(1024):
        os.write(1, block.encode())
        print(block, end="")
    for _ in range(64):
        os.write(2, block.encode())
