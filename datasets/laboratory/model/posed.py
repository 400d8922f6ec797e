"""A laboratory's OpenSim model as something to be moved: its skeleton, its couplings, and some of its muscles.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import opensim
from numpy.typing import NDArray

from datasets.laboratory.model.lines import Line
from datasets.laboratory.model.opened import items, release

Array = NDArray[np.float64]


class PosedModel:
    """A model without what an identification does not know: other forces, and what drives or watches them.

    Parameters
    ----------
    path
        The model's file.
    lines
        What each coordinate is; the constraints of those that are held go, and so do locks and clamps, so that
        coordinates go exactly where the lines have them.
    independent
        Names of the independent coordinates.
    muscles
        Names of the muscles that stay.
    """

    def __init__(
        self, path: Path, lines: Mapping[str, Line], independent: tuple[str, ...], muscles: Collection[str]
    ) -> None:
        self._lines, self._independent = lines, independent
        self.model = opensim.Model(str(path))
        _remove_all_but(self.model.updForceSet(), lambda force: force.getName() in muscles)
        self.model.updControllerSet().clearAndDestroy()
        self.model.updProbeSet().clearAndDestroy()
        _remove_all_but(self.model.updConstraintSet(), self._moves)
        for coordinate in items(self.model.updCoordinateSet()):
            self._free(coordinate)
        self._state = self.model.initSystem()
        self._coordinates = items(self.model.getCoordinateSet())

    def place(self, position_rad: Array, velocity_rad_per_s: Array) -> Any:
        """Put the independent coordinates (n,) there, and all others where they follow; returns OpenSim's state."""
        moved = dict(zip(self._independent, zip(position_rad, velocity_rad_per_s, strict=True), strict=True))
        for coordinate in self._coordinates:
            line = self._lines[coordinate.getName()]
            position, velocity = moved.get(line.independent or "", (0.0, 0.0))
            coordinate.setValue(self._state, float(line.at(position)), False)
            coordinate.setSpeedValue(self._state, float(line.slope * velocity))
        self.model.realizeVelocity(self._state)
        return self._state

    def _moves(self, constraint: Any) -> bool:
        coupler = opensim.CoordinateCouplerConstraint.safeDownCast(constraint)
        return coupler is not None and self._lines[coupler.getDependentCoordinateName()].independent is not None

    def _free(self, coordinate: Any) -> None:
        release(coordinate)
        line = self._lines[coordinate.getName()]
        if line.independent is None:
            coordinate.set_default_value(line.offset)


def _remove_all_but(group: Any, stays: Callable[[Any], bool]) -> None:
    for index in reversed(range(group.getSize())):
        if not stays(group.get(index)):
            group.remove(index)
