"""The joints of a laboratory's model as hinges that turn one after another.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import opensim
from numpy.typing import NDArray

from datasets.description import Vector
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.model.coordinates import function_line, usable_range
from datasets.laboratory.model.lines import LINEARITY, Line
from datasets.laboratory.model.opened import complaint, names, release

Array = NDArray[np.float64]
Lines = Mapping[str, Line]

_X, _Y, _Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
# Axes of the joints whose coordinates are angles themselves, in the order of the coordinates; a weld has none.
_PLAIN_AXES: Mapping[str, tuple[Vector, ...]] = {
    "WeldJoint": (),
    "PinJoint": (_Z,),
    "UniversalJoint": (_X, _Y),
    "GimbalJoint": (_X, _Y, _Z),
}


@dataclass(frozen=True)
class Turn:
    """A turn about an axis.

    Attributes
    ----------
    axis
        In the frame that the turns before it have left.
    angle
        What its angle is.
    coordinates
        The model's coordinates that the angle is a function of.
    is_coordinate
        Whether the angle is that coordinate itself.
    number
        Which of the joint's axes it is, from 1.
    """

    axis: Vector
    angle: Line
    coordinates: tuple[str, ...]
    is_coordinate: bool
    number: int


@dataclass(frozen=True)
class JointMotion:
    """What a joint does between its two frames: a shift (m) in the parent's, a fixed turning, and turns."""

    shift_m: Array
    fixed: Array
    turns: tuple[Turn, ...] = ()


def joint_motion(model: opensim.Model, joint: Any, lines: Lines) -> JointMotion:
    """Say what a joint does.

    Parameters
    ----------
    model
        The model, connected.
    joint
        One of its joints.
    lines
        What each coordinate is.

    Raises
    ------
    LaboratoryError
        If it slides, turns by anything but straight lines, or is of an unknown kind, while its coordinates move.
    """
    kind = joint.getConcreteClassName()
    if kind in _PLAIN_AXES:
        owned = [joint.get_coordinates(index).getName() for index in range(joint.numCoordinates())]
        turns = tuple(
            Turn(axis, lines[name], (name,), True, number)
            for number, (axis, name) in enumerate(zip(_PLAIN_AXES[kind], owned, strict=True), start=1)
        )
        return JointMotion(np.zeros(3), np.eye(3), turns)
    if kind == "CustomJoint":
        return _custom(model, opensim.CustomJoint.safeDownCast(joint), lines)
    return _held_joint(model, joint, lines)


def _custom(model: opensim.Model, joint: Any, lines: Lines) -> JointMotion:
    transform = joint.getSpatialTransform()
    shift_m = np.zeros(3)
    for index in range(3, 6):
        axis = transform.getTransformAxis(index)
        shift_m += _slide(model, joint, axis, lines) * _direction(axis)
    turns = (_turn(model, joint, transform.getTransformAxis(index), index + 1, lines) for index in range(3))
    return JointMotion(shift_m, np.eye(3), tuple(turn for turn in turns if turn is not None))


def _turn(model: opensim.Model, joint: Any, axis: Any, number: int, lines: Lines) -> Turn | None:
    """The turn about an axis, if it ever turns."""
    used = names(axis.getCoordinateNamesInArray())
    drawn = _axis_line(model, axis, lines)
    if drawn is None or not drawn[1] <= LINEARITY:
        what = "depends on several coordinates that move" if drawn is None else f"is off by up to {drawn[1]:.2g} rad"
        raise complaint(
            model,
            f"joint {joint.getName()}: the angle of rotation{number} over {' and '.join(used)} {what}, expected a "
            f"straight line over one; make it linear in the model, or {_lock(used)}",
        )
    if drawn[0] == Line.held(0.0) and not used:
        return None
    # Of what is held no line can tell whether the angle is the coordinate: the function itself can.
    own = {name: Line(name, 1.0, 0.0) for name in used}
    alone = _axis_line(model, axis, own) if len(used) == 1 else None
    is_coordinate = alone is not None and alone[1] <= LINEARITY and alone[0].is_itself
    return Turn(tuple(_direction(axis).tolist()), drawn[0], tuple(used), is_coordinate, number)


def _slide(model: opensim.Model, joint: Any, axis: Any, lines: Lines) -> float:
    """Where a sliding axis is (m): it must not move."""
    used = names(axis.getCoordinateNamesInArray())
    drawn = _axis_line(model, axis, lines)
    if drawn is None or drawn[0].independent is not None or not drawn[1] <= LINEARITY:
        raise complaint(
            model,
            f"joint {joint.getName()} slides along {axis.getName() or 'an axis'} with {' and '.join(used)}, expected "
            f"joints that turn alone; {_lock(used)}",
        )
    return drawn[0].offset


def _axis_line(model: opensim.Model, axis: Any, lines: Lines) -> tuple[Line, float] | None:
    used = names(axis.getCoordinateNamesInArray())
    return function_line(axis.getFunction(), 1.0, [lines[name] for name in used], _range_in(model))


def _range_in(model: opensim.Model) -> Callable[[str], tuple[float, float]]:
    return lambda name: usable_range(model.getCoordinateSet().get(name))


def _direction(axis: Any) -> Array:
    direction = axis.getAxis().to_numpy()
    return np.asarray(direction / np.linalg.norm(direction))


def _held_joint(model: opensim.Model, joint: Any, lines: Lines) -> JointMotion:
    """What a joint of any other kind is while its coordinates are held: OpenSim says where."""
    owned = [joint.get_coordinates(index).getName() for index in range(joint.numCoordinates())]
    if any(lines[name].independent is not None for name in owned):
        raise _unsupported(model, joint, owned)
    copy = opensim.Model(model.getInputFileName())
    for name in owned:
        coordinate = copy.updCoordinateSet().get(name)
        release(coordinate)
        coordinate.set_default_value(lines[name].offset)
    copy.updConstraintSet().clearAndDestroy()
    state = copy.initSystem()
    copied = copy.getJointSet().get(joint.getName())
    placed = copied.getChildFrame().findTransformBetween(state, copied.getParentFrame())
    return JointMotion(placed.p().to_numpy(), rotation_matrix(placed.R()))


def rotation_matrix(rotation: Any) -> Array:
    """An OpenSim rotation as a matrix, (3, 3)."""
    return np.array([[rotation.asMat33().get(row, column) for column in range(3)] for row in range(3)])


def _unsupported(model: opensim.Model, joint: Any, owned: list[str]) -> LaboratoryError:
    kinds = ", ".join((*_PLAIN_AXES, "CustomJoint"))
    return complaint(
        model,
        f"joint {joint.getName()} is a {joint.getConcreteClassName()} whose coordinates {', '.join(owned)} move, "
        f"expected one of {kinds}; lock them: {' '.join(f'--lock {name}' for name in owned)} (or NAME=VALUE, rad or m)",
    )


def _lock(used: list[str]) -> str:
    return f"lock it: {' '.join(f'--lock {name}' for name in used)} (or NAME=VALUE, in rad or m)"
