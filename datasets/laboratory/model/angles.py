"""The coordinates of a laboratory's model in its table of joint angles: those needed, and how well the others agree.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import opensim
from numpy.typing import NDArray

from datasets.description import ArmDescription
from datasets.laboratory.files.table import Table, coordinate_column
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.model.lines import Line
from datasets.laboratory.model.opened import items
from datasets.laboratory.signals.motion import FULL_TURN, angles_rad

Array = NDArray[np.float64]

FARTHEST_FROM_COUPLING_DEG = 2.0
FARTHEST_FROM_LOCK_DEG = 5.0


def measured_angles(model: opensim.Model, table: Table, independent: Sequence[str]) -> tuple[Array, tuple[str, ...]]:
    """Angles of the independent coordinates.

    Parameters
    ----------
    model
        The model, connected.
    table
        The motion.
    independent
        Names of the coordinates.

    Returns
    -------
    tuple of Array and tuple of str
        (T, n) in rad, and notes.

    Raises
    ------
    LaboratoryError
        If a coordinate has no column, or the table's unit cannot be right.
    """
    missing = [name for name in independent if not _has_column(table, name)]
    if missing:
        raise LaboratoryError(
            f"{table.path}: there is no column for {', '.join(missing)}, which nothing in the model determines; each "
            f"needs a column, an enforced CoordinateCouplerConstraint in the model, or --lock NAME or NAME=VALUE (rad)"
        )
    plain = [name for name in independent if _is_angle(model, name)]
    angles = dict(zip(plain, angles_rad(table, plain).T, strict=True)) if plain else {}
    others = [name for name in independent if name not in angles]
    angles |= {name: _coupled_angle(table, name) for name in others}
    notes = [f"{name}: taken to be in rad, as OpenSim does with what it calls coupled coordinates" for name in others]
    return np.column_stack([angles[name] for name in independent]), tuple(notes if table.in_degrees else ())


def measured_rates(model: opensim.Model, table: Table, independent: Sequence[str]) -> Array:
    """Speeds or accelerations of the independent coordinates, (T, n), in rad/s or rad/s2.

    Raises
    ------
    LaboratoryError
        If a coordinate has no column.
    """
    units = [np.radians(1.0) if table.in_degrees and _is_angle(model, name) else 1.0 for name in independent]
    return np.column_stack([table.column(name) for name in independent]) * units


def departures(
    model: opensim.Model, table: Table, lines: Mapping[str, Line], independent: Sequence[str], angles: Array
) -> tuple[str, ...]:
    """Say which dependent or held coordinates the table has elsewhere than the model, one line each.

    Parameters
    ----------
    model
        The model, connected.
    table
        The motion.
    lines
        What each coordinate is.
    independent, angles
        Names and angles (rad), (T, n), of the independent coordinates.
    """
    moved = dict(zip(independent, angles.T, strict=True))
    notes = []
    for name, line in lines.items():
        if name in moved or not _is_angle(model, name) or not _has_column(table, name):
            continue
        if line.independent is None:
            expected, farthest, where = np.full(len(angles), line.offset), FARTHEST_FROM_LOCK_DEG, "where it is held"
        elif line.independent in moved:
            expected, farthest = line.at(moved[line.independent]), FARTHEST_FROM_COUPLING_DEG
            where = f"where its coupling to {line.independent} has it"
        else:
            continue
        off = float(np.degrees(np.abs(_in_rad(table, name) - expected).max()))
        if off > farthest:
            notes.append(
                f"{name}: the motion has it up to {off:.1f} degrees from {where}; its column is not used, the model's "
                f"own value is"
            )
    return tuple(notes)


def out_of_range(arm: ArmDescription, position_rad: Array) -> tuple[str, ...]:
    """Say which coordinates leave their range along a motion, (T, n) in rad, and for how much of it, one line each."""
    notes = []
    for (name, (low, high)), position in zip(arm.ranges_rad, position_rad.T, strict=True):
        share = float(np.mean((position < low) | (position > high)))
        if share > 0.0:
            found = np.degrees([position.min(), position.max(), low, high])
            notes.append(
                f"{name}: goes from {found[0]:.1f} to {found[1]:.1f} degrees, beyond the model's range of "
                f"{found[2]:.1f} to {found[3]:.1f} for {share:.1%} of the time"
            )
    return tuple(notes)


def _has_column(table: Table, name: str) -> bool:
    return name in table.columns or any(label.endswith(f"/{name}/value") for label in table.columns)


def _is_angle(model: opensim.Model, name: str) -> bool:
    """Whether OpenSim takes a coordinate as an angle, which it alone turns from degrees into rad."""
    coordinate: Any = next(item for item in items(model.getCoordinateSet()) if item.getName() == name)
    return bool(coordinate.getMotionType() == opensim.Coordinate.Rotational)


def _coupled_angle(table: Table, name: str) -> Array:
    angle = table.column(coordinate_column(table, name))
    if np.abs(angle).max() > FULL_TURN:
        raise LaboratoryError(
            f"{table.path}: column {name} goes to {np.abs(angle).max():g}, expected rad: OpenSim calls the coordinate "
            f"coupled, and writes such in rad also where inDegrees=yes; turn the column into rad"
        )
    return angle


def _in_rad(table: Table, name: str) -> Array:
    angle = table.column(coordinate_column(table, name))
    return np.radians(angle) if table.in_degrees else angle
