"""Runs what needs OpenSim in a process of its own, with a deadline, and shows how far it is.

A simulation with strongly excited muscles and elastic tendons can hang or abort inside OpenSim, and OpenSim cannot
share a process with CasADi. In a process of its own neither is trouble for the caller.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

NOT_INSTALLED = "OpenSim is not installed: pip install 'arm-identification-benchmark[opensim]'"
PLAIN_LINES = 10
LONGEST_MESSAGE = 300

Result = TypeVar("Result")
Report = Callable[[int], None]


class ProcessError(RuntimeError):
    """What ran in a process of its own came to nothing."""


@dataclass(frozen=True)
class _Done:
    result: Any


def run_apart(
    work: Callable[..., Result],
    arguments: tuple[Any, ...],
    what: str,
    deadline_s: float,
    report: Report,
    passed_on: tuple[type[Exception], ...] = (),
) -> Result:
    """Call a function in a process of its own.

    Parameters
    ----------
    work
        A function of a module that can be imported without OpenSim; it imports what needs OpenSim itself.
    arguments
        Its arguments; behind them it is given a function to call with the number of samples done.
    what
        What it does, for the errors: a noun.
    deadline_s
        Time in which it must be done.
    report
        Called with the numbers of samples done.
    passed_on
        Exceptions of the function that are raised here as they are.

    Raises
    ------
    ProcessError
        If it raises anything else, takes too long, or the process ends; a line that says which.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, arguments, what, passed_on, sender), daemon=True)
    end_s = time.monotonic() + deadline_s
    process.start()
    sender.close()  # the child holds the other copy: when it dies, so does the pipe
    try:
        while receiver.poll(max(0.0, end_s - time.monotonic())):
            message = receiver.recv()
            if isinstance(message, _Done):
                found: Result = message.result
                return found
            if isinstance(message, Exception):
                raise message
            report(message)
        raise ProcessError(f"not done within the deadline of {deadline_s:g} s")
    except EOFError:
        process.join()
        raise ProcessError(f"OpenSim ended its process (exit code {process.exitcode})") from None
    finally:
        process.kill()
        process.join()
        receiver.close()


def _work(
    work: Callable[..., Any],
    arguments: tuple[Any, ...],
    what: str,
    passed_on: tuple[type[Exception], ...],
    sender: Connection,
) -> None:
    """In the child: send the numbers of samples done, then what comes of it, or what went wrong."""
    # OpenSim complains at length, and past Python; what matters of it comes as an exception.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stderr__.fileno() if sys.__stderr__ else 2)
    try:
        sender.send(_Done(work(*arguments, sender.send)))
    except passed_on as error:
        sender.send(error)
    except Exception as error:
        sender.send(ProcessError(f"the {what} failed: {' '.join(str(error).split())[:LONGEST_MESSAGE]}"))


@contextmanager
def progress(name: str, samples: int) -> Iterator[Report]:
    """Show on stderr how far it is and how long it still takes: a bar on a terminal, else a line now and then.

    Parameters
    ----------
    name
        What is being made.
    samples
        How many samples there will be.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_report(name, samples)
        return
    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TextColumn("samples, left:"), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(name, total=samples)
        yield lambda done: bar.update(task, completed=done)


def _plain_report(name: str, samples: int) -> Report:
    start_s = time.monotonic()
    step = max(1, samples // PLAIN_LINES)

    def report(done: int) -> None:
        if done % step == 0 or done == samples:
            left_s = (time.monotonic() - start_s) * (samples - done) / done
            print(f"{name}: {done} of {samples} samples, {left_s:.0f} s left", file=sys.stderr, flush=True)

    return report
