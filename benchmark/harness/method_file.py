"""What a method's file must hold."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmark.harness.errors import HarnessError

REQUIRED = {"solve": "a function solve(view, options)", "SUMMARY": "a line", "SOURCE": "a line", "OPTIONS": "a dict"}
THREADS = "THREADS"


def read_threads(path: Path) -> int:
    """Threads that a run of a method gets: ``THREADS`` of its file, or 1; the file is not imported.

    Raises
    ------
    HarnessError
        If Python cannot read the file, or if what it gives is no whole number of at least 1.
    """
    try:
        tree = ast.parse(path.read_bytes(), path)
    except (SyntaxError, ValueError) as error:
        raise HarnessError(f"{path} cannot be read: {type(error).__name__}: {error}") from error
    threads: Any = 1
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _assigns_threads(statement):
            threads = statement.value.value if isinstance(statement.value, ast.Constant) else None
    if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
        raise HarnessError(f"{path} gives no number of threads: write {THREADS} = 2, or another whole number from 1")
    return threads


def check_complete(module: ModuleType, path: Path, origin: str) -> None:
    """Raise a HarnessError, with what is wrong, if a method's module is not what it must be.

    Parameters
    ----------
    module
        The module.
    path
        Its file.
    origin
        Where it comes from, for people.
    """
    lacks = ", ".join(f"{name} ({what})" for name, what in REQUIRED.items() if not hasattr(module, name))
    if lacks:
        raise HarnessError(f"{origin} is no method yet: it lacks {lacks}")
    wrong = ", ".join(_wrong(module, read_threads(path)))
    if wrong:
        raise HarnessError(f"{origin} is no method yet: {wrong}")


def _assigns_threads(statement: ast.Assign | ast.AnnAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(target, ast.Name) and target.id == THREADS for target in targets)


def _wrong(module: ModuleType, threads: int) -> Iterator[str]:
    for name in ("SUMMARY", "SOURCE"):
        line = getattr(module, name)
        if not isinstance(line, str) or len(line.strip().splitlines()) != 1:
            yield f"its {name} must be a line"
    if not isinstance(module.OPTIONS, Mapping):
        yield "its OPTIONS must be a dict"
    if not _takes_two(module.solve):
        yield "its solve must be a function solve(view, options)"
    if hasattr(module, "skip") and not _takes_two(module.skip):
        yield "its skip must be a function skip(view, options)"
    if not isinstance(getattr(module, "CONTROL", False), bool):
        yield "its CONTROL must be True or False"
    if getattr(module, THREADS, 1) != threads:
        yield f"its {THREADS} must be a number, not indented, as it is read without importing the file"


def _takes_two(function: Any) -> bool:
    try:
        inspect.signature(function).bind(None, None)
    except (TypeError, ValueError):
        return False
    return True
