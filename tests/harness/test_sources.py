"""What a module needs, by its imports: on small trees of files, written for one kind of import each."""

from pathlib import Path

import pytest

from benchmark.harness.sources import Closure, Sources


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


TREE = {
    "own/__init__.py": "",
    "own/deep/__init__.py": "",
    "own/deep/deeper/__init__.py": "",
    "own/deep/deeper/leaf.py": "",
    "own/deep/other.py": "",
    "own/friend.py": "import math, scipy.linalg\n",
    "own/apart.py": "import torch\n",
    "second/__init__.py": "",
    "second/part.py": "from own import friend\n",
}
PACKAGE = {"own/__init__.py"}
DEEP = PACKAGE | {"own/deep/__init__.py"}
DEEPER = DEEP | {"own/deep/deeper/__init__.py"}


def _closure(root: Path, entry: str, extra: dict[str, str] | None = None) -> Closure:
    _write(root, TREE | (extra or {}))
    return Sources({"own": [root / "own"], "second": [root / "second"]}).closure(root / entry)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("", set()),
        ("import own.friend", {"own/friend.py"}),
        ("import own.friend as f, own.apart", {"own/friend.py", "own/apart.py"}),
        ("from own import friend", {"own/friend.py"}),
        ("from own.friend import anything", {"own/friend.py"}),
        ("import own.deep.deeper.leaf", DEEPER | {"own/deep/deeper/leaf.py"}),
        ("from own.deep.deeper import leaf", DEEPER | {"own/deep/deeper/leaf.py"}),
        ("from own import deep", DEEP),
        ("from . import friend", {"own/friend.py"}),
        ("from .deep.deeper.leaf import anything", DEEPER | {"own/deep/deeper/leaf.py"}),
        ("import second.part", {"second/__init__.py", "second/part.py", "own/friend.py"}),
        ("def late():\n    if True:\n        from own import friend", {"own/friend.py"}),
        ("class A:\n    async def b(self):\n        import own.friend", {"own/friend.py"}),
        ("try:\n    import nothing\nexcept ImportError:\n    import own.friend", {"own/friend.py"}),
        ("match 1:\n    case 1:\n        import own.friend", {"own/friend.py"}),
        ("with open('a'):\n    import own.friend", {"own/friend.py"}),
        ("if TYPE_CHECKING:\n    import own.apart\nelse:\n    import own.friend", {"own/friend.py"}),
        ("import typing\nif typing.TYPE_CHECKING:\n    import own.apart", set()),
        ("if not TYPE_CHECKING:\n    import own.friend", {"own/friend.py"}),
        ("from own import absent, friend", {"own/friend.py"}),
        ("from ..... import absent", set()),
        ("import own.friend as", set()),
        ("\0", set()),
    ],
)
def test_imports_of_every_kind_are_followed(tmp_path: Path, text: str, needed: set[str]) -> None:
    closure = _closure(tmp_path, "own/entry.py", {"own/entry.py": text})
    assert closure.files.keys() == PACKAGE | {"own/entry.py"} | needed


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("from . import leaf", {"own/deep/deeper/leaf.py"}),
        ("from .. import other", {"own/deep/other.py"}),
        ("from ..other import anything", {"own/deep/other.py"}),
        ("from ... import friend", {"own/friend.py"}),
        ("from ...friend import anything", {"own/friend.py"}),
    ],
)
@pytest.mark.parametrize("entry", ["own/deep/deeper/entry.py", "own/deep/deeper/__init__.py"])
def test_relative_imports_start_from_their_own_package(tmp_path: Path, entry: str, text: str, needed: set[str]) -> None:
    assert _closure(tmp_path, entry, {entry: text}).files.keys() == DEEPER | {entry} | needed


def test_what_a_package_imports_counts_for_its_modules(tmp_path: Path) -> None:
    closure = _closure(
        tmp_path,
        "own/deep/other.py",
        {"own/deep/__init__.py": "from . import shared_by_all"} | {"own/deep/shared_by_all.py": "import second.part"},
    )
    assert {"own/deep/shared_by_all.py", "second/part.py", "own/friend.py"} <= closure.files.keys()


def test_circles_of_imports_end(tmp_path: Path) -> None:
    extra = {"own/a.py": "import own.b", "own/b.py": "import own.a"}
    assert {"own/a.py", "own/b.py"} <= _closure(tmp_path, "own/a.py", extra).files.keys()


def test_libraries_are_told_apart_from_python_itself(tmp_path: Path) -> None:
    extra = {"own/entry.py": "import os.path, numpy.linalg\nfrom . import friend\n"}
    assert _closure(tmp_path, "own/entry.py", extra).libraries == {"numpy", "scipy"}


def test_data_count_where_code_lies_or_below_without_code_of_their_own(tmp_path: Path) -> None:
    extra = {
        "own/deep/settings.yaml": "",
        "own/deep/tables/a.toml": "",
        "own/deep/tables/inner/b.toml": "",
        "own/deep/notes.md": "",
        "own/deep/deeper/not_mine.toml": "",
        "second/not_mine.toml": "",
    }
    files = _closure(tmp_path, "own/deep/other.py", extra).files
    data = {"own/deep/settings.yaml", "own/deep/tables/a.toml", "own/deep/tables/inner/b.toml"}
    assert files.keys() == DEEP | {"own/deep/other.py"} | data


def test_a_file_that_is_not_there_is_no_small_closure(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        _closure(tmp_path, "own/moved_away.py")


def test_of_a_package_from_elsewhere_all_counts(tmp_path: Path) -> None:
    elsewhere = {
        "site/theirs/__init__.py": "",
        "site/theirs/methods/__init__.py": "",
        "site/theirs/methods/one.py": "import cma",
        "site/theirs/helper.py": "from own import friend",
        "site/theirs/table.toml": "",
        "site/neighbour.py": "import own.apart",
        "site/neighbour.toml": "",
    }
    closure = _closure(tmp_path, "site/theirs/methods/one.py", elsewhere)
    theirs = {name.removeprefix("site/") for name in elsewhere if "theirs" in name}
    assert closure.files.keys() == PACKAGE | {"own/friend.py"} | theirs
    assert closure.libraries == {"theirs", "cma", "scipy"}


def test_a_module_from_elsewhere_without_a_package_counts_alone(tmp_path: Path) -> None:
    elsewhere = {
        "site/lonely.py": "import own.friend\nfrom . import nobody",
        "site/neighbour.py": "import own.apart",
        "site/neighbour.toml": "",
        "site/data/neighbour.toml": "",
    }
    closure = _closure(tmp_path, "site/lonely.py", elsewhere)
    assert closure.files.keys() == PACKAGE | {"own/friend.py", "lonely.py"}
    assert closure.libraries == {"lonely", "nobody", "scipy"}
