"""The reference back end: numpy, and Numba for the scan over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.model.scan import activations

Array = NDArray[np.float64]


class NumpyBackend:
    """Operations on numpy arrays; see :class:`benchmark.model.backends.backend.Backend`."""

    sqrt, sin, floor = staticmethod(np.sqrt), staticmethod(np.sin), staticmethod(np.floor)
    minimum, maximum = staticmethod(np.minimum), staticmethod(np.maximum)
    constant = staticmethod(np.asarray)
    concatenate = staticmethod(np.concatenate)

    def take(self, table: Array, index: Any) -> Any:
        return table[np.asarray(index, dtype=np.intp)]

    def gather(self, x: Any, constants: Array, order: NDArray[np.intp]) -> Any:
        return np.concatenate([x, constants])[order]

    def affine(self, matrix: Array, vector: Any, offset: Array) -> list[Any]:
        return list(matrix @ vector + offset)

    def spread(self, vector: Any, samples: int) -> Any:
        return vector

    def row_sums(self, x: Any) -> Any:
        return x.sum(axis=1)

    def activations(
        self, emg: Sequence[Array], counted: Sequence[NDArray[np.intp]], shared: Any, sample_time: float
    ) -> Any:
        return activations(emg, counted, shared, sample_time)


NUMPY = NumpyBackend()
