"""Methods of other packages, which announce them as entry points; found without importing anything of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.machinery import PathFinder
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmark.harness.errors import HarnessError

GROUP = "arm_identification.methods"


class Announced(NamedTuple):
    """A method that a package announces.

    Attributes
    ----------
    module
        Name of its module.
    path
        File of its module.
    distribution
        Name and version of what was installed.
    """

    name: str
    module: str
    path: Path
    distribution: str


def announced_methods() -> Iterator[Announced]:
    """Methods of other packages, in the order of their names.

    Raises
    ------
    HarnessError
        If a package announces what is not there.
    """
    for entry in sorted(entry_points(group=GROUP)):
        distribution = _distribution(entry)
        path = _announced_file(entry.value)
        if path is None:
            raise HarnessError(
                f"{distribution} announces the method {entry.name!r} as {entry.value!r}, and no such Python module can "
                "be found: give package.module there, or uninstall it"
            )
        yield Announced(entry.name, entry.value, path, distribution)


def _distribution(entry: EntryPoint) -> str:
    assert entry.dist is not None  # entry_points() knows where it found them
    return f"{entry.dist.name} {entry.dist.version}"


def _announced_file(module: str) -> Path | None:
    """File of a module; None if there is none. The packages that it lies in are not imported, as they may raise."""
    if not all(part.isidentifier() for part in module.split(".")):
        return None
    top, *below = module.split(".")
    spec = find_spec(top)
    for part in below:
        if spec is None or spec.submodule_search_locations is None:
            return None
        spec = PathFinder.find_spec(f"{spec.name}.{part}", list(spec.submodule_search_locations))
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    return Path(spec.origin)
