import mmap
from collections.abc import Mapping
from typing import Any

from benchmark.harness.view import ProblemView

SUMMARY = "it allocates without end"
SOURCE = "the zoo"
OPTIONS: dict[str, Any] = {}
BLOCK = 2**25
AT_ONCE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE  # touching it page by page takes seconds


def solve(view: ProblemView, options: Mapping[str, Any]) -> None:
    kept = []
    while True:
        kept.append(mmap.mmap(-1, BLOCK, flags=AT_ONCE))
