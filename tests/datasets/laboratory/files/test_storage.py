"""OpenSim's tables: what is read, what is refused, and that float64 survive a round trip."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from datasets.laboratory.files.storage import LaboratoryError, Table, read_table, write_table
from tests.datasets.laboratory.oracle import PROPERTY, damaged, refused, result_or_error

Array = NDArray[np.float64]
HEADER = "Coordinates\nversion=1\nnRows=3\nnColumns=3\ninDegrees=yes\nendheader\n"
ROWS = "0.0\t1.5\t-2\n0.1\t1e-3\t4\n0.2\t3.25\t+5\n"
WHOLE = f"{HEADER}time\tDeltoid anterior\tb\n{ROWS}"
OLD = "name m.mot\ndatacolumns 3\ndatarows 3\n\nAngles are in degrees.\nendheader\n\ntime a b\n" + ROWS.replace(
    "\t", "  "
)
NEW = f"inDegrees=no\nDataType=double\nversion=3\nOpenSimVersion=4.5\nendheader\ntime\t/a/q/value\t/a/q/speed\n{ROWS}"
SPACED = f"n\nVERSION = 2\nNROWS = 3 \nncolumns= 3\nINDEGREES = Yes\n EndHeader \nTime a b \n{ROWS}"


def _write(folder: Path, text: str, name: str = "x.mot") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "columns", "in_degrees", "first_line"),
    [
        (WHOLE, ("Deltoid anterior", "b"), True, 8),
        (OLD, ("a", "b"), False, 9),
        (NEW, ("/a/q/value", "/a/q/speed"), False, 7),
        (SPACED, ("a", "b"), True, 8),
        ("\ufeff" + WHOLE, ("Deltoid anterior", "b"), True, 8),
        (WHOLE.replace("\n", "\r\n"), ("Deltoid anterior", "b"), True, 8),
        (WHOLE.replace("\n", "\t\n") + "\n \n", ("Deltoid anterior", "b"), True, 8),
        (WHOLE.rstrip(), ("Deltoid anterior", "b"), True, 8),
    ],
)
def test_all_ways_of_writing_a_table_are_read(
    tmp_path: Path, text: str, columns: tuple[str, ...], in_degrees: bool, first_line: int
) -> None:
    table = read_table(_write(tmp_path, text))
    assert table.columns == columns
    assert table.in_degrees is in_degrees
    assert table.first_line == first_line
    np.testing.assert_array_equal(table.time_s, [0.0, 0.1, 0.2])
    np.testing.assert_array_equal(table.values, [[1.5, -2.0], [1e-3, 4.0], [3.25, 5.0]])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("endheader\n", "", "has no line 'endheader'"),
        (WHOLE[WHOLE.index("time") :], "", "ends with its header"),
        ("time\t", "t\t", "line 7: the first column label is 't', expected 'time'"),
        ("\tb\n", "\tDeltoid anterior\n", "label 'Deltoid anterior' occurs 2 times"),
        ("\tb\n", "\t\tb\n", "line 4: the header says '3' columns"),
        ("0.1\t1e-3\t4\n", "0.1\t1e-3\n", "line 9 has 2 entries, expected 3"),
        ("\t4\n", "\t4\t4\n", "line 9 has 4 entries, expected 3"),
        ("\t4\n0.2\t3.25\t+5\n", "", "line 9 has 2 entries, expected 3"),
        ("0.1\t1e-3\t4\n", "\n", "line 9 has 0 entries"),
        ("1e-3", "1,5", "line 9, column 'Deltoid anterior' is '1,5', expected a number with a decimal point"),
        ("1e-3", "1_0", "is '1_0', expected a number"),
        ("1e-3", "\u0661", "is '\u0661', expected a number"),
        ("1e-3", "NaN", "line 9, column 'Deltoid anterior' is nan, expected a finite number"),
        ("3.25", "-inf", "line 10, column 'Deltoid anterior' is -inf"),
        ("3.25", "1e999", "line 10, column 'Deltoid anterior' is inf"),
        ("0.1\t", "0.3\t", "line 10, column 'time': goes from 0.3 s to 0.2 s, expected it to increase"),
        ("0.2\t3.25\t+5\n", "", "line 3: the header says '3' rows of numbers, but there are 2; the file is cut off"),
        ("nRows=3", "nRows=2", "line 3: the header says '2' rows of numbers, but there are 3"),
        ("nRows=3", "nRows=many", "line 3: the header says 'many' rows"),
        ("nColumns=3", "nColumns=4", "line 4: the header says '4' columns (time is one), but there are 3"),
        ("inDegrees=yes", "inDegrees=perhaps", "line 5: indegrees is 'perhaps', expected yes or no"),
        ("version=1", "version=9", "line 2: version is '9', expected 1 or 2 or 3"),
        ("version=1", "DataType=Vec3", "line 2: datatype is 'Vec3', expected double"),
    ],
)
def test_a_damaged_table_is_refused_with_the_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert WHOLE.count(old) == 1
    refused(read_table, _write(tmp_path, WHOLE.replace(old, new)), expected)


def test_a_table_of_one_row_or_with_a_gap_is_refused(tmp_path: Path) -> None:
    refused(read_table, _write(tmp_path, "n\nendheader\ntime\ta\n0\t1\n"), "has 1 rows of numbers, expected 2 or more")
    rows = "".join(f"{time_s}\t0\n" for time_s in (0.0, 0.1, 0.2, 0.4, 0.5))
    refused(
        read_table, _write(tmp_path, f"n\nendheader\ntime\ta\n{rows}"), "line 7, column 'time': goes from 0.2 s to 0.4"
    )


def test_other_files_are_refused(tmp_path: Path) -> None:
    refused(read_table, tmp_path / "none.sto", "no such file")
    refused(read_table, tmp_path, "is a folder")
    refused(read_table, _write(tmp_path, "time,a\n0,1\n", "x.csv"), "'.csv', expected .mot or .sto, a table as OpenSim")
    refused(read_table, _write(tmp_path, "", "x.sto"), "is empty")
    refused(read_table, _write(tmp_path, "a\0b"), "binary file")


@PROPERTY
@given(
    values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=6, max_size=30),
    rate_hz=st.floats(0.01, 1e5),
    in_degrees=st.sampled_from((None, True, False)),
    labels=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\t\n\r"), max_size=9), max_size=3),
)
def test_what_is_written_is_read_again_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory,
    values: list[float],
    rate_hz: float,
    in_degrees: bool | None,
    labels: list[str],
) -> None:
    path = tmp_path_factory.getbasetemp() / "round trip.sto"
    columns = tuple(dict.fromkeys(("a", *(label.strip() or "b" for label in labels))))
    block = np.array(values[: len(values) // len(columns) * len(columns)]).reshape(-1, len(columns))
    block = np.vstack((block, block))
    time_s = np.arange(len(block)) / rate_hz
    write_table(path, time_s, columns, block, in_degrees=in_degrees)
    table = read_table(path)
    assert table.columns == columns
    assert table.in_degrees is bool(in_degrees)
    assert table.time_s.tobytes() == time_s.tobytes()
    assert table.values.tobytes() == block.tobytes()


@pytest.mark.parametrize(
    ("columns", "name", "suffix", "expected"),
    [
        (("a", " b"), "n", ".sto", "column label ' b' cannot be written"),
        (("a", "b\tc"), "n", ".sto", "column label 'b\\\\tc' cannot be written"),
        (("a", "a"), "n", ".sto", "label 'a' occurs 2 times"),
        (("a", "b"), "nRows=5", ".sto", "the name 'nRows=5' cannot be written"),
        (("a", "b"), "endheader", ".sto", "the name 'endheader' cannot be written"),
        (("a", "b"), "m\nn", ".sto", "the name 'm\\\\nn' cannot be written"),
        (("a", "b"), "n", ".csv", "'.csv', expected .mot or .sto"),
    ],
)
def test_what_would_not_be_read_again_is_not_written(
    tmp_path: Path, columns: tuple[str, ...], name: str, suffix: str, expected: str
) -> None:
    with pytest.raises(LaboratoryError, match=expected):
        write_table(tmp_path / f"x{suffix}", np.arange(2.0), columns, np.zeros((2, 2)), name=name)
    assert not list(tmp_path.iterdir())


def test_a_table_that_is_refused_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    path = _write(tmp_path, WHOLE)
    with pytest.raises(LaboratoryError, match="line 9, column 'a' is nan"):
        write_table(path, np.arange(2.0), ("a",), np.array([[0.0], [np.nan]]), in_degrees=False)
    assert path.read_text(encoding="utf-8") == WHOLE


@pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")
def test_opensim_reads_what_is_written_and_is_read_itself(tmp_path: Path) -> None:
    path = tmp_path / "ours.mot"
    time_s, values = np.arange(20) / 100.0, np.random.default_rng(0).normal(size=(20, 2))
    write_table(path, time_s, ("elbow_flexion", "pro_sup"), values, in_degrees=True)
    probe = Path(__file__).with_name("opensim_tables.py")
    subprocess.run([sys.executable, probe, path, tmp_path], check=True, cwd=tmp_path, timeout=60, capture_output=True)
    # OpenSim writes 16 digits in the newer way, 8 decimals in the older.
    for name, tolerance in (("newer.sto", 1e-14), ("older.mot", 0.51e-8)):
        table = read_table(tmp_path / name)
        assert table.columns == ("elbow_flexion", "pro_sup")
        assert table.in_degrees
        np.testing.assert_allclose(table.time_s, time_s, rtol=0.0, atol=tolerance)
        np.testing.assert_allclose(table.values, values, rtol=0.0, atol=tolerance)


def _assert_sound(table: Table | None) -> None:
    if table is not None:
        assert table.values.shape == (table.time_s.size, len(table.columns))
        assert np.isfinite(table.values).all()
        assert (np.diff(table.time_s) > 0.0).all()
        assert 0.0 < table.rate_hz < 1e7


@PROPERTY
@given(content=st.one_of(*(damaged(text.encode()) for text in (WHOLE, OLD, NEW, SPACED))))
def test_a_damaged_file_gives_a_sound_table_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    _assert_sound(result_or_error(read_table, tmp_path_factory.getbasetemp() / "damaged.mot", content))


LINE = st.one_of(
    st.sampled_from(("endheader", "nRows=2", "datacolumns 2", "inDegrees=yes", "=", "", "time\ta", "0\t1", "1\t1e999")),
    st.text(max_size=30),
    st.tuples(st.floats(), st.floats()).map(lambda pair: f"{pair[0]}\t{pair[1]}"),
)


@PROPERTY
@given(header=st.lists(LINE, max_size=6), rows=st.lists(LINE, max_size=6), whole=st.booleans())
def test_any_text_gives_a_sound_table_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], rows: list[str], whole: bool
) -> None:
    middle = ["endheader", "time\ta"] if whole else []
    content = "\n".join((*header, *middle, *rows)).encode()
    _assert_sound(result_or_error(read_table, tmp_path_factory.getbasetemp() / "any.mot", content))
