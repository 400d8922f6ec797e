"""A laboratory's text files: read with clear errors, written whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path

LONGEST_SHOWN = 60  # characters of a damaged file's entry in a message
MOST_SHOWN = 40  # names in a message


class LaboratoryError(ValueError):
    """A laboratory's file, or figures from it, that cannot be used.

    The message is one line: the file, the column, the row, the value, what was expected, what to do.

    Parameters
    ----------
    message
        The message; line breaks and runs of spaces become single spaces.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


def shown(text: str) -> str:
    """A piece of a file as a message shows it: quoted, on one line, not too long."""
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}...")


def there_are(name: str, names: Collection[str]) -> str:
    """What a message says of a name that is not there: the names that are, and those that look alike."""
    listing = ", ".join(tuple(names)[:MOST_SHOWN]) or "none"
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    alike = get_close_matches(name, names)
    hint = f"; did you mean {' or '.join(shown(match) for match in alike)}?" if alike else ""
    return f"there are: {listing}{more}{hint}"


def read_text(path: Path, suffixes: Sequence[str], what: str) -> str:
    r"""Read a text file in UTF-8, with or without a byte order mark; lines end in ``\n`` whatever the file has.

    Parameters
    ----------
    path
        The file.
    suffixes
        Those that such files have, in lower case.
    what
        What such a file is and where it comes from, for the errors.

    Raises
    ------
    LaboratoryError
        If there is no such file, or it is a folder, has another suffix, is empty or is no text in UTF-8.
    """
    if path.is_dir():
        raise LaboratoryError(f"{path}: is a folder, expected a file, {what}")
    if not path.is_file():
        raise LaboratoryError(f"{path}: no such file, expected {what}; check the path")
    if path.suffix.lower() not in suffixes:
        raise LaboratoryError(f"{path}: is called {shown(path.suffix)}, expected {' or '.join(suffixes)}, {what}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LaboratoryError(f"{path}: cannot be read ({error.strerror}); check the file's permissions") from error
    if not content.strip():
        raise LaboratoryError(f"{path}: is empty, expected {what}")
    return _decoded(content, path, what).replace("\r\n", "\n").replace("\r", "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8, whole or not at all; its folder is made if there is none.

    Raises
    ------
    LaboratoryError
        If it cannot be written.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        content = text.encode("utf-8")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except UnicodeEncodeError as error:
        raise LaboratoryError(
            f"{path}: cannot be written: {shown(error.object[error.start])} is no character of UTF-8; take it out"
        ) from error
    except OSError as error:
        raise LaboratoryError(f"{path}: cannot be written ({error.strerror}); choose another path") from error


def _decoded(content: bytes, path: Path, what: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LaboratoryError(
            f"{path}: line {line} holds the byte 0x{content[error.start]:02x}, which is no text in UTF-8; "
            f"expected {what}; if it is, save it again in UTF-8"
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise LaboratoryError(
            f"{path}: line {line} holds a zero byte, so it is a binary file; expected {what} in UTF-8"
        )
    return text
