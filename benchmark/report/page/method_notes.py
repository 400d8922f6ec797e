"""What a method's file says about it: read, not imported, so that a report needs no method's libraries."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class MethodNote:
    """What is known of a method.

    Attributes
    ----------
    name
        The method's name.
    summary, source
        What it is and where it comes from, a line each; empty where its file does not say so.
    description
        The docstring of its file, in Markdown.
    options
        Its options with their values, in Markdown, as its file writes them.
    file
        Its file's name.
    is_control
        Whether it is there to be compared with, and not to compete.
    trouble
        Why there is nothing to say; empty where there is.
    """

    name: str
    summary: str = ""
    source: str = ""
    description: str = ""
    options: tuple[str, ...] = ()
    file: str = ""
    is_control: bool = False
    trouble: str = ""


def method_notes(names: Iterable[str], paths: Mapping[str, Path]) -> list[MethodNote]:
    """What is known of methods.

    Parameters
    ----------
    names
        Names of methods that have stored runs.
    paths
        Files of the methods that there are, by name.
    """
    return [
        read_method_note(name, paths[name])
        if name in paths
        else MethodNote(name, trouble="There is no such method now.")
        for name in names
    ]


def read_method_note(name: str, path: Path) -> MethodNote:
    """What a method's file says."""
    try:
        tree = ast.parse(path.read_bytes(), path)
    except (OSError, SyntaxError, ValueError) as error:
        return MethodNote(name, file=path.name, trouble=f"Its file cannot be read: {type(error).__name__}.")
    values = _assigned(tree)
    return MethodNote(
        name,
        summary=_text(values.get("SUMMARY")),
        source=_text(values.get("SOURCE")),
        description=ast.get_docstring(tree) or "",
        options=_options(values.get("OPTIONS")),
        file=path.name,
        is_control=_constant(values.get("CONTROL")) is True,
    )


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """What a module gives names, at its top."""
    pairs = [
        (target, statement.value)
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
    ]
    return {target.id: value for target, value in pairs if isinstance(target, ast.Name)}


def _constant(value: ast.expr | None) -> object:
    return value.value if isinstance(value, ast.Constant) else None


def _text(value: ast.expr | None) -> str:
    """A text that stands there as such; one that is computed is not known without importing."""
    constant = _constant(value)
    return constant if isinstance(constant, str) else ""


def _options(value: ast.expr | None) -> tuple[str, ...]:
    """Names and values of a dict that stands there as such; what it takes from elsewhere, as code."""
    if not isinstance(value, ast.Dict):
        return ()
    return tuple(
        f"`**{ast.unparse(entry)}`" if key is None else f"`{_constant(key)}` {ast.unparse(entry)}"
        for key, entry in zip(value.keys, value.values, strict=True)
    )
