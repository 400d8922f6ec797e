"""What a worker and who watches over it say to each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from benchmark.harness.row import Ending, Row, Trace
from benchmark.harness.seen import Seen
from benchmark.harness.spec import RunSpec

EXECUTE = "benchmark.harness.execute"


class Task(NamedTuple):
    """To the worker: run `spec`, or make its row from what was seen of it.

    Attributes
    ----------
    module
        Has the functions ``execute(spec, watch)`` and ``recover(spec, ending, seen)``.
    ending
        How the run ended, if it was in another process; None to run it.
    seen
        What was seen of it there.
    """

    spec: RunSpec
    module: str = EXECUTE
    ending: Ending | None = None
    seen: Sequence[Seen] = ()


class Building(NamedTuple):
    """From the worker: libraries are imported, the problem is being built."""


class Solving(NamedTuple):
    """From the worker: the method has so many seconds left from now."""

    seconds_left: float


class Aside(NamedTuple):
    """From the worker: the harness does work of its own."""


class Done(NamedTuple):
    """From the worker: the end of the run.

    Attributes
    ----------
    changed
        What the run left changed in the worker's process.
    broken
        Whether something else than the method has failed, too.
    """

    row: Row
    trace: Trace
    changed: Sequence[str] = ()
    broken: bool = False


Message = Building | Solving | Aside | Seen | Done
