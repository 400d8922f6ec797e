"""What a module needs: the files and libraries that its imports lead to, read from the sources; nothing is imported.

Imports are followed through the benchmark's own packages, those inside functions too. Beside a module count the data
files of its folder, and of the folders below that hold no code: whoever adds a file there need not name it anywhere.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

DATA_SUFFIXES = (".toml", ".yaml")
FOR_TYPES_ALONE = ("TYPE_CHECKING", "typing.TYPE_CHECKING")
PACKAGE_FILE = "__init__.py"


@dataclass(frozen=True)
class Closure:
    """What a module needs.

    Attributes
    ----------
    files
        SHA-256 of the files by name, such as ``benchmark/model/arm.py``.
    libraries
        Packages from elsewhere by the name that they are imported with, such as ``scipy``.
    paths
        Where the files are.
    """

    files: Mapping[str, str]
    libraries: frozenset[str]
    paths: frozenset[Path]


@dataclass(frozen=True)
class _Module:
    """A Python file and its dotted name."""

    name: str
    path: Path

    @property
    def package(self) -> str:
        """The package that relative imports start from; empty for a module that lies in none."""
        return self.name if self.path.name == PACKAGE_FILE else self.name.rpartition(".")[0]


@dataclass(frozen=True)
class _Imports:
    """What the imports of one file lead to."""

    modules: frozenset[_Module]
    libraries: frozenset[str]


class Sources:
    """Follows imports; reads every file once.

    Parameters
    ----------
    folders
        Folders of the packages to follow imports through, by the package's name.
    """

    def __init__(self, folders: Mapping[str, Iterable[str | Path]]) -> None:
        self._folders = {name: [Path(folder) for folder in entries] for name, entries in folders.items()}
        self._imports: dict[_Module, _Imports] = {}
        self._data: dict[Path, list[Path]] = {}
        self._digests: dict[Path, str] = {}
        self._stamps: dict[Path, tuple[int, int] | None] = {}

    def closure(self, path: Path) -> Closure:
        """What a Python file needs.

        Parameters
        ----------
        path
            The file. Where it lies outside the packages to follow imports through, the package that it lies in counts
            as a whole, and as a library.
        """
        waiting = list(self._entries(path))
        libraries = {module.name.partition(".")[0] for module in waiting} - self._folders.keys()
        found: set[_Module] = set()
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                imports = self._imports_of(module)
                waiting += imports.modules
                libraries |= imports.libraries
        files = {name: file for module in found for name, file in self._files(module)}
        digests = {name: self._hash(files[name]) for name in sorted(files)}
        return Closure(digests, frozenset(libraries), frozenset(files.values()))

    def are_as_read(self, closure: Closure) -> bool:
        """Whether nobody has written to the files of a closure since they were read."""
        return all(_stamp(path) == self._stamps[path] for path in closure.paths)

    def _entries(self, path: Path) -> Iterable[_Module]:
        for package, folders in self._folders.items():
            for folder in folders:
                if path.is_relative_to(folder):
                    name = _dotted(package, path.relative_to(folder))
                    return [_Module(name, path), *self._own_modules(name)]
        return _modules_from_elsewhere(path)

    def _imports_of(self, module: _Module) -> _Imports:
        if module not in self._imports:
            names = set(_imported_names(module))
            own = {name for name in names if name.partition(".")[0] in self._folders}
            libraries = {name.partition(".")[0] for name in names - own} - sys.stdlib_module_names
            modules = frozenset(found for name in own for found in self._own_modules(name))
            self._imports[module] = _Imports(modules, frozenset(libraries))
        return self._imports[module]

    def _own_modules(self, name: str) -> Iterator[_Module]:
        """The module called `name` and the packages that it lies in; what is no module is a name inside the last."""
        top, *below = name.split(".")
        for depth in range(len(below) + 1):
            stems = (folder.joinpath(*below[:depth]) for folder in self._folders[top])
            files = (file for stem in stems for file in (stem / PACKAGE_FILE, stem.with_suffix(".py")))
            if (first := next(filter(Path.is_file, files), None)) is not None:
                yield _Module(".".join((top, *below[:depth])), first)

    def _files(self, module: _Module) -> Iterator[tuple[str, Path]]:
        """Names and paths of a module's file and of the data beside it."""
        folder, place = module.path.parent, PurePosixPath(module.package.replace(".", "/"))
        yield str(place / module.path.name), module.path
        if not module.package:
            return  # its folder is everybody's
        if folder not in self._data:
            self._data[folder] = list(_data_files(folder))
        for file in self._data[folder]:
            yield str(place / file.relative_to(folder)), file

    def _hash(self, path: Path) -> str:
        if path not in self._digests:
            self._stamps[path] = _stamp(path)  # before it is read: what comes later is an edit
            self._digests[path] = sha256(path.read_bytes()).hexdigest()
        return self._digests[path]


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when somebody writes to a file; None where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size


def _dotted(package: str, file: Path) -> str:
    """The name of a module by its file's path within its package."""
    parts = file.parts if file.name != PACKAGE_FILE else file.parent.parts
    return ".".join((package, *parts)).removesuffix(".py")


def _modules_from_elsewhere(path: Path) -> list[_Module]:
    """All modules of the outermost package that a file lies in; the file alone where it lies in none."""
    folder = path.parent
    if not (folder / PACKAGE_FILE).is_file():
        return [_Module(path.stem, path)]
    while (folder.parent / PACKAGE_FILE).is_file():
        folder = folder.parent
    return [_Module(_dotted(folder.name, file.relative_to(folder)), file) for file in folder.rglob("*.py")]


def _data_files(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.suffix in DATA_SUFFIXES:
            yield entry
        elif entry.is_dir() and not any(entry.glob("*.py")):
            yield from _data_files(entry)


def _imported_names(module: _Module) -> Iterator[str]:
    """Dotted names of what a module's statements import, of modules and of what is in them alike."""
    try:
        tree = ast.parse(module.path.read_bytes())
    except (SyntaxError, ValueError):  # nothing behind such a file can be reached
        return
    for statement in _import_statements(tree):
        start = _start(statement, module.package) if isinstance(statement, ast.ImportFrom) else ""
        yield from (f"{start}.{alias.name}".lstrip(".") for alias in statement.names)


def _start(statement: ast.ImportFrom, package: str) -> str:
    """What the names of ``from START import name`` are looked for in, without the dots of a relative import."""
    if statement.level:
        parts = package.split(".")
        package = ".".join(parts[: len(parts) + 1 - statement.level])
        return f"{package}.{statement.module or ''}".strip(".")
    return statement.module or ""


def _import_statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports anywhere in a piece of code, but for those that only type checkers see."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node
    inside: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and ast.unparse(node.test) in FOR_TYPES_ALONE:
        inside = node.orelse
    for child in inside:
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _import_statements(child)
