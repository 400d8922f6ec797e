"""What is told of a run while it goes on, so that a process that dies does not take it along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from benchmark.harness.recorder import StageHistory, TracePoint


class Seen(NamedTuple):
    """A point of the trace of a stage, after so many evaluations of each kind."""

    stage: int
    point: TracePoint
    counts: Mapping[str, int]


class Unwatched:
    """A watch that nobody looks at."""

    def solving(self, seconds_left: float) -> None:
        """Ignore it."""

    def aside(self) -> None:
        """Ignore it."""

    def seen(self, stage: int, point: TracePoint, counts: Mapping[str, int]) -> None:
        """Ignore it."""


UNWATCHED = Unwatched()


def history(seen: Sequence[Seen], stage: int) -> StageHistory:
    """What was told of a stage."""
    told = [entry for entry in seen if entry.stage == stage]
    if not told:
        return StageHistory((), Counter(), 0.0, None)
    return StageHistory([entry.point for entry in told], Counter(told[-1].counts), told[-1].point.seconds, None)
