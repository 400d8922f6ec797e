"""A worker process: ``python -m benchmark.harness.workers.worker CONNECTION PARENT``, started by `process.Worker`.

It runs one task after another. What a method prints goes nowhere, and what it raises becomes a row.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import traceback
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from benchmark.harness.recorder import TracePoint
from benchmark.harness.row import Ending, Row, Trace, row_without_result
from benchmark.harness.seen import Seen
from benchmark.harness.workers.messages import Aside, Building, Done, Solving, Task

PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Teller:
    """A watch that tells the process outside what it is told."""

    def __init__(self, connection: Connection[Any, Any]) -> None:
        self._connection = connection

    def solving(self, seconds_left: float) -> None:
        """Tell how long the method may still take."""
        self._connection.send(Solving(seconds_left))

    def aside(self) -> None:
        """Tell that the harness is at work."""
        self._connection.send(Aside())

    def seen(self, stage: int, point: TracePoint) -> None:
        """Tell the best point so far."""
        self._connection.send(Seen(stage, point))


def serve(connection: Connection[Any, Any]) -> None:
    """Carry out tasks until there are no more."""
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        row, trace = _row_and_trace(task, connection)
        try:
            connection.send(Done(row, trace))
        except Exception as error:  # what a row holds cannot be sent
            connection.send(Done(_failed(task, error), {}))


def _row_and_trace(task: Task, connection: Connection[Any, Any]) -> tuple[Row, Trace]:
    try:
        module = import_module(task.module)
        connection.send(Building())
        if task.ending is None:
            result = module.execute(task.spec, Teller(connection))
        else:
            result = module.recover(task.spec, task.ending, task.seen)
    except BaseException as error:  # SystemExit of a library must not look like the end of the worker
        return _failed(task, error), {}
    row, trace = result
    return row, trace


def _failed(task: Task, error: BaseException) -> Row:
    return row_without_result(task.spec, Ending("failed", traceback.format_exception_only(error)[-1].strip()))


def end_with(parent: int) -> None:
    """End this process when `parent` does, even if it hangs; only Linux can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before
        os._exit(1)


if __name__ == "__main__":
    descriptor, parent = map(int, sys.argv[1:])
    end_with(parent)
    os.set_inheritable(descriptor, False)  # processes that a method starts have no part in this
    serve(Connection(descriptor))
