"""What synergies' weights cost by themselves: EMG that is extrapolated, added, or beyond what EMG can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class AllowedEmg:
    """What a cost of one stands for: error of a torque (N m), EMG extrapolated, added, and beyond 0 and 1."""

    torque_nm: float
    extrapolated: float
    added: float
    beyond: float


class CombinedEmg(NamedTuple):
    """EMG of a recording with synergies in it: (samples, n) as it acts, as it would be, and where it is not cut off."""

    acting: Array
    uncut: Array
    is_free: NDArray[np.bool_]


def combined_emg(measured: Array, courses: Array, weights: Array) -> CombinedEmg:
    """EMG of a recording, (samples, n), with a combination of the courses added to each channel and cut off at 0 and 1.

    What is measured may lie beyond 1, as wrongly normalised channels do: it is cut off where it is not added to.
    """
    uncut, ceiling = measured + courses @ weights, np.maximum(1.0, measured)
    return CombinedEmg(np.clip(uncut, 0.0, ceiling), uncut, (uncut > 0.0) & (uncut < ceiling))


class WeightCosts:
    """Rows whose squares are means over time and muscles, each over what is allowed.

    What a combination of courses amounts to over time is found once: its mean square is |R w|^2, R a small triangle.
    What lies beyond 0 and 1 is a row a muscle, the root of its mean square.

    Parameters
    ----------
    courses
        The synergies' courses, (samples, courses) a recording.
    is_deep
        Which muscles are extrapolated, (n,); to the others something is added.
    allowed
        What a cost of one stands for.
    """

    def __init__(self, courses: Sequence[Array], is_deep: NDArray[np.bool_], allowed: AllowedEmg) -> None:
        samples, deep = sum(map(len, courses)), int(is_deep.sum())
        kinds = (deep, allowed.extrapolated), (len(is_deep) - deep, allowed.added)
        self._courses = courses
        self._roots = [np.linalg.qr(entry)[1] / np.sqrt(samples) for entry in courses]
        self._shares = np.where(is_deep, *(np.sqrt(max(1, count)) * each for count, each in kinds))
        self._beyond_one = np.sqrt(samples * len(is_deep)) * allowed.beyond

    def rows(self, weights: Sequence[Array], emg: Sequence[CombinedEmg]) -> Array:
        """The rows, with the weights, (courses, n), and the EMG of each recording."""
        combined = [(root @ own / self._shares).ravel() for root, own in zip(self._roots, weights, strict=True)]
        return np.concatenate([*combined, *(self._beyond(entry) / self._beyond_one for entry in emg)])

    def jacobian(self, emg: Sequence[CombinedEmg]) -> Array:
        """Their derivatives by all weights, course by course of a recording and muscle by muscle of a course."""
        count = len(self._shares)
        blocks = [np.kron(root, np.diag(1.0 / self._shares)) for root in self._roots]
        height, width = (sum(block.shape[axis] for block in blocks) for axis in (0, 1))
        jacobian = np.zeros((height + len(blocks) * count, width))
        row = column = 0
        for index, (block, entry, courses) in enumerate(zip(blocks, emg, self._courses, strict=True)):
            columns, first = slice(column, column + block.shape[1]), height + index * count
            jacobian[row : row + len(block), columns] = block
            own = jacobian[first : first + count, columns].reshape(count, -1, count)
            own[np.arange(count), :, np.arange(count)] = self._slopes(entry, courses).T
            row, column = row + len(block), columns.stop
        return jacobian

    @staticmethod
    def _beyond(emg: CombinedEmg) -> Array:
        return np.asarray(np.linalg.norm(emg.uncut - emg.acting, axis=0))

    def _slopes(self, emg: CombinedEmg, courses: Array) -> Array:
        """Derivatives of what is beyond by the weights, (courses, n); none where nothing is."""
        size = self._beyond(emg)
        direction = (emg.uncut - emg.acting) / np.where(size > 0.0, size, 1.0)
        return np.asarray(courses.T @ direction / self._beyond_one)
