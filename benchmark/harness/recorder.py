"""Clock, counters, budget, best point and trace of a stage: what the harness knows, whatever a method claims."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.clock import Clock
from benchmark.harness.errors import HarnessError, check_known
from benchmark.harness.limits import Limits
from benchmark.problem.parameters import ParameterSpace

Array = NDArray[np.float64]

TRACE_POINTS = 256
BOUND_TOLERANCE = 1e-9  # of the distance between the bounds


class StageEnded(Exception):  # noqa: N818  (not an error: the ordinary end of many runs)
    """The harness ends the stage, and keeps the best point."""


class BudgetSpent(StageEnded):
    """The budget of the stage is spent."""


class TargetReached(StageEnded):
    """The target of the stage is reached, and the run was to stop there."""


class NotFinite(StageEnded):
    """The method has lost itself: it wants to know the loss at a point that is no numbers."""


@dataclass(frozen=True)
class TracePoint:
    """The best point after so many evaluations of each kind, of a stage."""

    counts: Mapping[str, int]
    seconds: float
    loss: float
    x: Array


@dataclass(frozen=True)
class StageHistory:
    """What happened in a stage.

    Attributes
    ----------
    trace
        The best point so far, over time; it ends with the best one. Empty if there was none.
    counts
        Evaluations by kind.
    seconds, cpu_seconds
        What the method took; the processors' None where that is not known.
    """

    trace: Sequence[TracePoint]
    counts: Counter[str]
    seconds: float
    cpu_seconds: float | None

    @property
    def best(self) -> TracePoint | None:
        """The best point that the harness saw."""
        return self.trace[-1] if self.trace else None


class Watch(Protocol):
    """Is told what goes on while it does: if the process dies, this is all that is left of the run."""

    def solving(self, seconds_left: float) -> None:
        """The method has so many seconds left from now."""

    def aside(self) -> None:
        """The harness does work of its own, until the next `solving`."""

    def seen(self, stage: int, point: TracePoint) -> None:
        """`point` is the best one of a stage so far."""


@dataclass
class StageRecorder:
    """Records what happens while a method solves a stage.

    Attributes
    ----------
    space
        The stage's parameter space.
    limits
        What ends the stage.
    prices
        What an evaluation of a kind costs, in residual evaluations.
    watch
        Is told of every point of the trace, and how long the method may still take.
    stage
        Which stage of the run it is, from 0.
    """

    space: ParameterSpace
    limits: Limits
    prices: Mapping[str, float]
    watch: Watch
    stage: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    best_loss: float = np.inf
    best_x: Array | None = None
    trace: list[TracePoint] = field(default_factory=list)
    _clock: Clock = field(default_factory=Clock)
    _stride: int = 1
    _ended: type[StageEnded] | None = None
    _closed: bool = False
    _process: int = field(default_factory=os.getpid)
    _lock: threading.Lock = field(default_factory=threading.Lock)  # a method may evaluate in several threads

    def __post_init__(self) -> None:
        self.watch.solving(self.limits.seconds)

    @property
    def evaluations(self) -> int:
        """Evaluations of any kind so far."""
        return self.counts.total()

    @property
    def cost(self) -> float:
        """What they cost, in residual evaluations."""
        return sum(count * self.prices[kind] for kind, count in self.counts.items())

    @property
    def seconds(self) -> float:
        """Seconds from the stage's beginning to now, or to its end, less what the harness took for itself."""
        return self._clock.wall_s

    @property
    def seconds_left(self) -> float:
        """Seconds until the budget is spent, not negative."""
        return max(0.0, self.limits.seconds - self.seconds)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The harness's own work meanwhile is off the method's clock."""
        with self._lock:
            self.watch.aside()
            try:
                with self._clock.paused():
                    yield
            finally:
                self.watch.solving(self.limits.seconds - self.seconds)  # negative: the grace is being spent

    def check(self) -> None:
        """See whether evaluations are of any use.

        Raises
        ------
        StageEnded
            If the stage has ended: whoever has caught that gets it again.
        HarnessError
            In another process than the stage's, whose evaluations nobody counts.
        """
        if os.getpid() != self._process:
            raise HarnessError("view counts evaluations in the process that solve was called in, and in no other one")
        if self._ended is not None:
            raise self._ended

    def record(self, kind: str, x: Array, loss: float, count: int = 1) -> None:
        """Count `count` evaluations of a `kind` that ended with `loss` at `x`; `x` is no use if the stage has ended.

        Raises
        ------
        StageEnded
            If that was the last evaluation within the budget, or a later one, or reached the target.
        HarnessError
            If nobody knows what such an evaluation costs, or in another process than the stage's.
        """
        if kind not in self.prices:
            check_known("kind of evaluation", [kind], self.prices)
        with self._lock:
            before = self.evaluations
            if not self._closed:
                self.counts[kind] += count
            self.check()
            self.consider(x, loss)
            if self.best_x is not None and before // self._stride != self.evaluations // self._stride:
                self._add_trace_point()
            if self.limits.target is not None and self.best_loss <= self.limits.target:
                self._ended = TargetReached
            elif self.spent:
                self._ended = BudgetSpent
            self.check()

    def consider(self, x: Array, loss: float) -> None:
        """Make `x` the best point if it is one; that counts as no evaluation."""
        if loss < self.best_loss and not self.out_of_bounds(x).any():
            self.best_loss, self.best_x = float(loss), self.space.clip(x)

    def out_of_bounds(self, x: Array) -> NDArray[np.bool_]:
        """Which of the parameters at `x`, (p,), are not within their bounds; NaN is not."""
        slack = BOUND_TOLERANCE * (self.space.upper - self.space.lower)
        return ~((x >= self.space.lower - slack) & (x <= self.space.upper + slack))

    @property
    def spent(self) -> bool:
        """Whether the budget is spent."""
        limits = self.limits
        out_of_evaluations = limits.evaluations is not None and self.evaluations >= limits.evaluations
        out_of_cost = limits.cost is not None and self.cost >= limits.cost
        return out_of_evaluations or out_of_cost or self.seconds >= limits.seconds

    def close(self) -> StageHistory:
        """End the record; its last point is the best one."""
        with self._lock:
            self._clock.stop()
            self._ended, self._closed = self._ended or BudgetSpent, True  # for threads that the method has left behind
            self.watch.aside()
            if self.best_x is not None:
                self._add_trace_point()
            return StageHistory(self.trace, self.counts, self.seconds, self._clock.cpu_s)

    def _add_trace_point(self) -> None:
        assert self.best_x is not None
        self.trace.append(TracePoint(dict(self.counts), self.seconds, self.best_loss, self.best_x))
        self.watch.seen(self.stage, self.trace[-1])
        if len(self.trace) > TRACE_POINTS:
            self.trace = self.trace[::2]
            self._stride *= 2
