"""Claims: of several processes that work on one results folder, each run is made by one."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from benchmark.harness.files import writing
from benchmark.harness.spec import RunSpec


class Claim(Protocol):
    """A claim that is held."""

    def release(self) -> None:
        """Let go of it."""


class Claims:
    """Claims on the runs of a results folder.

    A claim is a lock of the operating system on a file, so that it ends with its process, however that ends. The empty
    files stay: removing one while somebody else opens it would let two hold it.

    Parameters
    ----------
    folder
        Where the files lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def claim(self, spec: RunSpec) -> Claim | None:
        """Claim a run; None if another process has it.

        Raises
        ------
        HarnessError
            If there can be no file for it.
        """
        with writing(self._folder / spec.suite / f"{spec.id}.lock") as path:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path, timeout=0)
            try:
                lock.acquire()
            except Timeout:
                return None
            return lock
