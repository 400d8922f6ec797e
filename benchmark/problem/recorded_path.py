"""Paths of muscle and tendon as a recording has them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmark.model.fibres.musculotendon import MusculotendonPath
from datasets.recording import Recording


def musculotendon_path(recording: Recording, muscles: Sequence[str]) -> MusculotendonPath:
    """Paths of some muscles over a whole recording.

    Parameters
    ----------
    recording
        The recording.
    muscles
        Their names.
    """
    columns = [recording.muscles.index(name) for name in muscles]
    length, velocity = (
        np.ascontiguousarray(values[:, columns])
        for values in (recording.musculotendon_length_m, recording.musculotendon_velocity_m_per_s)
    )
    rigid = np.array([name in recording.rigid_tendons for name in muscles])
    return MusculotendonPath(length, velocity, 1.0 / recording.sampling_rate_hz, rigid)
