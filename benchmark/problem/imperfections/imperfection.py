"""What an imperfection is: something wrong with recordings, drawn by a seed when they are read, and stored nowhere."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from datasets.description import ArmDescription
from datasets.recording import Recording

if TYPE_CHECKING:
    from benchmark.problem.projection import CoupledRecording


class Imperfection:
    """Something wrong with a recording, or with what is known of the arm; a part of this kind does nothing.

    Attributes
    ----------
    name
        The imperfection's name in problem names, where its size stands behind it.
    unit
        The unit of its size.
    summary
        What it is, in a line.
    """

    name: ClassVar[str]
    unit: ClassVar[str]
    summary: ClassVar[str]

    def recording(self, recording: Recording, size: float, seed: int) -> Recording:
        """The recording with the imperfection; what is drawn depends on the seed and on names alone."""
        return recording

    def arm(self, arm: ArmDescription, size: float) -> ArmDescription:
        """What is believed of the arm."""
        return arm

    def coupled(self, entry: CoupledRecording, size: float, seed: int) -> CoupledRecording:
        """The recording, with its motion's regressors computed, with the imperfection."""
        return entry


def named_generator(seed: int, *names: str) -> np.random.Generator:
    """A generator that depends on a seed and on names alone, so that what is drawn for one does not shift others."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])
