"""Stored traces as curves: the best point so far, on a grid common to many runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GRID_POINTS = 200
QUARTILES = (0.25, 0.5, 0.75)
COLUMNS = ("evaluations", "seconds", "stage", "cr1", "loss", "cr2m")


@dataclass(frozen=True, eq=False)
class Trace:
    """What happened in one run, at k points.

    Attributes
    ----------
    evaluations, seconds
        Cost so far, (k,).
    stage
        0 in the fibre stage, 1 in the tendon stage, (k,).
    cr1
        Distance of the best point from the truth in percent, (k,).
    errors
        Error of each parameter of the best point in percent, (k, n), in single precision as stored.
    names
        The parameters' names, n of them.
    loss
        Loss of the best point of the stage, in units of var(d_t) at the start, (k,).
    cr2m
        Mean error of the muscle parameters of the best point in percent, (k,).
    counts
        Evaluations of each kind so far, (k, kinds); None of older runs, whose traces do not have them.
    kinds
        What kinds of evaluation these are.
    """

    evaluations: Array
    seconds: Array
    stage: Array
    cr1: Array
    errors: NDArray[np.float32]
    names: tuple[str, ...]
    loss: Array
    cr2m: Array
    counts: Array | None = None
    kinds: tuple[str, ...] = ()

    def errors_of(self, names: Sequence[str]) -> Array:
        """Errors of some parameters in percent, (k, m)."""
        return self.errors[:, [self.names.index(name) for name in names]].astype(np.float64)

    def without_errors(self) -> Trace:
        """The same without errors of parameters."""
        return replace(self, errors=self.errors[:, :0].copy(), names=())


def read_trace(stored: Mapping[str, NDArray[Any]]) -> Trace | None:
    """A stored trace; None if it is empty, or not a trace.

    Parameters
    ----------
    stored
        The arrays by name: ``evaluations``, ``seconds``, ``stage``, ``loss``, ``cr1``, ``cr2m`` (k,),
        ``errors_percent`` (k, n) in percent and ``error_names`` (n,); and, but for older runs, ``counts`` (k, kinds)
        and ``kinds``.
    """
    try:
        columns = {name: np.asarray(stored[name], dtype=np.float64) for name in COLUMNS}
        errors = np.asarray(stored["errors_percent"], dtype=np.float32)
        names = tuple(str(name) for name in stored["error_names"])
        counts = np.asarray(stored["counts"], dtype=np.float64) if "counts" in stored else None
        kinds = tuple(str(kind) for kind in stored["kinds"]) if counts is not None else ()
    except (KeyError, ValueError):
        return None
    points = len(columns["seconds"])
    if not points or any(column.shape != (points,) for column in columns.values()):
        return None
    if errors.shape != (points, len(names)) or (counts is not None and counts.shape != (points, len(kinds))):
        return None
    return Trace(errors=errors, names=names, counts=counts, kinds=kinds, **columns)


def linear_grid(costs: Sequence[Array]) -> Array:
    """From zero to the largest cost."""
    return np.linspace(0.0, max(cost[-1] for cost in costs), GRID_POINTS)


def logarithmic_grid(costs: Sequence[Array]) -> Array:
    """From the smallest cost that is not zero to the largest, in equal ratios."""
    positive = np.concatenate(list(costs))
    positive = positive[positive > 0.0]
    if not len(positive):
        return np.ones(1)
    return np.asarray(np.geomspace(positive.min(), positive.max(), GRID_POINTS))


def quartile_band(costs: Sequence[Array], values: Sequence[Array], grid: Array) -> Array:
    """Quartiles over runs of the best value so far.

    A run that has ended keeps its last value; before its first point it has its first.

    Parameters
    ----------
    costs
        Of each run, (k,), rising.
    values
        Of each run, (k,), or (k, n) for n values at once.
    grid
        Costs to give the quartiles at, (g,).

    Returns
    -------
    Array
        Lower quartile, median and upper quartile, (3, g) or (3, g, n).
    """
    held = [
        value[np.clip(np.searchsorted(cost, grid, side="right") - 1, 0, None)]
        for cost, value in zip(costs, values, strict=True)
    ]
    return np.asarray(np.quantile(np.array(held), QUARTILES, axis=0))
