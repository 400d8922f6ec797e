import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import methods


class SitePackages:
    """A folder that Python imports from, with packages put there as installers do."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        folder.mkdir()
        monkeypatch.syspath_prepend(folder)

    def install(self, distribution: str, methods: dict[str, str], files: dict[str, str]) -> None:
        """Put a distribution's `files` there, with entry points from names of methods to modules."""
        lines = "".join(f"{name} = {module}\n" for name, module in methods.items())
        metadata = f"{distribution.replace('-', '_')}-1.2.dist-info"
        about = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n"
        entry_points = f"[arm_identification.methods]\n{lines}"
        files = files | {f"{metadata}/METADATA": about, f"{metadata}/entry_points.txt": entry_points}
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        importlib.invalidate_caches()


@pytest.fixture
def methods_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of methods; what is imported from it is forgotten afterwards."""
    folder = tmp_path / "methods"
    folder.mkdir()
    monkeypatch.setattr(methods, "__path__", [str(folder)])
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        if name.startswith("methods."):
            del sys.modules[name]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SitePackages:
    return SitePackages(tmp_path / "site-packages", monkeypatch)
