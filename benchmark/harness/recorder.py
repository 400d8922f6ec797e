"""Clock, counters, budget, best point and trace of one run: what the harness knows, whatever a method claims."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.parameters import ParameterSpace

Array = NDArray[np.float64]

TRACE_POINTS = 256
BOUND_TOLERANCE = 1e-9  # of the distance between the bounds


class BudgetSpent(Exception):  # noqa: N818  (not an error: the ordinary end of many runs)
    """The budget of the stage is spent; the harness keeps the best point."""


@dataclass
class TracePoint:
    """The best point after a number of evaluations of a stage."""

    evaluations: int
    seconds: float
    loss: float
    x: Array


@dataclass
class StageRecorder:
    """Records what happens while a method solves a stage.

    Attributes
    ----------
    space
        The stage's parameter space.
    budget_s
        Seconds that the method may take.
    budget_evaluations
        Evaluations it may take; None for no limit.
    """

    space: ParameterSpace
    budget_s: float
    budget_evaluations: int | None
    counts: Counter[str] = field(default_factory=Counter)
    best_loss: float = np.inf
    best_x: Array | None = None
    trace: list[TracePoint] = field(default_factory=list)
    _began: float = field(default_factory=time.perf_counter)
    _ended: float | None = None
    _aside: float = 0.0
    _stride: int = 1

    @property
    def evaluations(self) -> int:
        """Evaluations of any kind so far."""
        return sum(self.counts.values())

    @property
    def seconds(self) -> float:
        """Seconds from the stage's beginning to now, or to its end, less what the harness took for itself."""
        until = time.perf_counter() if self._ended is None else self._ended
        return until - self._began - self._aside

    @property
    def seconds_left(self) -> float:
        """Seconds until the budget is spent, not negative."""
        return max(0.0, self.budget_s - self.seconds)

    def set_aside(self, seconds: float) -> None:
        """Take `seconds` of the harness's own work off the method's clock."""
        self._aside += seconds

    def record(self, kind: str, x: Array, loss: float, count: int = 1) -> None:
        """Count `count` evaluations of a `kind` that ended with `loss` at `x`.

        Raises
        ------
        BudgetSpent
            If that was the last evaluation within the budget.
        """
        before = self.evaluations
        self.counts[kind] += count
        if loss < self.best_loss and self._within_bounds(x):
            self.best_loss, self.best_x = float(loss), self.space.clip(x)
        if self.best_x is not None and before // self._stride != self.evaluations // self._stride:
            self._add_trace_point()
        if self.spent:
            raise BudgetSpent

    @property
    def spent(self) -> bool:
        """Whether the budget is spent."""
        out_of_evaluations = self.budget_evaluations is not None and self.evaluations >= self.budget_evaluations
        return out_of_evaluations or self.seconds >= self.budget_s

    def close(self) -> None:
        """Stop the clock, and make the last point of the trace the best one."""
        self._ended = time.perf_counter()
        if self.best_x is not None:
            self._add_trace_point()

    def _within_bounds(self, x: Array) -> bool:
        slack = BOUND_TOLERANCE * (self.space.upper - self.space.lower)
        return bool(np.all(x >= self.space.lower - slack) and np.all(x <= self.space.upper + slack))

    def _add_trace_point(self) -> None:
        assert self.best_x is not None
        self.trace.append(TracePoint(self.evaluations, self.seconds, self.best_loss, self.best_x))
        if len(self.trace) > TRACE_POINTS:
            self.trace = self.trace[::2]
            self._stride *= 2
