"""A worker process: ``python -m benchmark.harness.workers.worker CONNECTION PARENT``, started by `process.Worker`.

It runs one task after another. What a method prints goes nowhere, and what it raises becomes a row.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import traceback
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from benchmark.harness.recorder import TracePoint
from benchmark.harness.row import Ending, Row, row_without_result
from benchmark.harness.seen import Seen
from benchmark.harness.workers.messages import Aside, Building, Done, Message, Solving, Task
from benchmark.harness.workers.process_state import changes, process_state

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h


class Line:
    """The worker's end of the line: threads may use it at a time, and forks of its process may not.

    Parameters
    ----------
    connection
        The connection to the process outside.
    """

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._owner = os.getpid()

    @property
    def is_ours(self) -> bool:
        """Whether this is the process that was asked to carry out tasks, and no fork of it."""
        return os.getpid() == self._owner

    def next_task(self) -> Task | None:
        """The next task; None if there are no more."""
        try:
            task: Task = self._connection.recv()
        except EOFError:
            return None
        return task

    def send(self, message: Message) -> None:
        """Tell the process outside.

        Raises
        ------
        RuntimeError
            In a fork of the worker.
        """
        if not self.is_ours:
            raise RuntimeError("the view was used in another process than the one that solve was called in")
        with self._lock:
            self._connection.send(message)


class Teller:
    """A watch that tells the process outside what it is told."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def solving(self, seconds_left: float) -> None:
        """Tell how long the method may still take."""
        self._line.send(Solving(seconds_left))

    def aside(self) -> None:
        """Tell that the harness is at work."""
        self._line.send(Aside())

    def seen(self, stage: int, point: TracePoint) -> None:
        """Tell the best point so far."""
        self._line.send(Seen(stage, point))


def serve(line: Line) -> None:
    """Carry out tasks until there are no more."""
    while (task := line.next_task()) is not None:
        done = _carry_out(task, line)
        if not line.is_ours:  # a method has forked and let both processes return
            os._exit(0)
        try:
            line.send(done)
        except OSError as error:
            print(f"the line to the benchmark is cut: {error}", file=sys.stderr, flush=True)
            os._exit(1)  # at once: nothing in here can be trusted to end
        except Exception as error:  # what a row holds cannot be sent
            line.send(Done(_failed(task, error), {}, broken=True))


def _carry_out(task: Task, line: Line) -> Done:
    try:
        module = import_module(task.module)
        line.send(Building())
        before = process_state()
        if task.ending is None:
            row, trace = module.execute(task.spec, Teller(line))
        else:
            row, trace = module.recover(task.spec, task.ending, task.seen)
        return Done(row, trace, changes(before, process_state()))
    except BaseException as error:  # SystemExit of a library must not look like the end of the worker
        return Done(_failed(task, error), {}, broken=True)


def _failed(task: Task, error: BaseException) -> Row:
    return row_without_result(task.spec, Ending("failed", traceback.format_exception_only(error)[-1].strip()))


def tie(parent: int) -> None:
    """End this process when `parent` does, even if it hangs, and keep its orphans; only Linux can do that."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    if os.getppid() != parent:  # it ended before
        os._exit(1)


if __name__ == "__main__":
    descriptor, parent = map(int, sys.argv[1:])
    tie(parent)
    os.set_inheritable(descriptor, False)  # processes that a method starts have no part in this
    serve(Line(Connection(descriptor)))
