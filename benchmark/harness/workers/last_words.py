"""The end of what a process writes to standard error: often the only trace of a crash in compiled code."""

from __future__ import annotations

import os
import threading
from subprocess import Popen

KEPT = 300  # characters


class LastWords:
    """Reads the standard error of a process, so that it never waits for a reader, and keeps the end.

    Parameters
    ----------
    process
        The process; its standard error is a pipe.
    """

    def __init__(self, process: Popen[bytes]) -> None:
        assert process.stderr is not None
        self._pipe = process.stderr
        self._end = b""
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def text(self) -> str:
        """The last words in one line."""
        return " ".join(self._end.decode(errors="replace").split())[-KEPT:]

    def _read(self) -> None:
        with self._pipe:
            while chunk := os.read(self._pipe.fileno(), 65536):
                self._end = (self._end + chunk)[-4 * KEPT :]
