"""Muscle synergies: what a recording's measured EMG channels have in common, as few courses over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.projection import CoupledRecording

Array = NDArray[np.float64]
Factorisation: TypeAlias = Literal["pca", "nmf"]

COUNT: Final = 5  # as Ao et al. (2022) found best
REPLICATES: Final = 5  # NMF finds local minima: the best of several starts
SEED: Final = 1  # of these starts
ITERATIONS: Final = 5000
TOLERANCE: Final = 1e-4


def synergies(entry: CoupledRecording, largest: Array, factorisation: Factorisation) -> Array:
    """Courses over time of a recording's synergies, each of a largest magnitude of one.

    Parameters
    ----------
    entry
        The recording.
    largest
        Largest EMG of each measured channel over all trials, (channels,): each channel is divided by its own.
    factorisation
        Principal components, with a constant as one more course for what has been taken off as mean, or non-negative
        factors.

    Returns
    -------
    Array
        (all samples, courses).
    """
    recording = entry.recording
    channels = recording.emg[:, measured_columns(entry)] / largest
    courses = _components(channels) if factorisation == "pca" else _non_negative(channels)
    return np.asarray(courses / np.abs(courses).max(axis=0))


def measured_columns(entry: CoupledRecording) -> NDArray[np.intp]:
    """Indices of the measured channels."""
    recording = entry.recording
    return np.flatnonzero([name not in recording.deep_muscles for name in recording.muscles])


def largest_emg(coupled: Sequence[CoupledRecording]) -> Array:
    """Largest EMG of each measured channel over all trials, (channels,)."""
    return np.asarray(
        np.max([entry.recording.emg[:, measured_columns(entry)].max(axis=0) for entry in coupled], axis=0)
    )


def _components(channels: Array) -> Array:
    from sklearn.decomposition import PCA

    scores = PCA(COUNT, svd_solver="full").fit_transform(channels)
    return np.column_stack([scores, np.ones(len(scores))])


def _non_negative(channels: Array) -> Array:
    from sklearn.decomposition import NMF

    models = [
        NMF(COUNT, init=init, random_state=SEED + number, max_iter=ITERATIONS, tol=TOLERANCE)
        for number, init in enumerate(["nndsvda", *["random"] * (REPLICATES - 1)])
    ]
    courses = [model.fit_transform(channels) for model in models]
    best = min(range(REPLICATES), key=lambda index: float(models[index].reconstruction_err_))
    return np.asarray(courses[best])
