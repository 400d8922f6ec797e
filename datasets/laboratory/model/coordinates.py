"""Which coordinates of a laboratory's model move by themselves, which follow, and which are held.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import opensim

from datasets.laboratory.files.text import LaboratoryError, shown, there_are
from datasets.laboratory.model.lines import LINEARITY, Line, line_of
from datasets.laboratory.model.locks import Locks
from datasets.laboratory.model.opened import complaint, items, names

FULL_TURN_RAD = 2.0 * math.pi


def coordinate_lines(model: opensim.Model, locks: Locks) -> dict[str, Line]:
    """Say of each coordinate what it is: itself, a line over an independent one, or held.

    Parameters
    ----------
    model
        The model, connected.
    locks
        Coordinates that are locked beside those that the model locks, and where (rad or m; None: the default).

    Returns
    -------
    dict of str to Line
        By name, in the order of the model.

    Raises
    ------
    LaboratoryError
        If a locked coordinate is unknown, or the model has constraints that are no linear couplings.
    """
    found = items(model.getCoordinateSet())
    coordinates = {coordinate.getName(): coordinate for coordinate in found}
    for name in locks:
        if name not in coordinates:
            raise complaint(model, f"coordinate {shown(name)} of --lock is unknown; {there_are(name, coordinates)}")
    if len(coordinates) < len(found):
        twice = sorted({item.getName() for item in found if [c.getName() for c in found].count(item.getName()) > 1})
        raise complaint(model, f"several coordinates are called {', '.join(twice)}; rename them in the model")
    held = {name: _held(model, coordinate, locks) for name, coordinate in coordinates.items()}
    resolver = _Resolver(model, coordinates, {name: line for name, line in held.items() if line is not None})
    return {name: resolver.line(name, ()) for name in coordinates}


def check_coupled(model: opensim.Model, lines: Mapping[str, Line]) -> None:
    """Check that a model with several coordinates has couplings: a shoulder that has lost them moves as none does.

    Raises
    ------
    LaboratoryError
        If it has none.
    """
    free = [name for name, line in lines.items() if line.independent is not None]
    constraints = items(model.getConstraintSet())
    if len(free) > 1 and not any(constraint.get_isEnforced() for constraint in constraints):
        raise complaint(
            model,
            f"there is no enforced CoordinateCouplerConstraint, expected such as between scapula and humerus; add them "
            f"to the model, or say by --uncoupled that its coordinates {', '.join(free)} move independently",
        )


def usable_range(coordinate: Any) -> tuple[float, float]:
    """A coordinate's range in the model, at most a full turn either way."""
    low, high = max(coordinate.getRangeMin(), -FULL_TURN_RAD), min(coordinate.getRangeMax(), FULL_TURN_RAD)
    return (low, high) if low < high else (-math.pi, math.pi)


def function_line(
    function: Any, scale: float, arguments: Sequence[Line], within: Callable[[str], tuple[float, float]]
) -> tuple[Line, float] | None:
    """Draw the line through one of the model's functions, of lines.

    Parameters
    ----------
    function
        An OpenSim function.
    scale
        What its values are multiplied by.
    arguments
        What its arguments are.
    within
        Range of an independent coordinate, by name.

    Returns
    -------
    tuple of Line and float, or None
        See :func:`datasets.laboratory.model.lines.line_of`; None if the function has several independent coordinates.
    """
    free = sorted({line.independent for line in arguments if line.independent is not None})
    if len(free) > 1:
        return None

    def value(independent: float) -> float:
        vector = opensim.Vector(max(1, len(arguments)), 0.0)
        for index, line in enumerate(arguments):
            vector.set(index, float(line.at(independent)))
        return scale * float(function.calcValue(vector))

    return line_of(value, free[0], within(free[0])) if free else (Line.held(value(0.0)), 0.0)


def _held(model: opensim.Model, coordinate: Any, locks: Locks) -> Line | None:
    """Where a coordinate is locked, if it is."""
    name = coordinate.getName()
    if name in locks:
        value = locks[name]
        return Line.held(coordinate.getDefaultValue() if value is None else value)
    if coordinate.getDefaultLocked():
        return Line.held(coordinate.getDefaultValue())
    if coordinate.get_prescribed():
        raise complaint(
            model,
            f"coordinate {name} is prescribed by a function of time, expected one that is measured; take the "
            f"prescription out of the model, or lock it with --lock {name} or --lock {name}=VALUE",
        )
    return None


class _Resolver:
    """Follows couplings until they come to what is independent or held."""

    def __init__(self, model: opensim.Model, coordinates: Mapping[str, Any], held: Mapping[str, Line]) -> None:
        self._model, self._coordinates, self._held = model, coordinates, held
        self._couplers: dict[str, Any] = {}
        for constraint in items(model.getConstraintSet()):
            if constraint.get_isEnforced():
                self._add(constraint)

    def _add(self, constraint: Any) -> None:
        coupler = opensim.CoordinateCouplerConstraint.safeDownCast(constraint)
        if coupler is None:
            raise complaint(
                self._model,
                f"constraint {constraint.getName()} is a {constraint.getConcreteClassName()}, which closes a loop; "
                f"expected a tree of joints, with CoordinateCouplerConstraints alone; delete it from the model",
            )
        dependent = coupler.getDependentCoordinateName()
        if dependent in self._couplers:
            both = f"{self._couplers[dependent].getName()} and {coupler.getName()}"
            raise complaint(
                self._model, f"constraints {both} both move coordinate {dependent}; delete one from the model"
            )
        self._couplers[dependent] = coupler

    def line(self, name: str, trail: tuple[str, ...]) -> Line:
        """What a coordinate is; `trail` are those that are being followed already."""
        if name in self._held:
            return self._held[name]
        if name not in self._couplers:
            return Line(name, 1.0, 0.0)
        if name in trail:
            circle = " -> ".join((*trail[trail.index(name) :], name))
            raise complaint(
                self._model, f"couplings go in a circle, {circle}; delete one, or lock it with --lock {name}"
            )
        coupler = self._couplers[name]
        independent = names(coupler.getIndependentCoordinateNames())
        arguments = [self.line(other, (*trail, name)) for other in independent]
        scale = opensim.PropertyHelper.getValueDouble(coupler.getPropertyByName("scale_factor"))
        drawn = function_line(coupler.getFunction(), scale, arguments, self._range)
        if drawn is None or not drawn[1] <= LINEARITY:
            raise self._not_linear(coupler, name, independent, drawn)
        return drawn[0]

    def _range(self, name: str) -> tuple[float, float]:
        return usable_range(self._coordinates[name])

    def _not_linear(
        self, coupler: Any, name: str, independent: Sequence[str], drawn: tuple[Line, float] | None
    ) -> LaboratoryError:
        what = "has several independent coordinates" if drawn is None else f"is off a straight line by {drawn[1]:.2g}"
        return complaint(
            self._model,
            f"constraint {coupler.getName()}, which moves coordinate {name} with {' and '.join(independent)}, {what}, "
            f"expected a straight line over one; make it linear in the model, or lock {' or '.join(independent)} or "
            f"{name} with --lock NAME or NAME=VALUE (in rad or m)",
        )
