"""Makes recordings: runs the simulation in a process of its own, with a deadline, and writes what comes of it.

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
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from datasets.recording import Recording
from datasets.recording_files import write_recording
from datasets.request import Request

DEFAULT_DEADLINE_S = 1800.0
PLAIN_LINES = 10
USUAL_FIBRE_LENGTHS = (0.5, 1.5)  # of the optimal fibre length


class GenerationError(RuntimeError):
    """No recording could be made."""


def generate(request: Request, path: Path, deadline_s: float = DEFAULT_DEADLINE_S, force: bool = False) -> Recording:
    """Simulate and write a recording; if that fails, nothing is written or overwritten.

    Parameters
    ----------
    request
        What to simulate.
    path
        Where the recording goes.
    deadline_s
        Time in which the simulation must be done.
    force
        Whether a file at `path` may be replaced.

    Raises
    ------
    GenerationError
        If OpenSim is not installed, `path` is taken, or the simulation fails or takes too long.
    """
    if find_spec("opensim") is None:
        raise GenerationError("OpenSim is not installed: pip install 'arm-identification-benchmark[opensim]'")
    if path.exists() and not force:
        raise GenerationError(f"{path} is there already; --force replaces it")
    with _progress(request.name, request.samples) as report:
        recording = _simulate_apart(request, deadline_s, report)
    return write_recording(recording, path)


def unusual_fibre_lengths(recording: Recording) -> tuple[str, ...]:
    """Say which muscles' fibres leave the usual range of length, one line each."""
    low, high = USUAL_FIBRE_LENGTHS
    lines = []
    for index, muscle in enumerate(recording.muscles):
        optimal_m = recording.true_parameters[f"{muscle}.optimal_fibre_length"]
        ratio = recording.fibre_length_m[:, index] / optimal_m
        if ratio.min() < low or ratio.max() > high:
            outside = np.mean((ratio < low) | (ratio > high))
            lines.append(
                f"{muscle}: fibres are {ratio.min():.2f} to {ratio.max():.2f} times their optimal length, "
                f"beyond {low:g} to {high:g} for {outside:.1%} of the time"
            )
    return tuple(lines)


def _simulate_apart(request: Request, deadline_s: float, report: Callable[[int], None]) -> Recording:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(request, sender), daemon=True)
    end_s = time.monotonic() + deadline_s
    process.start()
    sender.close()  # the child holds the other copy: when it dies, so does the pipe
    try:
        while receiver.poll(max(0.0, end_s - time.monotonic())):
            message = receiver.recv()
            if isinstance(message, Recording):
                return message
            if isinstance(message, str):
                raise GenerationError(f"{request.name}, seed {request.seed}: {message}")
            report(message)
        raise GenerationError(f"{request.name}, seed {request.seed}: not done within the deadline of {deadline_s:g} s")
    except EOFError:
        process.join()
        raise GenerationError(
            f"{request.name}, seed {request.seed}: OpenSim ended its process (exit code {process.exitcode})"
        ) from None
    finally:
        process.kill()
        process.join()
        receiver.close()


def _work(request: Request, sender: Connection) -> None:
    """In the child: simulate, and send the numbers of samples done, then the recording, or what went wrong."""
    # OpenSim complains at length, and past Python; what matters of it comes as an exception.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stderr__.fileno() if sys.__stderr__ else 2)
    try:
        from datasets.simulate import simulate

        sender.send(simulate(request, sender.send))
    except Exception as error:
        sender.send(f"the simulation failed: {' '.join(str(error).split())[:300]}")


@contextmanager
def _progress(name: str, samples: int) -> Iterator[Callable[[int], None]]:
    """Show on stderr how far it is and how long it still takes: a bar on a terminal, else a line now and then."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_report(name, samples)
        return
    columns = (TextColumn(name), BarColumn(), MofNCompleteColumn(), TextColumn("samples, left:"), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(name, total=samples)
        yield lambda done: progress.update(task, completed=done)


def _plain_report(name: str, samples: int) -> Callable[[int], None]:
    start_s = time.monotonic()
    step = max(1, samples // PLAIN_LINES)

    def report(done: int) -> None:
        if done % step == 0 or done == samples:
            left_s = (time.monotonic() - start_s) * (samples - done) / done
            print(f"{name}: {done} of {samples} samples, {left_s:.0f} s left", file=sys.stderr, flush=True)

    return report
