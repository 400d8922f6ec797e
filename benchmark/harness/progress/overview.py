"""What is known of a campaign while it runs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from benchmark.harness.progress.time_left import TimeLeft
from benchmark.harness.row import DELIVERED, SETTLED, Row
from benchmark.harness.spec import RunSpec


class Best(NamedTuple):
    """The lowest objective of a problem so far, in rad2/s4, and the method that found it."""

    objective: float
    method: str


@dataclass(frozen=True)
class Standing:
    """How a campaign stands.

    Attributes
    ----------
    total
        Runs to do.
    done, failed, elsewhere
        Runs done here, those of them without a result, and runs done by other processes.
    running
        What runs now, and for how many seconds.
    best
        The best result so far, by problem.
    seconds_left
        Seconds until the end, as far as one can tell.
    """

    total: int
    done: int
    failed: int
    elsewhere: int
    running: Sequence[tuple[RunSpec, float]]
    best: Mapping[str, Best]
    seconds_left: float

    @property
    def over(self) -> int:
        """Runs that are over, wherever they were done."""
        return self.done + self.elsewhere


class Overview:
    """Keeps account of a campaign; a live view may ask from a thread of its own.

    Parameters
    ----------
    specs
        The runs to do.
    jobs
        How many are done at a time.
    clock
        Seconds, from any origin.
    """

    def __init__(self, specs: Sequence[RunSpec], jobs: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = len(specs)
        self._done = self._failed = self._elsewhere = 0
        self._left = TimeLeft(specs, jobs, clock)
        self._best: dict[str, Best] = {}
        self._lock = Lock()

    def started(self, spec: RunSpec) -> None:
        """Note that a run began."""
        with self._lock:
            self._left.started(spec)

    def finished(self, spec: RunSpec, row: Row) -> float:
        """Note how a run ended; return how many seconds it took."""
        with self._lock:
            self._done += 1
            self._failed += row["status"] not in SETTLED
            objective = row.get("objective_rad2_per_s4")
            if row["status"] in DELIVERED and objective is not None:
                found, known = Best(objective, spec.method), self._best.get(spec.problem, Best(math.inf, ""))
                if found.objective < known.objective:
                    self._best[spec.problem] = found
            return self._left.finished(spec)

    def elsewhere(self, spec: RunSpec) -> None:
        """Note that another process has done a run."""
        with self._lock:
            self._elsewhere += 1
            self._left.elsewhere(spec)

    @property
    def standing(self) -> Standing:
        """How the campaign stands now."""
        with self._lock:
            left = self._left
            return Standing(
                self._total,
                self._done,
                self._failed,
                self._elsewhere,
                left.running,
                dict(self._best),
                left.seconds,
            )
