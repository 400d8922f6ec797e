"""A table is sound or there is none."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from datasets.laboratory.files.table import Table, coordinate_column
from datasets.laboratory.files.text import LaboratoryError

Array = NDArray[np.float64]
TIME_S = np.arange(5) / 100.0
STATES = ("/jointset/elbow/elbow_flexion/value", "/jointset/elbow/elbow_flexion/speed", "pro_sup")


def _table(
    time_s: Array = TIME_S, columns: tuple[str, ...] = ("a", "b"), values: Array | None = None, first_line: int = 8
) -> Table:
    values = np.arange(float(time_s.size * len(columns))).reshape(time_s.size, -1) if values is None else values
    return Table(Path("x.mot"), time_s, columns, values, False, first_line)


def test_columns_rate_and_lines() -> None:
    table = _table()
    np.testing.assert_array_equal(table.column("b"), [1.0, 3.0, 5.0, 7.0, 9.0])
    assert table.rate_hz == pytest.approx(100.0, rel=1e-12)  # rounding only
    assert table.line(2) == 10


def test_a_missing_column_is_named_with_those_that_are_there() -> None:
    with pytest.raises(LaboratoryError, match="column 'Bicep' is missing; there are: Biceps, a; did you mean 'Biceps'"):
        _table(columns=("Biceps", "a")).column("Bicep")


def test_a_coordinates_column_is_found_by_name_or_path() -> None:
    table = _table(columns=STATES)
    assert coordinate_column(table, "elbow_flexion") == STATES[0]
    assert coordinate_column(table, "pro_sup") == "pro_sup"


def test_a_missing_or_doubtful_coordinate_is_refused() -> None:
    with pytest.raises(LaboratoryError, match=r"no column of coordinate 'elbow_flex'.* did you mean 'elbow_flexion'"):
        coordinate_column(_table(columns=STATES), "elbow_flex")
    with pytest.raises(LaboratoryError, match="'q' has the columns /a/q/value, /b/q/value, expected one"):
        coordinate_column(_table(columns=("/a/q/value", "/b/q/value")), "q")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ((), "no column beside time"),
        (("a", ""), "column 3 has no label"),
        (("a", "b", "a"), "label 'a' occurs 2 times"),
        (("time",), "label 'time' occurs 2 times"),
    ],
)
def test_bad_labels_are_refused(columns: tuple[str, ...], expected: str) -> None:
    with pytest.raises(LaboratoryError, match=expected):
        _table(columns=columns, values=np.zeros((5, len(columns))))


@pytest.mark.parametrize(
    ("time_s", "expected"),
    [
        (np.array([0.0]), "has 1 rows of numbers, expected 2 or more .a motion needs 6"),
        (np.array([0.0, 0.01, 0.01, 0.02]), "line 10, column 'time': goes from 0.01 s to 0.01 s, expected it to incr"),
        (np.array([0.0, 0.02, 0.01]), "line 10, column 'time': goes from 0.02 s to 0.01 s"),
        (np.array([0.0, 0.1, 0.2, 0.3, 0.46]), "line 12.*0.3 s to 0.46 s, where the median step is 0.1 s"),
        (np.array([0.0, 1e308, -1e308]), "goes from"),
        (np.array([-1e308, 1e308]), "goes from"),
        (np.array([0.0, 1e-9, 2e-9]), "a median step of 1e-09 s.* must be in s"),
        (np.array([0.0, 2e3]), "a median step of 2000 s"),
        (np.array([0.0, np.nan]), "line 9, column 'time' is nan"),
    ],
)
def test_bad_times_are_refused(time_s: Array, expected: str) -> None:
    with pytest.raises(LaboratoryError, match=expected):
        _table(time_s)


def test_steps_that_differ_but_leave_no_gap_pass() -> None:
    # The longest step is 1.4 times the median one, just below a gap's 1.5.
    assert _table(np.array([0.0, 0.1, 0.2, 0.3, 0.44])).time_s[-1] == 0.44


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_with_its_place(bad: float) -> None:
    values = np.zeros((5, 2))
    values[3, 1] = bad
    with pytest.raises(LaboratoryError, match=f"line 11, column 'b' is {bad}, expected a finite number"):
        _table(values=values)


@pytest.mark.parametrize("values", [np.zeros((5, 3)), np.zeros((4, 2)), np.zeros(5)])
def test_other_shapes_are_refused(values: Array) -> None:
    with pytest.raises(LaboratoryError, match=r"expected .rows,. and .rows, 2. for 2 columns"):
        _table(values=values)
