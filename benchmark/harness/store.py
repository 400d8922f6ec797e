"""The result store: a row (JSON) and a trace (npz) a run, under a results folder.

``runs/<suite>/<problem>/<method>-<level>-<seed>.json`` holds the row, with the trace beside it; the level is in
percent, or ``uniform``. ``reference/`` has the same layout and holds the runs that belong to the repository.
"""

from __future__ import annotations

import json
import logging
import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError
from benchmark.harness.files import remove_stale, try_to_write, write_with_companion, writing
from benchmark.harness.plain import plain
from benchmark.harness.row import Row, Trace, fault
from benchmark.harness.spec import RunSpec

RUNS = "runs"
REFERENCE = "reference"
CLAIMS = ".claims"
ROWS = "[!.]*/*/*.json"  # below these folders

_log = logging.getLogger(__name__)


class Store:
    """The runs below a results folder.

    Parameters
    ----------
    results
        The results folder; it is made when the first run is saved.
    """

    def __init__(self, results: Path) -> None:
        self.results = results

    def row_path(self, spec: RunSpec) -> Path:
        """File of a run's row, whether it is there or not."""
        return self.results / RUNS / spec.suite / f"{spec.id}.json"

    def prepare(self) -> None:
        """Make ready for runs to be saved: what killed processes left half-written is removed.

        Raises
        ------
        HarnessError
            If nothing can be saved.
        """
        with writing(self.results / RUNS) as runs:
            try_to_write(runs)
            remove_stale(runs)

    def save(self, spec: RunSpec, row: Mapping[str, Any], trace: Mapping[str, NDArray[Any]]) -> None:
        """Store a run; its row is never there without its trace, as its presence says that the run is done.

        Raises
        ------
        HarnessError
            If it cannot be written.
        """
        archive = BytesIO()
        np.savez_compressed(archive, **dict[str, Any](trace))
        content = json.dumps(plain(row), indent=1, allow_nan=False).encode()
        with writing(self.row_path(spec)) as path:
            write_with_companion(path, content, path.with_suffix(".npz"), archive.getvalue())

    @property
    def claims(self) -> Path:
        """Folder of the claims of those who work on it."""
        return self.results / RUNS / CLAIMS

    def stamp(self, spec: RunSpec) -> int | None:
        """When a run's row was written, in ns of the file system's clock; None if it is not there."""
        try:
            return self.row_path(spec).stat().st_mtime_ns
        except (FileNotFoundError, NotADirectoryError):
            return None

    def row(self, spec: RunSpec) -> Row | None:
        """The stored row of a run; None if there is none that can be read."""
        path = self.row_path(spec)
        row = _read_row(path) if path.exists() else None
        return None if isinstance(row, str) else row

    def keep(self, suite: str) -> int:
        """Copy a suite's runs to the reference, in place of those there; return how many.

        Raises
        ------
        HarnessError
            If the suite has no runs.
        """
        source, target = self.results / RUNS / suite, self.results / REFERENCE / suite
        done = [path for path in sorted(source.rglob("*.json")) if not isinstance(_read_row(path), str)]
        if not done:
            raise HarnessError(f"no runs of suite {suite!r} in {source}: make them with run all --suite {suite}")
        fresh, old = target.with_name(f".{suite}-new"), target.with_name(f".{suite}-old")
        _remove(fresh, old)
        for path in done:
            copy = fresh / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
            shutil.copy(path.with_suffix(".npz"), copy.with_suffix(".npz"))
        if target.exists():
            target.replace(old)
        fresh.replace(target)
        _remove(old)
        return len(done)


@dataclass(frozen=True)
class Damage:
    """A stored file that cannot be read.

    Attributes
    ----------
    file
        Its path, seen from the results folder.
    why
        What is wrong with it.
    """

    file: str
    why: str


def load_rows(results: Path) -> list[Row]:
    """All rows of ``runs/``, and those of ``reference/`` for suites that ``runs/`` has nothing of.

    Numbers that were not finite are None. A damaged row is left out, with a warning that names its file.
    """
    return read_rows(results)[0]


def read_rows(results: Path) -> tuple[list[Row], list[Damage]]:
    """The rows of `load_rows`, and the damaged ones that are left out."""
    read = {path: _stored_row(path) for path in _row_paths(results)}
    rows = [row for row in read.values() if not isinstance(row, str)]
    return rows, [_damage(results, path, why) for path, why in read.items() if isinstance(why, str)]


def load_trace(results: Path, row: Mapping[str, Any]) -> Trace:
    """The trace of a row of `load_rows`; empty if it is missing or damaged."""
    trace = read_trace(results, row)
    return {} if isinstance(trace, Damage) else trace


def read_trace(results: Path, row: Mapping[str, Any]) -> Trace | Damage:
    """The trace of a row of `load_rows`, or why it cannot be read; a warning tells that, too."""
    spec = _spec(row)
    own, kept = (results / part / spec.suite / f"{spec.id}.json" for part in (RUNS, REFERENCE))
    path = (own if own.exists() else kept).with_suffix(".npz")
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            return dict(arrays)
    except Exception as error:  # a damaged archive raises whatever its bytes lead to
        _log.warning("%s is damaged or missing (%s): its run has no trace", path, error)
        return _damage(results, path, _why(error))


def _remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _row_paths(results: Path) -> list[Path]:
    """Files of rows; folders with a leading dot hold none that count, as `Store.keep` may have been stopped."""
    runs = sorted((results / RUNS).glob(ROWS))
    present = {path.parents[1].name for path in runs}
    reference = sorted((results / REFERENCE).glob(ROWS))
    return runs + [path for path in reference if path.parents[1].name not in present]


def _stored_row(path: Path) -> Row | str:
    """The row in a file that has the name of its run; one copied to another name would count twice."""
    row = _read_row(path)
    if isinstance(row, str) or path.parts[-3:] == (row["suite"], *f"{_spec(row).id}.json".split("/")):
        return row
    _log.warning("%s is stored under another name than its run's: treated as missing", path)
    return "it is stored under another name than its run's"


def _spec(row: Mapping[str, Any]) -> RunSpec:
    return RunSpec(row["suite"], row["problem"], row["method"], row["start_level"], row["seed"], budget_s=math.nan)


def _read_row(path: Path) -> Row | str:
    """The row in a file, or why there is none; a warning tells that, too."""
    try:
        row = json.loads(path.read_bytes())
        why = fault(row)
    except (OSError, ValueError) as error:
        why = _why(error)
    if why is None:
        return dict(row)
    _log.warning("%s is damaged (%s): treated as missing", path, why)
    return why


def _why(error: Exception) -> str:
    """What an error says, without paths, which differ between machines."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _damage(results: Path, path: Path, why: str) -> Damage:
    return Damage(path.relative_to(results).as_posix(), " ".join(why.split()))
