"""Files that are either whole or not there."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmark.harness.errors import HarnessError

UNFINISHED = ".unfinished"  # at the end of the names of files that are being written
STALE_S = 3600.0
TRIAL = bytes(2**20)  # more than most runs take


def write_atomically(path: Path, content: bytes) -> Path:
    """Write `content` to `path`, making its folder; return `path`.

    An interruption leaves the old file or the new one, never a half.
    """
    with _beside(path, content) as unfinished:
        unfinished.replace(path)
    return path


def write_with_companion(path: Path, content: bytes, companion: Path, its_content: bytes) -> None:
    """Write two files, so that `path` is there only beside the companion that it was written with."""
    with _beside(companion, its_content) as first, _beside(path, content) as second:
        path.unlink(missing_ok=True)
        first.replace(companion)
        second.replace(path)


def try_to_write(folder: Path) -> None:
    """Make a folder if it is not there; raise an OSError if nothing can be written to it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(TRIAL)


def remove_stale(folder: Path) -> None:
    """Remove what writers that were killed have left below a folder; what is younger may be being written."""
    oldest = time.time() - STALE_S
    for path in folder.rglob(f".*{UNFINISHED}"):
        with suppress(FileNotFoundError):  # somebody else removed it, or finished it
            if path.stat().st_mtime < oldest:
                path.unlink()


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Make what keeps somebody from writing to `path` a HarnessError, for those who can do something about it."""
    try:
        yield path
    except OSError as error:
        raise HarnessError(f"cannot write to {path}: {error.strerror or error}") from error


@contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    """A file with `content` in the folder of `path`; it is gone afterwards, if it was not moved."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # a power cut must not leave a name without its content
        unfinished.chmod(0o644)  # mkstemp's own 0600 would hide results from others
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)
