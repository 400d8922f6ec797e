"""Keys: what a run's result depends on, in one hash. A stored run with the key of now need not be run again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any

import benchmark
import datasets
import methods
from benchmark.harness.methods import method_files, without_preset
from benchmark.harness.prices import load_prices
from benchmark.harness.sources import Closure, Sources
from benchmark.harness.spec import RunSpec
from benchmark.problem.targets import load_targets

OWN_PACKAGES = (benchmark, datasets, methods)
RUN_FILE = "harness/execute.py"  # all that a run needs, but for its method, is imported from here
TARGETS_FILE = "problem/targets.toml"
PRICES_FILE = "harness/prices.toml"
# What the report and the plan of a campaign read. A run sees no more of it than its settings, its own target if it is
# to stop there, and prices if its budget is in them.
NO_PART_OF_A_RUN = (
    "benchmark/problem/targets.py",
    f"benchmark/{TARGETS_FILE}",
    "benchmark/harness/suites.toml",
    f"benchmark/{PRICES_FILE}",
)
# These count for every run, whatever is imported: "pin", for one, does not say that "pinocchio" is in it.
NUMERICAL_PACKAGES = ("numpy", "scipy", "numba", "torch", "casadi", "pin")
SHORT = 16  # hexadecimal digits of a part's hash


class RunKeys:
    """Makes keys; every source is read and hashed once.

    Parameters
    ----------
    checksums
        SHA-256 by name of the recordings that a problem reads, by the problem's name.
    folders
        Folders of the benchmark's packages by name; None for those that are installed.
    """

    def __init__(
        self,
        checksums: Mapping[str, Mapping[str, str]],
        folders: Mapping[str, Iterable[str | Path]] | None = None,
    ) -> None:
        self._checksums = checksums
        folders = folders or {package.__name__: package.__path__ for package in OWN_PACKAGES}
        self._benchmark = Path(next(iter(folders["benchmark"])))
        self._sources = Sources(folders)
        self._of_methods: dict[str, dict[str, str]] = {}

    def key(self, spec: RunSpec) -> str:
        """SHA-256 of all that the result of `spec` depends on."""
        return sha256(_canonical(self.parts(spec))).hexdigest()

    def parts(self, spec: RunSpec) -> dict[str, str]:
        """What the result of `spec` depends on, by part: hashes that tell what has changed.

        ``settings`` are those of the run, the name of its preset among them; ``method`` is its file, presets and all,
        with all that it alone imports; ``shared code`` is what every run imports; ``packages`` are the versions of the
        libraries that both import.
        """
        method = without_preset(spec.method)
        if method not in self._of_methods:
            self._of_methods[method] = self._method_parts(self._method_files[method])
        parts = {
            "settings": _short_hash(asdict(spec)),
            **self._of_methods[method],
            "shared code": self._shared_hash,
            "recordings": _short_hash(self.recordings(spec)),
        }
        if spec.stop == "target":
            parts["target"] = _short_hash(self._targets.get(spec.problem))
        if spec.budget_cost is not None:
            parts["prices"] = _short_hash(dict(load_prices(spec.problem, self._benchmark / PRICES_FILE)))
        return parts

    def files(self, method: str) -> frozenset[str]:
        """Names, such as ``benchmark/model/arm.py``, of the files that a method's runs depend on."""
        closure = self._closure(method)
        return frozenset(_seen_by_runs({**self._shared.files, **closure.files}))

    def hold(self, spec: RunSpec) -> bool:
        """Whether nobody has written to what the key of `spec` was made from since it was read."""
        closures = (self._shared, self._closure(spec.method))
        return all(map(self._sources.are_as_read, closures))

    def recordings(self, spec: RunSpec) -> dict[str, str]:
        """SHA-256 by name of the recordings that `spec` reads."""
        return dict(self._checksums[spec.problem])

    def _closure(self, method: str) -> Closure:
        """What a method's file needs, whatever its preset."""
        return self._sources.closure(self._method_files[without_preset(method)])

    def _method_parts(self, path: Path) -> dict[str, str]:
        closure = self._sources.closure(path)
        own = {name: digest for name, digest in closure.files.items() if name not in self._shared.files}
        libraries = closure.libraries | self._shared.libraries
        return {"method": _short_hash(_seen_by_runs(own)), "packages": _short_hash(self._versions(libraries))}

    @cached_property
    def _method_files(self) -> Mapping[str, Path]:
        return method_files()

    @cached_property
    def _shared(self) -> Closure:
        return self._sources.closure(self._benchmark / RUN_FILE)

    @cached_property
    def _shared_hash(self) -> str:
        return _short_hash(_seen_by_runs(self._shared.files))

    @cached_property
    def _targets(self) -> dict[str, float]:
        targets = load_targets(self._benchmark / TARGETS_FILE)
        return {problem: target.target_rad2_per_s4 for problem, target in targets.items()}

    @cached_property
    def _distributions(self) -> Mapping[str, list[str]]:
        return packages_distributions()

    def _versions(self, libraries: Iterable[str]) -> dict[str, str | None]:
        """Versions of what brings the libraries; None for what is not installed."""
        brought = (name for library in libraries for name in self._distributions.get(library, [library]))
        return {name: _version(name) for name in {*NUMERICAL_PACKAGES, *brought}}


def _seen_by_runs(files: Mapping[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in files.items() if name not in NO_PART_OF_A_RUN}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _short_hash(content: Any) -> str:
    return sha256(_canonical(content)).hexdigest()[:SHORT]


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True).encode()
