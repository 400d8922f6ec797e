"""Clock, counters, budget, best point and trace of a stage: what the harness knows, whatever a method claims."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import check_known
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
class Limits:
    """What ends a stage, beside the method itself.

    Attributes
    ----------
    seconds
        Wall seconds that the method may take.
    evaluations
        Evaluations that it may take, whatever their kind; None for no limit.
    cost
        What its evaluations may cost, in residual evaluations; None for no limit.
    target
        The loss at which to stop; None for none.
    """

    seconds: float
    evaluations: int | None = None
    cost: float | None = None
    target: float | None = None


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
    _clock: _Clock = field(default_factory=lambda: _Clock())
    _stride: int = 1

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
        self.watch.aside()
        with self._clock.paused():
            yield
        self.watch.solving(self.seconds_left)

    def record(self, kind: str, x: Array, loss: float, count: int = 1) -> None:
        """Count `count` evaluations of a `kind` that ended with `loss` at `x`.

        Raises
        ------
        StageEnded
            If that was the last evaluation within the budget, or reached the target.
        HarnessError
            If nobody knows what such an evaluation costs.
        """
        if kind not in self.prices:
            check_known("kind of evaluation", [kind], self.prices)
        before = self.evaluations
        self.counts[kind] += count
        self.consider(x, loss)
        if self.best_x is not None and before // self._stride != self.evaluations // self._stride:
            self._add_trace_point()
        if self.limits.target is not None and self.best_loss <= self.limits.target:
            raise TargetReached
        if self.spent:
            raise BudgetSpent

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
        self._clock.stop()
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


class _Clock:
    """Wall and processor seconds since it was made, without the pauses."""

    def __init__(self) -> None:
        self._wall_from, self._cpu_from = time.perf_counter(), _processor_s()
        self._wall_until: float | None = None
        self.cpu_s = 0.0

    @property
    def wall_s(self) -> float:
        return (time.perf_counter() if self._wall_until is None else self._wall_until) - self._wall_from

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What passes meanwhile does not count: the beginning is as much later."""
        wall, cpu = time.perf_counter(), _processor_s()
        try:
            yield
        finally:
            self._wall_from += time.perf_counter() - wall
            self._cpu_from += _processor_s() - cpu

    def stop(self) -> None:
        self._wall_until = time.perf_counter()
        self.cpu_s = _processor_s() - self._cpu_from


def _processor_s() -> float:
    """Seconds of processors, from any origin, of all threads and of child processes that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
