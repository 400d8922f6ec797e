"""Keys: what a run's result depends on, in one hash. A stored run with the key of now need not be run again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from benchmark.harness.methods import method_files
from benchmark.harness.provenance import REPOSITORY, package_versions
from benchmark.harness.spec import RunSpec

SHARED_CODE = (
    "benchmark/model",
    "benchmark/problem",
    "benchmark/analysis",
    "benchmark/harness/execute.py",
    "benchmark/harness/recorder.py",
    "benchmark/harness/view.py",
    "datasets/arm",
    "datasets/arm_files.py",
    "datasets/description.py",
    "datasets/parameters.py",
    "datasets/recording.py",
    "datasets/recording_files.py",
)
NO_PART_OF_A_RUN = ("targets.py", "targets.toml")  # what the report compares with; no run sees it
SHARED_SUFFIXES = (".py", ".toml")


class RunKeys:
    """Makes keys; the code that all runs share is read and hashed once.

    Parameters
    ----------
    checksums
        SHA-256 by name of the recordings that a problem reads, by the problem's name.
    repository
        The folder that the shared code lies in.
    """

    def __init__(self, checksums: Mapping[str, Mapping[str, str]], repository: Path = REPOSITORY) -> None:
        self._checksums = checksums
        self._repository = repository

    def key(self, spec: RunSpec) -> str:
        """SHA-256 of all that the result of `spec` depends on."""
        parts = {
            "run": asdict(spec),
            "method": _hash_file(method_files()[spec.method]),
            "recordings": dict(self._checksums[spec.problem]),
            "code": self._code,
            "packages": package_versions(),
        }
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _code(self) -> dict[str, str]:
        files = [path for entry in SHARED_CODE for path in _source_files(self._repository / entry)]
        files += (path for path in (self._repository / "methods").glob("_*") if path.is_file())
        return {path.relative_to(self._repository).as_posix(): _hash_file(path) for path in files}


def _source_files(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return [path]  # one that was moved away must fail here: a key that leaves code out would lie
    files = (file for file in path.rglob("*") if file.suffix in SHARED_SUFFIXES)
    return (file for file in files if file.name not in NO_PART_OF_A_RUN)


def _hash_file(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
