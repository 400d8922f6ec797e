"""What a method's file says about it: read, not imported, so that a report needs no method's libraries."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmark.harness.method_file import PRESETS
from benchmark.harness.methods import PRESET_MARK, method_files, without_preset


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
    settings
        Its options' values by name, as its file writes them, those of its preset in place of the others.
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
    settings: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    is_control: bool = False
    trouble: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """Its options with their values, in Markdown."""
        return tuple(f"`{name}` {value}" if value else f"`{name}`" for name, value in self.settings.items())


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
        read_method_note(name, paths[without_preset(name)])
        if without_preset(name) in paths
        else MethodNote(name, trouble="There is no such method now.")
        for name in names
    ]


def control_methods(names: Iterable[str]) -> list[str]:
    """Those of some methods that are there to be compared with, sorted."""
    return [note.name for note in method_notes(sorted(set(names)), method_files()) if note.is_control]


def read_method_note(name: str, path: Path) -> MethodNote:
    """What a method's file says of a method, METHOD or METHOD+PRESET."""
    try:
        tree = ast.parse(path.read_bytes(), path)
    except (OSError, SyntaxError, ValueError) as error:
        return MethodNote(name, file=path.name, trouble=f"Its file cannot be read: {type(error).__name__}.")
    values, preset = _assigned(tree), name.partition(PRESET_MARK)[2]
    presets = _entries(values.get(PRESETS))
    if preset and preset not in presets:
        return MethodNote(name, file=path.name, trouble="There is no such preset now.")
    return MethodNote(
        name,
        summary=_text(values.get("SUMMARY")),
        source=_text(values.get("SOURCE")),
        description=ast.get_docstring(tree) or "",
        settings=_settings(values.get("OPTIONS"), values) | _settings(presets.get(preset), values),
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


def _entries(value: ast.expr | None) -> dict[str, ast.expr]:
    """Names and values of a dict that stands there as such."""
    if not isinstance(value, ast.Dict):
        return {}
    pairs = zip(value.keys, value.values, strict=True)
    return {str(_constant(key)): entry for key, entry in pairs if key is not None}


def _settings(value: ast.expr | None, values: Mapping[str, ast.expr]) -> dict[str, str]:
    """Names and values of a dict, as code; with those of dicts of the file in it, others as code, without a value."""
    if isinstance(value, ast.Name):
        others = {name: entry for name, entry in values.items() if name != value.id}
        return _settings(values.get(value.id), others)
    if not isinstance(value, ast.Dict):
        return {}
    found: dict[str, str] = {}
    for key, entry in zip(value.keys, value.values, strict=True):
        if key is not None:
            found[str(_constant(key))] = ast.unparse(entry)
        else:
            found |= _settings(entry, values) or {f"**{ast.unparse(entry)}": ""}
    return found
