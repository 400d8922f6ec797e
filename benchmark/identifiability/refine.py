"""The minimum next to a point, with some parameters held: what profiles and bootstraps need again and again.

The search is that of the method `gauss_newton`, which is ten times faster here than scipy's trust region.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.parameters import ParameterSpace, order_filter
from methods._levenberg_marquardt import LeastSquares, Search

Array = NDArray[np.float64]

STEPS = 200
# Of the sum of squares, that a step gains: a gain that matters to a 95 % interval is 1e-4 of it or more.
TOLERANCE = 1e-8
# The same, of a whole descent: damping that has grown makes small steps in narrow valleys, a new descent forgets it.
DESCENT_TOLERANCE = 1e-7
NOTHING_HELD: Mapping[str, float] = MappingProxyType({})


class Minimum(NamedTuple):
    """A local minimum.

    Attributes
    ----------
    x
        All parameters, held ones too, (p,); c1 <= c2.
    sum_of_squares
        Of the residual, in rad2/s4.
    """

    x: Array
    sum_of_squares: float


class HeldStage:
    """A stage with some of its parameters held at given values.

    Where one of c1 and c2 is held, the other stays on its side, as exchanging the two changes nothing else.

    Parameters
    ----------
    stage
        The stage.
    start
        All of its parameters, (p,): where a search starts.
    held
        Values of the held parameters by name.
    """

    def __init__(self, stage: AccelerationStage, start: Array, held: Mapping[str, float] = NOTHING_HELD) -> None:
        self._stage = stage
        whole = stage.space
        self._free = np.array([name not in held for name in whole.names])
        lower, upper = whole.values(whole.lower), whole.values(whole.upper)
        if "c2" in held:
            upper["c1"] = min(upper["c1"], held["c2"])
        if "c1" in held:
            lower["c2"] = max(lower["c2"], held["c1"])
        box = np.array(list(lower.values())), np.array(list(upper.values()))
        wanted = whole.values(start) | dict(held)
        self._point = np.clip([wanted[name] for name in whole.names], *box)
        names = tuple(name for name in whole.names if name not in held)
        self.space = ParameterSpace(names, box[0][self._free], box[1][self._free], self._point[self._free])

    def complete(self, x: Array) -> Array:
        """All parameters, (p,), from the free ones."""
        point = self._point.copy()
        point[self._free] = x
        return point

    def residual(self, x: Array) -> Array:
        """The residual at the free parameters `x`."""
        return self._stage.residual(self.complete(x))

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual and its Jacobian by the free parameters, at `x`."""
        residual, jacobian = self._stage.residual_and_jacobian(self.complete(x))
        return residual, jacobian[:, self._free]


def refine(
    stage: AccelerationStage, start: Array, held: Mapping[str, float] = NOTHING_HELD, steps: int = STEPS
) -> Minimum:
    """Go down from a point to the next minimum within the bounds.

    Parameters
    ----------
    stage
        What is to be minimised.
    start
        All of its parameters, (p,).
    held
        Values of parameters that stay, by name.
    steps
        Steps of the search at most, of each descent.
    """
    own = HeldStage(stage, start, held)
    search = descent(own, steps)
    found = order_filter(stage.space.values(own.complete(search.x)))
    return Minimum(np.array([found[name] for name in stage.space.names]), search.loss / stage.weight**2)


def descent(stage: LeastSquares, steps: int = STEPS) -> Search:
    """A search that has gone down from a stage's start, again and again until another descent gains nothing.

    Parameters
    ----------
    stage
        What is to be minimised.
    steps
        Steps of each descent at most.
    """
    search, before = Search(stage, stage.space.start), np.inf
    while before - search.loss > DESCENT_TOLERANCE * search.loss:
        before = search.loss
        search.begin(search.x)
        search.descend(steps, TOLERANCE)
    return search
