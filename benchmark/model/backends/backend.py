"""What a back end offers: elementwise operations, and how to assemble a residual and scan time.

The physics is written once over this interface. Arrays over samples and muscles are (T, n); rows over samples are
(T,); vectors of parameters are (p,).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Backend(Protocol):
    """Operations of an array library."""

    # Elementwise.
    def sqrt(self, x: Any) -> Any: ...
    def sin(self, x: Any) -> Any: ...
    def floor(self, x: Any) -> Any: ...
    def minimum(self, x: Any, y: Any) -> Any: ...
    def maximum(self, x: Any, y: Any) -> Any: ...
    def take(self, table: Array, index: Any) -> Any:
        """Entries of a constant table, (n,), at whole-numbered indices."""

    # Assembly.
    def constant(self, array: Array) -> Any:
        """A constant array of the library."""

    def gather(self, x: Any, constants: Array, order: NDArray[np.intp]) -> Any:
        """Entries `order` of the vector that holds `x` and then `constants`."""

    def concatenate(self, vectors: Sequence[Any]) -> Any:
        """One vector from several."""

    def affine(self, matrix: Array, vector: Any, offset: Array) -> list[Any]:
        """Rows of ``matrix @ vector + offset``: (q, T, p) times (p,) plus (q, T), as q rows of (T,)."""

    def spread(self, vector: Any, samples: int) -> Any:
        """A vector over muscles, (n,), made fit for arithmetic with (T, n)."""

    def row_sums(self, x: Any) -> Any:
        """Sums over muscles: (T,) from (T, n)."""

    def activations(
        self, emg: Sequence[Array], counted: Sequence[NDArray[np.intp]], shared: Any, sample_time: float
    ) -> Any:
        """Activations, (T, n), of the samples that count of all recordings."""
