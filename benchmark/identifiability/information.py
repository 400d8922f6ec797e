"""What recordings say about parameters near a point: scaled sensitivities, their spectrum, and Cramer-Rao bounds.

With sensitivities S of the residual (rad/s2) to the parameters, each in units of its magnitude, and independent noise
of standard deviation s, the Fisher information is S'S / s^2, and no unbiased estimate has a covariance below its
inverse. Only the triangle R of S = QR is kept: all that follows is in it, and information of several recordings adds
up by stacking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Singular values that are zero come out at some 1e-16 of the largest one, the smallest others above 1e-7.
NULL_TOLERANCE = 1e-11
# A quantity is seen if less than this share of its direction lies where there is no information at all.
UNSEEN_SHARE = 1e-10


@dataclass(frozen=True, eq=False)
class Information:
    """Fisher information of a problem's recordings about its p free parameters.

    Attributes
    ----------
    names
        The parameters.
    values
        Where the sensitivities were taken, (p,), in the parameters' units.
    magnitudes
        What errors are relative to, (p,), in the parameters' units: see `magnitudes`.
    root
        R with R'R = S'S, (p, p) upper triangular, in rad/s2.
    residuals
        Number of residuals, of which S has a row each.
    """

    names: tuple[str, ...]
    values: Array
    magnitudes: Array
    root: Array
    residuals: int

    @classmethod
    def of_jacobian(cls, names: Sequence[str], values: Array, magnitude: Array, jacobian: Array) -> Information:
        """Information of a Jacobian, (residuals, p), of accelerations (rad/s2) by the parameters in their units."""
        return cls(tuple(names), values, magnitude, _triangle(jacobian * magnitude), len(jacobian))

    def __add__(self, other: Information) -> Information:
        """Information of both together, about the same parameters.

        Raises
        ------
        ValueError
            If these are not about the same parameters in the same units.
        """
        if self.names != other.names or not np.array_equal(self.magnitudes, other.magnitudes):
            raise ValueError("information about different parameters does not add up")
        root = _triangle(np.concatenate([self.root, other.root]))
        return Information(self.names, self.values, self.magnitudes, root, self.residuals + other.residuals)

    @cached_property
    def _decomposed(self) -> tuple[Array, Array]:
        _, singular, directions = np.linalg.svd(self.root, full_matrices=True)
        return np.concatenate([singular, np.zeros(len(directions) - len(singular))]), directions

    @property
    def spectrum(self) -> Array:
        """Singular values of S from the largest, (p,), in rad/s2."""
        return self._decomposed[0]

    @property
    def directions(self) -> Array:
        """Orthonormal directions of relative parameters that belong to the spectrum, one a row, (p, p)."""
        return self._decomposed[1]

    @property
    def rank(self) -> int:
        """Number of directions about which there is any information."""
        return int((self.spectrum > NULL_TOLERANCE * self.spectrum[0]).sum())

    @property
    def null_directions(self) -> Array:
        """Directions without any effect on the residual, (p - rank, p)."""
        return np.asarray(self.directions[self.rank :])

    @cached_property
    def relative_root(self) -> Array:
        """A root of the relative covariance for noise of 1 rad/s2: covariance = root root', (p, rank)."""
        return np.asarray(self.directions[: self.rank].T / self.spectrum[: self.rank])

    def covariance(self, noise_rad_per_s2: float) -> Array:
        """Bound of the relative covariance, (p, p), within the directions about which there is information."""
        root = noise_rad_per_s2 * self.relative_root
        return np.asarray(root @ root.T)

    def standard_deviations(self, noise_rad_per_s2: float, combinations: Array | None = None) -> Array:
        """Least relative standard deviation of combinations of the parameters; infinite where one is not seen.

        Parameters
        ----------
        noise_rad_per_s2
            Standard deviation of the noise in rad/s2.
        combinations
            Derivatives of the combinations, relative to their own magnitudes, with respect to the relative parameters,
            (q, p); None for the parameters themselves.
        """
        rows = np.eye(len(self.names)) if combinations is None else combinations
        deviations = noise_rad_per_s2 * np.linalg.norm(rows @ self.relative_root, axis=1)
        return np.asarray(np.where(self.unseen_shares(rows) > UNSEEN_SHARE, np.inf, deviations))

    def unseen_shares(self, combinations: Array) -> Array:
        """Share of each combination's direction about which there is no information, (q,), from 0 to 1."""
        length = (combinations**2).sum(axis=1)
        unseen = ((combinations @ self.null_directions.T) ** 2).sum(axis=1)
        return np.asarray(np.divide(unseen, length, out=np.ones_like(length), where=length > 0.0))


def _triangle(matrix: Array) -> Array:
    """R of matrix = QR."""
    return np.asarray(np.linalg.qr(matrix, mode="r"))
