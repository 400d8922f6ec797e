"""Files that OpenSim writes for a laboratory, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from datasets.laboratory.files.text import LaboratoryError
from datasets.opensim_process import NOT_INSTALLED, ProcessError, run_apart

DEADLINE_S = 300.0  # some seconds are usual, most of them for loading OpenSim


def write_apart(write: Callable[..., None], arguments: tuple[Any, ...], what: str, shown: Path | str) -> None:
    """Have a file written.

    Parameters
    ----------
    write
        What writes it, see :func:`datasets.opensim_process.run_apart`.
    arguments
        Its arguments.
    what
        What it does, for the errors: a noun.
    shown
        The file, for the errors.

    Raises
    ------
    LaboratoryError
        If OpenSim is not installed, fails or takes too long, or whatever of that kind `write` raises.
    """
    if find_spec("opensim") is None:
        raise LaboratoryError(NOT_INSTALLED)
    try:
        run_apart(write, arguments, what, DEADLINE_S, _untold, (LaboratoryError,))
    except ProcessError as error:
        raise LaboratoryError(f"{shown}: {error}") from None


def _untold(samples: int) -> None:
    """A file has no samples to tell of."""
