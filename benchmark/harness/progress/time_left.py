"""How long a campaign may still take."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from benchmark.harness.spec import RunSpec

OVERHEAD_S = 5.0  # guessed for a method that has not been seen yet: building, and evaluating what was found


class TimeLeft:
    """Estimates the time left from the runs that are finished, and from budgets for methods not seen yet.

    Parameters
    ----------
    specs
        The runs to do.
    jobs
        How many are done at a time; 0 where a cluster's workers are yet to come.
    clock
        Seconds, from any origin.
    """

    def __init__(self, specs: Sequence[RunSpec], jobs: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._waiting = set(specs)
        self._jobs = max(1, jobs)
        self._clock = clock
        self._began: dict[RunSpec, float] = {}
        self._took: dict[tuple[str, str], list[float]] = defaultdict(list)

    def started(self, spec: RunSpec) -> None:
        """Note that a run began."""
        self._waiting.discard(spec)
        self._began[spec] = self._clock()

    def finished(self, spec: RunSpec) -> float:
        """Note that a run ended; return how many seconds it took."""
        took = self._clock() - self._began.pop(spec)
        self._took[spec.problem, spec.method].append(took)
        return took

    def elsewhere(self, spec: RunSpec) -> None:
        """Note that a run is done, but not here."""
        self._waiting.discard(spec)

    @property
    def running(self) -> tuple[tuple[RunSpec, float], ...]:
        """What runs now, and for how many seconds."""
        now = self._clock()
        return tuple((spec, now - began) for spec, began in self._began.items())

    @property
    def seconds(self) -> float:
        """Seconds until all runs are done, as far as one can tell."""
        under_way = [max(0.0, self._expected(spec) - elapsed) for spec, elapsed in self.running]
        total = sum(under_way) + sum(self._expected(spec) for spec in self._waiting)
        return max(total / self._jobs, max(under_way, default=0.0))

    def _expected(self, spec: RunSpec) -> float:
        took = self._took.get((spec.problem, spec.method))
        return sum(took) / len(took) if took else spec.budget_s + OVERHEAD_S
