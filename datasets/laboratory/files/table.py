"""A table over time, sound whenever there is one: what :mod:`datasets.laboratory.files.storage` reads and writes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.laboratory.files.text import LaboratoryError, shown, there_are
from datasets.laboratory.signals.sampling import Array, mean_rate_hz

LARGEST_STEP = 1.5  # of the median step; a longer one is a gap
PLAUSIBLE_RATES_HZ = (1e-3, 1e6)  # beyond, the times are damaged or not in s
FEWEST_ROWS = 2


@dataclass(frozen=True, eq=False)
class Table:
    """Quantities over time, with what a message needs to say where one is in the file.

    Attributes
    ----------
    path
        The file.
    time_s
        Times (s), (T,): increasing, two or more, no step above 1.5 times the median step.
    columns
        Labels of the n columns, without that of time: no two the same, none empty.
    values
        (T, n), finite, in the file's units.
    in_degrees
        Whether angles are in degrees; otherwise they are in rad.
    first_line
        Line of the file, counted from 1, with the first row.

    Raises
    ------
    LaboratoryError
        If anything is not as said here.
    """

    path: Path
    time_s: Array
    columns: tuple[str, ...]
    values: Array
    in_degrees: bool
    first_line: int = 1

    def __post_init__(self) -> None:
        _check_labels(self)
        _check_shapes(self)
        _check_numbers(self)
        _check_time(self)

    @property
    def rate_hz(self) -> float:
        """Mean sampling rate (Hz)."""
        return mean_rate_hz(self.time_s)

    def column(self, name: str) -> Array:
        """Values of a column, (T,).

        Raises
        ------
        LaboratoryError
            If there is no such column.
        """
        if name not in self.columns:
            raise LaboratoryError(f"{self.path}: column {shown(name)} is missing; {there_are(name, self.columns)}")
        return self.values[:, self.columns.index(name)]

    def line(self, row: int) -> int:
        """Line of the file, counted from 1, with a row, counted from 0."""
        return self.first_line + row


def coordinate_column(table: Table, coordinate: str) -> str:
    """Label of a coordinate's column: its name, or OpenSim 4's path of its value, ``/jointset/JOINT/NAME/value``.

    Raises
    ------
    LaboratoryError
        If there is no such column, or there are several paths.
    """
    if coordinate in table.columns:
        return coordinate
    paths = [label for label in table.columns if label.endswith(f"/{coordinate}/value")]
    if len(paths) > 1:
        raise LaboratoryError(
            f"{table.path}: coordinate {shown(coordinate)} has the columns {', '.join(paths)}, expected one; "
            f"leave out or rename the others"
        )
    if not paths:
        coordinates = [_coordinate(label) for label in table.columns]
        raise LaboratoryError(
            f"{table.path}: no column of coordinate {shown(coordinate)}, neither its name nor a path ending in "
            f"/{coordinate}/value; {there_are(coordinate, coordinates)}"
        )
    return paths[0]


def _coordinate(label: str) -> str:
    """The coordinate that a path is of; other labels as they are."""
    return label.split("/")[-2] if label.startswith("/") and label.endswith("/value") else label


def _check_labels(table: Table) -> None:
    if not table.columns:
        raise LaboratoryError(f"{table.path}: there is no column beside time, expected one or more; export it again")
    if "" in table.columns:
        column = table.columns.index("") + 2
        raise LaboratoryError(f"{table.path}: column {column} has no label; give it one, or take it out")
    label, times = Counter(("time", *table.columns)).most_common(1)[0]
    if times > 1:
        raise LaboratoryError(
            f"{table.path}: column label {shown(label)} occurs {times} times, expected once; "
            f"rename or take out the others"
        )


def _check_shapes(table: Table) -> None:
    rows = table.time_s.size
    if table.time_s.ndim != 1 or table.values.shape != (rows, len(table.columns)):
        raise LaboratoryError(
            f"{table.path}: time has the shape {table.time_s.shape} and the values have {table.values.shape}, "
            f"expected (rows,) and (rows, {len(table.columns)}) for {len(table.columns)} columns beside time"
        )
    if rows < FEWEST_ROWS:
        raise LaboratoryError(
            f"{table.path}: has {rows} rows of numbers, expected {FEWEST_ROWS} or more (a motion needs 6, "
            f"and a filter as many as its padding); export the whole recording"
        )


def _check_numbers(table: Table) -> None:
    labels = ("time", *table.columns)
    bad = np.argwhere(~np.isfinite(np.column_stack((table.time_s, table.values))))
    if bad.size:
        row, column = (int(index) for index in bad[0])
        value = table.time_s[row] if column == 0 else table.values[row, column - 1]
        raise LaboratoryError(
            f"{table.path}: line {table.line(row)}, column {shown(labels[column])} is {value}, expected a finite "
            f"number; fill the gap, or cut the recording there"
        )


def _check_time(table: Table) -> None:
    with np.errstate(over="ignore"):  # of damaged times; what overflows is told as a gap
        steps_s = np.diff(table.time_s)
        median_s = float(np.median(steps_s))
    for bad, expected in (
        (~(steps_s > 0.0), "expected it to increase; take out the rows that are doubled or out of order"),
        (
            ~(steps_s < LARGEST_STEP * median_s),
            f"where the median step is {median_s:g} s: rows are missing; cut or fill",
        ),
    ):
        if bad.any():
            row = int(np.argmax(bad))
            raise LaboratoryError(
                f"{table.path}: line {table.line(row + 1)}, column 'time': goes from {table.time_s[row]} s "
                f"to {table.time_s[row + 1]} s, {expected}"
            )
    low, high = PLAUSIBLE_RATES_HZ
    if not 1.0 / high <= median_s <= 1.0 / low:
        raise LaboratoryError(
            f"{table.path}: column 'time' has a median step of {median_s:g} s, expected {1.0 / high:g} to "
            f"{1.0 / low:g} s; the times must be in s"
        )
