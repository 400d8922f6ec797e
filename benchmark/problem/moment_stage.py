"""Calibration by moment tracking, as CEINMS states it: moments of all muscles against those of inverse dynamics.

Loss: over trials and tracked coordinates, the mean squared moment error over the variance of the measured moment; plus,
over trials and muscles, the mean penalty on fibres that are far from their optimal length (Pizzolato et al. 2015). A
loss of 9 is what three trials have when nothing is explained beyond the mean of each moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.shape_factor import ShapedExcitation
from benchmark.problem.muscle_moments import CALIBRATED, MuscleMoments, muscle_moments
from benchmark.problem.parameters import ParameterSpace
from benchmark.problem.stage import NoSuchFormError
from benchmark.problem.trial import Trial

Array = NDArray[np.float64]

KINDS = len(CALIBRATED)


class MomentStage:
    """The only stage of moment tracking.

    The residual has, trial after trial, the moment errors of frame after frame about the three coordinates, and a
    number a muscle: the root of its mean penalty.

    Parameters
    ----------
    trials
        The calibration trials.
    space
        The parameter space, its names muscle parameters kind by kind, then the shared ones.
    pennation
        Pennation angles of the muscles at their optimal fibre length by name, in rad.
    smooth_penalty
        Whether the penalty is smooth, see :func:`benchmark.problem.muscle_moments.muscle_moments`.
    """

    name = "moment"

    def __init__(
        self, trials: Sequence[Trial], space: ParameterSpace, pennation: Mapping[str, float], smooth_penalty: bool
    ) -> None:
        self.trials, self.space, self.smooth_penalty = tuple(trials), space, smooth_penalty
        self.muscles = self.trials[0].muscles
        self.pennation = np.array([pennation[muscle] for muscle in self.muscles])
        # A moment error (N m) times its weight, squared and added up, is its share of the loss.
        self.weights = tuple(1.0 / (trial.moment.std(axis=0) * np.sqrt(len(trial.moment))) for trial in self.trials)

    def unpack(self, x: Any) -> tuple[Any, ShapedExcitation]:
        """Parameters of the muscles, (3, n), and those they share."""
        count = KINDS * len(self.muscles)
        return x[:count].reshape(KINDS, -1), ShapedExcitation(*x[count:])

    def residual(self, x: Array) -> Array:
        """The residual, (n,), at `x`, compiled."""
        own, shared = self.unpack(x)
        return self._residual([self._moments(trial, own, shared) for trial in self.trials])

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (n,), and its exact Jacobian, (n, p), at `x`, compiled."""
        own, shared = self.unpack(x)
        found = [self._moments(trial, own, shared, with_partials=True) for trial in self.trials]
        blocks = [block for entry in zip(self.weights, found, strict=True) for block in _blocks(*entry)]
        return self._residual(found), np.concatenate(blocks)

    def moments(self, x: Array) -> list[Array]:
        """Moments (N m) of all muscles together about the tracked coordinates at `x`, (T, 3) a trial."""
        own, shared = self.unpack(x)
        return [self._moments(trial, own, shared).moment.sum(axis=2) for trial in self.trials]

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        """The residual as one row, (n,); in torch without anything compiled, for automatic differentiation."""
        if xp is NUMPY:
            return [self.residual(x)]
        from benchmark.problem.torch_moments import torch_residual

        return [torch_residual(self, x)]

    def incremental(self) -> Callable[[Array], float]:
        """The loss as a function of a point that computes only what has changed since its last calls."""
        from benchmark.problem.incremental import IncrementalLoss

        return IncrementalLoss(self)

    def left_range(self, x: Array) -> tuple[str, ...]:
        """Names of the muscles that leave at `x`, (p,), what the model is made for, in any trial."""
        own, shared = self.unpack(x)
        bad = np.any([self._moments(trial, own, shared).left_range for trial in self.trials], axis=0)
        return tuple(name for name, is_bad in zip(self.muscles, bad, strict=True) if is_bad)

    def symbolic(self) -> NoReturn:
        """There is none.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError("moment tracking has no symbolic form: its fibres are solved for by compiled code")

    def literal(self) -> NoReturn:
        """There is none: automatic differentiation has :meth:`rows`.

        Raises
        ------
        NoSuchFormError
            Always.
        """
        raise NoSuchFormError("moment tracking is not the paper's problem: it has no literal form")

    def _moments(
        self, trial: Trial, own: Array, shared: ShapedExcitation, with_partials: bool = False
    ) -> MuscleMoments:
        columns = np.arange(len(self.muscles))
        return muscle_moments(trial, columns, own, shared, self.pennation, self.smooth_penalty, with_partials)

    def _residual(self, found: Sequence[MuscleMoments]) -> Array:
        entries = zip(self.trials, self.weights, found, strict=True)
        return np.concatenate([part for entry in entries for part in _rows(*entry)])


def _rows(trial: Trial, weight: Array, found: MuscleMoments) -> tuple[Array, Array]:
    """A trial's part of the residual."""
    return (weight * (found.moment.sum(axis=2) - trial.moment)).ravel(), found.penalty


def _blocks(weight: Array, found: MuscleMoments) -> tuple[Array, Array]:
    """A trial's part of the Jacobian: rows of moment errors, and of penalties."""
    partials, count = weight[:, None] * found.moment_partials, found.penalty.size
    by_own = np.moveaxis(partials[:KINDS], 0, 2).reshape(-1, KINDS * count)
    by_shared = np.moveaxis(partials[KINDS:].sum(axis=3), 0, 2).reshape(-1, len(partials) - KINDS)
    diagonal = [np.diag(by) for by in found.penalty_partials[:KINDS]]
    return np.hstack([by_own, by_shared]), np.hstack([*diagonal, found.penalty_partials[KINDS:].T])
