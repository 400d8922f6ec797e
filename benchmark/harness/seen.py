"""What is told of a run while it goes on, so that a process that dies does not take it along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from benchmark.harness.recorder import StageHistory, TracePoint


class Seen(NamedTuple):
    """A point of the trace of a stage."""

    stage: int
    point: TracePoint


class Unwatched:
    """A watch that nobody looks at."""

    def solving(self, seconds_left: float) -> None:
        """Ignore it."""

    def aside(self) -> None:
        """Ignore it."""

    def seen(self, stage: int, point: TracePoint) -> None:
        """Ignore it."""


UNWATCHED = Unwatched()


def history(seen: Sequence[Seen], stage: int) -> StageHistory:
    """What was told of a stage."""
    points = [entry.point for entry in seen if entry.stage == stage]
    if not points:
        return StageHistory((), Counter(), 0.0, None)
    return StageHistory(points, Counter(points[-1].counts), points[-1].seconds, None)
