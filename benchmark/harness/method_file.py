"""What a method's file must hold, and what is read of it without importing it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmark.harness.errors import HarnessError

REQUIRED = {"solve": "a function solve(view, options)", "SUMMARY": "a line", "SOURCE": "a line", "OPTIONS": "a dict"}
THREADS, PRESETS = "THREADS", "PRESETS"


def read_threads(path: Path) -> int:
    """Threads that a run of a method gets: ``THREADS`` of its file, or 1; the file is not imported.

    Raises
    ------
    HarnessError
        If Python cannot read the file, or if what it gives is no whole number of at least 1.
    """
    value = _assigned(path, THREADS)
    threads = 1 if value is None else _constant(value)
    if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
        raise HarnessError(f"{path} gives no number of threads: write {THREADS} = 2, or another whole number from 1")
    return threads


def read_presets(path: Path) -> tuple[str, ...]:
    """Names of a method's presets: the keys of its file's ``PRESETS``, none without it; the file is not imported.

    Raises
    ------
    HarnessError
        If Python cannot read the file, or if it does not write these names out.
    """
    value = _assigned(path, PRESETS)
    if value is None:
        return ()
    names = [_constant(key) for key in value.keys] if isinstance(value, ast.Dict) else [None]
    if not all(isinstance(name, str) for name in names):
        raise HarnessError(f'{path} does not write its presets out: write {PRESETS} = {{"name": {{...}}, ...}}')
    return tuple(map(str, names))


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
    wrong = ", ".join([*_wrong(module, read_threads(path)), *_wrong_presets(module, read_presets(path))])
    if wrong:
        raise HarnessError(f"{origin} is no method yet: {wrong}")


def _assigned(path: Path, name: str) -> ast.expr | None:
    """What a file gives a name at its top, the last time that it does; None if it does not."""
    try:
        tree = ast.parse(path.read_bytes(), path)
    except (SyntaxError, ValueError) as error:
        raise HarnessError(f"{path} cannot be read: {type(error).__name__}: {error}") from error
    value: ast.expr | None = None
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _assigns(statement, name):
            value = statement.value
    return value


def _assigns(statement: ast.Assign | ast.AnnAssign, name: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _constant(value: ast.expr | None) -> object:
    return value.value if isinstance(value, ast.Constant) else None


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


def _wrong_presets(module: ModuleType, names: tuple[str, ...]) -> Iterator[str]:
    presets = getattr(module, PRESETS, {})
    if not isinstance(presets, Mapping) or tuple(presets) != names:
        yield f"its {PRESETS} must be a dict, not indented, as its keys are read without importing the file"
        return
    for name, options in presets.items():
        if not (name.isascii() and name.isidentifier() and name == name.lower()):
            yield f"its preset {name!r} must be called by a lower-case word, such as my_preset"
        if not isinstance(options, Mapping):
            yield f"its preset {name!r} must be a dict of options"
        elif unknown := [option for option in options if option not in module.OPTIONS]:
            yield f"its preset {name!r} sets {unknown[0]!r}, which is none of its OPTIONS"


def _takes_two(function: Any) -> bool:
    try:
        inspect.signature(function).bind(None, None)
    except (TypeError, ValueError):
        return False
    return True
