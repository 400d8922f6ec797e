"""What the tests hold against the package: closed forms, and damage to files."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from datasets.laboratory.files.storage import LaboratoryError

Array = NDArray[np.float64]
Result = TypeVar("Result")

PROPERTY = settings(derandomize=True, deadline=None, max_examples=200, database=None)


def butterworth_gain(frequency_hz: Array | float, rate_hz: float, cutoff_hz: float, order: int, high: bool) -> Array:
    """Gain of a Butterworth filter's two passes, each of half the order, -3 dB at the cut-off (bilinear scale).

    Each pass has the squared gain 1 / (1 + e r^order), the two together just that as their gain; e = sqrt(2) - 1
    makes it 1 / sqrt(2) at r = 1.
    """
    ratio = np.tan(np.pi * np.asarray(frequency_hz) / rate_hz) / math.tan(math.pi * cutoff_hz / rate_hz)
    with np.errstate(divide="ignore"):
        ratio = 1.0 / ratio if high else ratio
    gain: Array = 1.0 / (1.0 + (math.sqrt(2.0) - 1.0) * ratio**order)
    return gain


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes of a file after one to four mishaps: bytes changed, lines lost, doubled or swapped, cut, mixed in."""
    content = whole
    for _ in range(draw(st.integers(1, 4))):
        mishap = draw(st.sampled_from(("byte", "lose", "double", "swap", "cut", "mix")))
        position = draw(st.integers(0, max(len(content) - 1, 0)))
        lines = content.split(b"\n")
        line = draw(st.integers(0, len(lines) - 1))
        if mishap == "byte":
            content = content[:position] + bytes([draw(st.integers(0, 255))]) + content[position + 1 :]
        elif mishap == "cut":
            content = content[:position]
        elif mishap == "mix":
            content = content[:position] + draw(st.text(max_size=20)).encode() + content[position:]
        else:
            other = draw(st.integers(0, len(lines) - 1))
            middle = {"lose": [], "double": [lines[line], lines[line]], "swap": [lines[other]]}[mishap]
            content = b"\n".join((*lines[:line], *middle, *lines[line + 1 :]))
    return content


def result_or_error(read: Callable[[Path], Result], path: Path, content: bytes) -> Result | None:
    """What a reader makes of a file; None if it refuses it, which must be in one line that names the file."""
    path.write_bytes(content)
    try:
        return read(path)
    except LaboratoryError as error:
        message = str(error)
    assert len(message.splitlines()) == 1
    assert str(path) in message
    return None


def refused(read: Callable[[Path], object], path: Path, *expected: str) -> None:
    """A reader refuses a file with a message of one line that says all this, the file's path too."""
    with pytest.raises(LaboratoryError) as caught:
        read(path)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    for part in (str(path), *expected):
        assert part in message
