"""Makes recordings: runs the simulation in a process of its own, with a deadline, and writes what comes of it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from datasets.opensim_process import NOT_INSTALLED, ProcessError, Report, progress, run_apart
from datasets.parameters import USUAL_FIBRE_LENGTHS
from datasets.recording import Recording
from datasets.recording_files import write_recording
from datasets.request import Request

DEFAULT_DEADLINE_S = 1800.0


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
        raise GenerationError(NOT_INSTALLED)
    if path.exists() and not force:
        raise GenerationError(f"{path} is there already; --force replaces it")
    with progress(request.name, request.samples) as report:
        recording = _simulate_apart(request, deadline_s, report)
    return write_recording(recording, path)


def unusual_fibre_lengths(recording: Recording) -> tuple[str, ...]:
    """Say which muscles' fibres leave the usual range of length, one line each."""
    low, high = USUAL_FIBRE_LENGTHS
    lines = []
    for index, muscle in enumerate(recording.muscles):
        optimal_m = recording.true_parameters[f"{muscle}.optimal_fibre_length"]
        ratio = recording.states.fibre_length_m[:, index] / optimal_m
        if ratio.min() < low or ratio.max() > high:
            outside = np.mean((ratio < low) | (ratio > high))
            lines.append(
                f"{muscle}: fibres are {ratio.min():.2f} to {ratio.max():.2f} times their optimal length, "
                f"beyond {low:g} to {high:g} for {outside:.1%} of the time"
            )
    return tuple(lines)


def _simulate_apart(request: Request, deadline_s: float, report: Report) -> Recording:
    try:
        return run_apart(_simulate, (request,), "simulation", deadline_s, report)
    except ProcessError as error:
        raise GenerationError(f"{request.name}, seed {request.seed}: {error}") from None


def _simulate(request: Request, report: Report) -> Recording:
    """In the process of its own."""
    from datasets.simulate import simulate

    return simulate(request, report)
