"""Methods: the files of methods/, found by being there, and those that other packages announce.

A run names a method by its file, or as METHOD+PRESET by its file and one of the presets in it: named options that
replace the file's own. The whole word is then the method's name wherever results are told.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import methods
from benchmark.harness.errors import HarnessError, check_known
from benchmark.harness.method_file import PRESETS, check_complete, read_presets, read_threads
from benchmark.harness.third_party import announced_methods

EVERYTHING = "all"  # names all methods on the command line
PRESET_MARK = "+"  # stands between a method's file and one of its presets


@dataclass(frozen=True)
class Method:
    """An identification method.

    Attributes
    ----------
    name
        Its file's name without ``.py``, or what its package announces it as; with a preset METHOD+PRESET.
    summary, source
        What it is and where it comes from, a line each.
    options
        Its options with their defaults, or the preset's where that says otherwise.
    is_control
        Whether it is there to be compared with, and not to compete.
    solve
        ``solve(view, options)``.
    path
        Its file.
    skip
        ``skip(view, options)`` gives the reason why the method does not apply to a problem, or None; None if it
        applies to all.
    threads
        Threads that a run gets.
    distribution
        Name and version of the package that it comes with; None for those of this repository.
    presets
        Its file's presets: options by name that replace the file's own.
    """

    name: str
    summary: str
    source: str
    options: Mapping[str, Any]
    is_control: bool
    solve: Callable[[Any, Mapping[str, Any]], Any]
    path: Path
    skip: Callable[[Any, Mapping[str, Any]], str | None] | None = None
    threads: int = 1
    distribution: str | None = None
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def with_defaults(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """`options`, with the method's defaults for those that are not given.

        Raises
        ------
        HarnessError
            If the method has no such option.
        """
        check_known(f"option of {self.name}", options, self.options)
        return {**self.options, **options}


class _Found(NamedTuple):
    """Where a method is."""

    name: str
    module: str
    path: Path
    distribution: str | None = None

    @property
    def origin(self) -> str:
        """Where it is, for people."""
        return f"{self.path}{f' of {self.distribution}' if self.distribution else ''}"


def method_files() -> dict[str, Path]:
    """Files of the methods by name, without presets; nothing is imported.

    Raises
    ------
    HarnessError
        If two methods have the same name, or if another package announces what is no method.
    """
    return {name: found.path for name, found in _methods().items()}


def without_preset(name: str) -> str:
    """The name of a method's file in `name`, METHOD or METHOD+PRESET."""
    return name.partition(PRESET_MARK)[0]


def check_methods(names: Iterable[str]) -> None:
    """Look whether there are methods called `names`, METHOD or METHOD+PRESET each; nothing is imported.

    Raises
    ------
    HarnessError
        If there is no such method or preset, or if Python cannot read a file.
    """
    for name in names:
        _find(name)


def method_threads(name: str) -> int:
    """Threads that a run of the method called `name` gets: the ``THREADS`` of its file, or 1; it is not imported.

    Raises
    ------
    HarnessError
        If there is no such method or preset, if Python cannot read its file, or if that gives no whole number of at
        least 1.
    """
    return read_threads(_find(name).path)


def load_method(name: str) -> Method:
    """Import the method called `name`, METHOD or METHOD+PRESET.

    Raises
    ------
    HarnessError
        If there is no such method or preset, or if its file cannot be imported, lacks something or has something wrong.
    """
    found = _find(name)
    try:
        module = import_module(found.module)
    except (Exception, SystemExit) as error:  # a method's file may raise anything
        raise HarnessError(f"{found.origin} cannot be imported: {type(error).__name__}: {error}") from error
    check_complete(module, found.path, found.origin)
    presets: Mapping[str, Mapping[str, Any]] = getattr(module, PRESETS, {})
    return Method(
        name=name,
        summary=module.SUMMARY,
        source=module.SOURCE,
        options={**module.OPTIONS, **presets.get(name.partition(PRESET_MARK)[2], {})},
        is_control=getattr(module, "CONTROL", False),
        solve=module.solve,
        path=found.path,
        skip=getattr(module, "skip", None),
        threads=read_threads(found.path),
        distribution=found.distribution,
        presets=presets,
    )


def check_name(name: str) -> None:
    """Raise a HarnessError if `name` can be no method's: it is a file's name and a word of the command line."""
    is_word = name.isascii() and name.isidentifier() and not keyword.iskeyword(name)
    if not is_word or name != name.lower() or name.startswith("_") or name == EVERYTHING:
        raise HarnessError(
            f"{name!r} cannot be a method's name: give a lower-case Python identifier such as my_method, "
            f"without a leading underscore, and not {EVERYTHING!r}"
        )


def _methods() -> dict[str, _Found]:
    """All methods by name; two of the same name would share their stored runs."""
    found: dict[str, _Found] = {}
    for method in (*_own_methods(), *_other_methods()):
        if method.name in found:
            origins = f"{found[method.name].origin} and {method.origin}"
            raise HarnessError(f"two methods are called {method.name!r}, {origins}: rename or remove one of them")
        found[method.name] = method
    return found


def _own_methods() -> Iterator[_Found]:
    for path in sorted(path for folder in methods.__path__ for path in Path(folder).glob("*.py")):
        if not path.name.startswith("_"):
            yield _Found(path.stem, f"{methods.__name__}.{path.stem}", path)


def _other_methods() -> Iterator[_Found]:
    for method in announced_methods():
        try:
            check_name(method.name)
        except HarnessError as error:
            raise HarnessError(f"{method.distribution}: {error}") from error
        yield _Found(*method)


def _find(name: str) -> _Found:
    """Where the method called `name` is, with or without a preset, which is there as well."""
    own_name, mark, preset = name.partition(PRESET_MARK)
    known = _methods()
    check_known("method", [own_name], known)
    if mark:
        check_known(f"preset of {own_name}", [preset], read_presets(known[own_name].path))
    return known[own_name]
