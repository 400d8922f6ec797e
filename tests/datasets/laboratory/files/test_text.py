"""Text files: what is refused, and that a file is written whole or not at all."""

from pathlib import Path

import pytest

from datasets.laboratory.files.text import LaboratoryError, read_text, shown, there_are, write_text
from tests.datasets.laboratory.oracle import refused


def _read(path: Path) -> str:
    return read_text(path, (".txt",), "a note")


def test_line_ends_and_byte_order_mark_are_made_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\n")
    assert _read(path) == "one\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty, expected a note"),
        (b"\r\n \n", "is empty"),
        (b"one\ntwo\xff\n", "line 2 holds the byte 0xff"),
        (b"one\n\0", "line 2 holds a zero byte, so it is a binary file"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    refused(_read, path, expected)


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    refused(_read, tmp_path, "is a folder, expected a file, a note")
    refused(_read, tmp_path / "none.txt", "no such file")
    (tmp_path / "a.csv").touch()
    refused(_read, tmp_path / "a.csv", "'.csv', expected .txt")


def test_a_file_is_written_with_its_folder_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    write_text(path, "Größe\n")
    assert path.read_bytes() == "Größe\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    refused(lambda path: write_text(path, "text"), tmp_path / "a.txt", "cannot be written")
    refused(lambda path: write_text(path, "\ud800"), tmp_path / "b.txt", "no character of UTF-8")
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"]


def test_messages_are_one_line_and_short() -> None:
    assert str(LaboratoryError("one\ntwo\u2028  three")) == "one two three"
    assert shown("a\nb") == "'a\\nb'"
    assert len(shown("a" * 1000)) < 100


def test_names_that_are_there_and_alike_are_told() -> None:
    assert there_are("Bicep", ("Triceps", "Biceps")) == (
        "there are: Triceps, Biceps; did you mean 'Biceps' or 'Triceps'?"
    )
    assert there_are("x", ()) == "there are: none"
    assert there_are("x", [f"muscle{number}" for number in range(50)]).endswith("muscle39 and 10 more")
