"""Timing in interleaved rounds, so that whatever disturbs the machine disturbs all operations alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple


class Timing(NamedTuple):
    """How long an operation takes in a back end."""

    operation: str
    backend: str
    milliseconds: float


@dataclass(frozen=True)
class Effort:
    """How much measuring is enough.

    Attributes
    ----------
    rounds
        How often all operations have their turn.
    slice_s
        Seconds that a turn takes at least; a longer operation is called once.
    fewest_rounds, enough_s
        An operation that has had so many turns, and takes so many seconds for one call of each, has had enough.
    """

    rounds: int
    slice_s: float
    fewest_rounds: int
    enough_s: float


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that a call takes, and what it returns."""
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result


def median_seconds(calls: Sequence[Callable[[], Any]], effort: Effort) -> list[float]:
    """Seconds that each of the calls takes, all having been called before: median over rounds of a turn's median."""
    turns: list[list[float]] = [[] for _ in calls]
    for _ in range(effort.rounds):
        for call, own in zip(calls, turns, strict=True):
            if len(own) < effort.fewest_rounds or sum(own) < effort.enough_s:
                own.append(_turn(call, effort.slice_s))
    return [median(own) for own in turns]


def _turn(call: Callable[[], Any], slice_s: float) -> float:
    """Median seconds of as many calls as fill a slice of time, one at least."""
    seconds = [timed(call)[0]]
    while sum(seconds) < slice_s:
        seconds.append(timed(call)[0])
    return median(seconds)
