"""Methods: the files of methods/, found by being there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import methods
from benchmark.harness.errors import HarnessError
from benchmark.harness.suites import check_known

REQUIRED = {"solve": "a function solve(view, options)", "SUMMARY": "a line", "SOURCE": "a line", "OPTIONS": "a dict"}


@dataclass(frozen=True)
class Method:
    """An identification method.

    Attributes
    ----------
    name
        Its file's name without ``.py``.
    summary, source
        What it is and where it comes from, a line each.
    options
        Its options with their defaults.
    is_control
        Whether it is there to be compared with, and not to compete.
    solve
        ``solve(view, options)``.
    path
        Its file.
    """

    name: str
    summary: str
    source: str
    options: Mapping[str, Any]
    is_control: bool
    solve: Callable[[Any, Mapping[str, Any]], Any]
    path: Path

    def with_defaults(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """`options`, with the method's defaults for those that are not given.

        Raises
        ------
        HarnessError
            If the method has no such option.
        """
        check_known(f"option of {self.name}", options, self.options)
        return {**self.options, **options}


def method_files() -> dict[str, Path]:
    """Files of the methods by name; nothing is imported."""
    files = [path for folder in methods.__path__ for path in Path(folder).glob("*.py")]
    return {path.stem: path for path in sorted(files) if not path.name.startswith("_")}


def load_method(name: str) -> Method:
    """Import the method called `name`.

    Raises
    ------
    HarnessError
        If there is no such method, or if its file cannot be imported or lacks something.
    """
    files = method_files()
    check_known("method", [name], files)
    path = files[name]
    try:
        module = import_module(f"methods.{name}")
    except Exception as error:  # a method's file may raise anything
        raise HarnessError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    _check_complete(module, path)
    return Method(
        name=name,
        summary=module.SUMMARY,
        source=module.SOURCE,
        options=module.OPTIONS,
        is_control=getattr(module, "CONTROL", False),
        solve=module.solve,
        path=path,
    )


def _check_complete(module: ModuleType, path: Path) -> None:
    missing = [f"{name} ({what})" for name, what in REQUIRED.items() if not hasattr(module, name)]
    if missing:
        raise HarnessError(f"{path} is no method yet: it lacks {', '.join(missing)}")
