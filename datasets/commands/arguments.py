"""Types of arguments that several commands share, and what they all do with ``--out``."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from datasets.recording_files import RecordingError

NONE = "none"


def whole_number(text: str) -> int:
    """A whole number from 0, such as a seed."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


class Between:
    """A number within bounds.

    Parameters
    ----------
    low, high
        The bounds, which count as within.
    """

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high

    def __call__(self, text: str) -> float:
        """The number that `text` is; an ArgumentTypeError if it is none, or beyond the bounds."""
        value = _number(text)
        if not self._low <= value <= self._high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {self._low:g} to {self._high:g}")
        return value


def frequency(text: str) -> float:
    """A frequency in Hz, above 0."""
    value = _number(text)
    if not 0.0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a frequency in Hz above 0")
    return value


def cutoff(text: str) -> float | None:
    """The cut-off frequency of a filter in Hz, or ``none``: no filter."""
    return None if text == NONE else frequency(text)


def shown(value: float | None) -> str:
    """A default of `cutoff`, as it would be typed."""
    return NONE if value is None else f"{value:g}"


def add_force(parser: argparse.ArgumentParser, what: str) -> None:
    """Add ``--force``, which replaces `what`."""
    parser.add_argument("--force", action="store_true", help=f"replace {what} if there already")


def check_recording_path(path: Path, force: bool) -> None:
    """Check where a recording is to go, before it is made.

    Raises
    ------
    RecordingError
        If its name has another suffix than ``.nc``, or it is there already and not to be replaced.
    """
    if path.suffix != ".nc":
        raise RecordingError(f"--out {path}: the name must end in .nc")
    if path.exists() and not force:
        raise RecordingError(f"{path} is there already; --force replaces it")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
