"""OpenSim's tables, ``.mot`` and ``.sto`` files, as its versions 3 and 4 write them.

A free first line, lines ``key=value``, ``endheader``, the columns' labels of which the first is ``time``, then rows of
numbers. Of the keys, ``version``, ``nRows`` (``datarows``), ``nColumns`` (``datacolumns``), ``inDegrees`` and
``DataType`` count; any other line of the header is free text, as for OpenSim. Without ``inDegrees`` angles are in rad.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.laboratory.files.table import Table, coordinate_column
from datasets.laboratory.files.text import LaboratoryError, read_text, shown, write_text
from datasets.laboratory.signals.sampling import Array

__all__ = ["LaboratoryError", "Table", "coordinate_column", "read_table", "write_table"]

SUFFIXES = (".mot", ".sto")
WHAT = "a table as OpenSim exports it (.mot or .sto)"
END = "endheader"
ROWS, COLUMNS = "nrows", "ncolumns"
COUNTS = {"nrows": ROWS, "datarows": ROWS, "ncolumns": COLUMNS, "datacolumns": COLUMNS}
CHOICES = {"indegrees": ("yes", "no"), "version": ("1", "2", "3"), "datatype": ("double",)}


@dataclass(frozen=True)
class _Setting:
    key: str
    value: str
    line: int


def read_table(path: Path) -> Table:
    """Read a table.

    Parameters
    ----------
    path
        A ``.mot`` or ``.sto`` file.

    Raises
    ------
    LaboratoryError
        If the file is missing, of another kind, damaged or cut off, or holds anything but finite numbers.
    """
    lines = read_text(path, SUFFIXES, WHAT).rstrip().split("\n")
    end = next((index for index, line in enumerate(lines) if line.strip().lower() == END), None)
    if end is None:
        raise LaboratoryError(f"{path}: has no line {END!r}, so its header does not end; expected {WHAT}")
    settings = [setting for number, line in enumerate(lines[:end], 1) if (setting := _setting(line, number))]
    _check_choices(settings, path)
    label_index = next((index for index in range(end + 1, len(lines)) if lines[index].strip()), None)
    if label_index is None:
        raise LaboratoryError(
            f"{path}: ends with its header; expected a line of column labels and rows; export it again"
        )
    labels = _labels(lines[label_index], label_index + 1, path)
    _check_count(settings, COLUMNS, len(labels), path)
    first = label_index + 1
    rows = [_row(line, number, labels, path) for number, line in enumerate(lines[first:], first + 1)]
    _check_count(settings, ROWS, len(rows), path)
    numbers = np.array(rows, dtype=np.float64).reshape(len(rows), len(labels))
    in_degrees = any(setting.key == "indegrees" and setting.value.lower() == "yes" for setting in settings)
    return Table(path, numbers[:, 0], labels[1:], numbers[:, 1:], in_degrees, first + 1)


def write_table(
    path: Path,
    time_s: Array,
    columns: Sequence[str],
    values: Array,
    *,
    in_degrees: bool | None = None,
    name: str = "table",
) -> None:
    """Write a table, whole or not at all, such that `read_table` gives the same float64 back.

    Parameters
    ----------
    path
        The ``.mot`` or ``.sto`` file; one that is there is replaced.
    time_s, columns, values
        Times (s), (T,), labels of the n columns, and values, (T, n), in the unit that the file is to have.
    in_degrees
        Whether angles are in degrees; None leaves it unsaid.
    name
        The first line.

    Raises
    ------
    LaboratoryError
        If that is no sound table (:class:`Table`), a label or the name would not be read back as it is, or the file
        cannot be written.
    """
    header = [name, "version=1", f"nRows={time_s.size}", f"nColumns={len(columns) + 1}"]
    if in_degrees is not None:
        header.append(f"inDegrees={'yes' if in_degrees else 'no'}")
    header += [END, "\t".join(("time", *columns))]
    if path.suffix.lower() not in SUFFIXES:
        raise LaboratoryError(f"{path}: is to be called {shown(path.suffix)}, expected {' or '.join(SUFFIXES)}")
    _check_names(columns, name, path)
    table = Table(path, time_s, tuple(columns), values, bool(in_degrees), len(header) + 1)
    rows = io.StringIO()
    np.savetxt(rows, np.column_stack((table.time_s, table.values)), fmt="%.17g", delimiter="\t")
    write_text(path, "\n".join(header) + "\n" + rows.getvalue())


def _setting(line: str, number: int) -> _Setting | None:
    """What a line of the header sets, if anything; old files have ``datarows 100``, without ``=``."""
    key, equals, value = line.partition("=")
    key = key.strip().lower()
    if equals and (key in COUNTS or key in CHOICES):
        return _Setting(COUNTS.get(key, key), value.strip(), number)
    words = line.split()
    if len(words) == 2 and words[0].lower() in COUNTS:
        return _Setting(COUNTS[words[0].lower()], words[1], number)
    return None


def _check_choices(settings: list[_Setting], path: Path) -> None:
    for setting in settings:
        choices = CHOICES.get(setting.key)
        if choices is not None and setting.value.lower() not in choices:
            raise LaboratoryError(
                f"{path}: line {setting.line}: {setting.key} is {shown(setting.value)}, "
                f"expected {' or '.join(choices)}; correct the header, or export the table again"
            )


def _check_count(settings: list[_Setting], key: str, found: int, path: Path) -> None:
    what = "rows of numbers" if key == ROWS else "columns (time is one)"
    for setting in settings:
        if setting.key == key and setting.value != str(found):
            raise LaboratoryError(
                f"{path}: line {setting.line}: the header says {shown(setting.value)} {what}, but there are {found}; "
                f"the file is cut off or was edited: export it again, or correct the header"
            )


def _labels(line: str, number: int, path: Path) -> tuple[str, ...]:
    """The labels; where there are tabs, labels may hold spaces."""
    line = line.strip()
    labels = tuple(label.strip() for label in (line.split("\t") if "\t" in line else line.split()))
    if labels[0].lower() != "time":
        raise LaboratoryError(
            f"{path}: line {number}: the first column label is {shown(labels[0])}, expected 'time'; "
            f"the line after {END!r} must hold the column labels"
        )
    return labels


def _row(line: str, number: int, labels: tuple[str, ...], path: Path) -> list[float]:
    entries = line.split()
    if len(entries) != len(labels):
        raise LaboratoryError(
            f"{path}: line {number} has {len(entries)} entries, expected {len(labels)}, one for each column label; "
            f"the file is cut off or damaged there: export it again"
        )
    return [_number(entry, number, label, path) for entry, label in zip(entries, labels, strict=True)]


def _number(entry: str, number: int, label: str, path: Path) -> float:
    try:
        # float() also takes underscores and other scripts' digits, which are damage here.
        if entry.isascii() and "_" not in entry:
            return float(entry)
    except ValueError:
        pass
    raise LaboratoryError(
        f"{path}: line {number}, column {shown(label)} is {shown(entry)}, expected a number with a decimal point; "
        f"correct it, or export the table again"
    )


def _check_names(columns: Sequence[str], name: str, path: Path) -> None:
    for label in columns:
        if label != label.strip() or any(mark in label for mark in "\t\n\r\0"):
            raise LaboratoryError(
                f"{path}: column label {shown(label)} cannot be written; it must not begin or end with a space "
                f"or hold a tab, a line break or a zero byte"
            )
    taken = name.strip().lower() == END or _setting(name, 1) is not None
    if taken or any(mark in name for mark in "\n\r\0"):
        raise LaboratoryError(
            f"{path}: the name {shown(name)} cannot be written; it must not look like a line of the header "
            f"or hold a line break or a zero byte"
        )
