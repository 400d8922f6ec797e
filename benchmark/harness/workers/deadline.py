"""Until when a worker must have told something new."""

from __future__ import annotations

import math
import time

from benchmark.harness.seen import Seen
from benchmark.harness.workers.messages import Aside, Building, Done, Message, Solving

IMPORT_S = 300.0  # beyond which a worker hangs rather than imports
OWN_WORK_S = 900.0  # the same for the harness: compiling everything takes 10 s, CasADi's largest expressions minutes
RESPITE_S = 0.3  # for what was told in time, and is heard late because this process was stopped (Ctrl-Z) for a while


class Deadline:
    """Moves with what a worker tells.

    Parameters
    ----------
    grace_s
        Seconds that a method may take beyond its budget.
    """

    def __init__(self, grace_s: float) -> None:
        self._grace_s = grace_s
        self._own_work_left_s = OWN_WORK_S
        self._aside_since: float | None = None
        self._late_since = math.inf
        self._is_overdue = False
        self._set(IMPORT_S, "importing libraries")

    def told(self, message: Message) -> None:
        """Move the deadline by what was told."""
        match message:
            case Building():
                self._set(OWN_WORK_S, "building the problem")
            case Solving(seconds_left):
                self._end_aside()
                self._is_overdue = seconds_left + self._grace_s < 0.0  # by the worker's own clock
                self._set(seconds_left + self._grace_s, f"the method, {self._grace_s:g} s beyond its budget")
            case Aside():
                self._end_aside()
                self._aside_since = time.monotonic()
                self._set(self._own_work_left_s, "evaluating")
            case Seen() | Done():
                pass

    def is_missed(self) -> bool:
        """Whether it is too late, and was so some looks ago."""
        now = time.monotonic()
        if now > self._until:
            self._late_since = min(self._late_since, now)
        return self._is_overdue or now - self._late_since > RESPITE_S

    @property
    def message(self) -> str:
        """What was not done in time."""
        return f"ended from outside, as it was still at it: {self._what}"

    def _end_aside(self) -> None:
        """Asides share their time: a method that asks for them without end comes to its own."""
        if self._aside_since is not None:
            self._own_work_left_s -= time.monotonic() - self._aside_since
            self._aside_since = None

    def _set(self, seconds: float, what: str) -> None:
        self._until, self._what = time.monotonic() + seconds, what
        self._late_since = math.inf
