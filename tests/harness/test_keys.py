import ast
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import methods
from benchmark.harness import keys
from benchmark.harness.keys import OWN_PACKAGES, RunKeys
from tests.harness.dummies import spec

TARGET = """[m1-a-published]
best_known_rad2_per_s4 = 1e-9
target_rad2_per_s4 = 1e-7
method = "one"
start_level = 0.1
seed = 0
date = "2025-01-01"
"""
PRICES = """
[m1.prices]
loss = 1.0
jacobian = 2.5
"""
FILES = {
    "benchmark/__init__.py": "",
    "benchmark/harness/__init__.py": "",
    "benchmark/harness/execute.py": "from benchmark.model import arm\nfrom benchmark.problem import targets",
    "benchmark/harness/progress.py": "",
    "benchmark/harness/suites.toml": "",
    "benchmark/harness/prices.toml": PRICES,
    "benchmark/model/__init__.py": "",
    "benchmark/model/arm.py": "def load():\n    from datasets import arm_files",
    "benchmark/problem/__init__.py": "",
    "benchmark/problem/targets.py": "",
    "benchmark/problem/targets.toml": TARGET,
    "benchmark/report/__init__.py": "",
    "datasets/__init__.py": "",
    "datasets/arm/muscles.toml": "",
    "datasets/arm_files.py": "import numpy",
    "datasets/generate.py": "",
    "methods/__init__.py": "",
    "methods/_helper.py": "import cma",
    "methods/one.py": "from methods._helper import search\nfrom benchmark.model import arm",
    "methods/two.py": "from benchmark.model import arm",
}


class Repository:
    """A small copy of the repository's layout."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            self.edit(name, text)

    def edit(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def keys(self, checksum: str = "abc") -> RunKeys:
        folders = {package.__name__: [self.root / package.__name__] for package in OWN_PACKAGES}
        return RunKeys({"m1-a-published": {"a-published": checksum}, "m1-a-light": {}}, folders)

    def parts(self, method: str = "one", **settings: Any) -> dict[str, str]:
        return self.keys().parts(spec(method, **settings))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository(tmp_path)
    monkeypatch.setattr(methods, "__path__", [str(tmp_path / "methods")])
    distributions = {name: [name] for name in ("numpy", "cma")}  # asking for all that are installed takes a while
    monkeypatch.setattr(keys, "packages_distributions", lambda: distributions)
    return made


def _changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {part for part in before | after if before.get(part) != after.get(part)}


@pytest.mark.parametrize(
    ("name", "one", "two"),
    [
        ("methods/one.py", {"method"}, set()),
        ("methods/two.py", set(), {"method"}),
        ("methods/_helper.py", {"method"}, set()),
        ("benchmark/harness/execute.py", {"shared code"}, {"shared code"}),
        ("benchmark/__init__.py", {"shared code"}, {"shared code"}),
        ("benchmark/model/arm.py", {"shared code"}, {"shared code"}),
        ("benchmark/harness/prices.toml", set(), set()),
        ("datasets/arm_files.py", {"shared code"}, {"shared code"}),
        ("datasets/arm/muscles.toml", {"shared code"}, {"shared code"}),
        ("datasets/arm/new.toml", {"shared code"}, {"shared code"}),
        ("benchmark/harness/progress.py", set(), set()),
        ("benchmark/harness/suites.toml", set(), set()),
        ("benchmark/problem/targets.py", set(), set()),
        ("benchmark/problem/targets.toml", set(), set()),
        ("benchmark/report/__init__.py", set(), set()),
        ("datasets/generate.py", set(), set()),
    ],
)
def test_an_edit_makes_stale_what_it_can_change(
    repository: Repository, name: str, one: set[str], two: set[str]
) -> None:
    before = {method: repository.parts(method) for method in ("one", "two")}
    repository.edit(name, FILES.get(name, "") + "\n# edited")
    assert _changed(before["one"], repository.parts("one")) == one
    assert _changed(before["two"], repository.parts("two")) == two


def test_the_key_changes_with_any_part_and_with_nothing_else(repository: Repository) -> None:
    before = repository.keys().key(spec("one"))
    assert repository.keys().key(spec("one")) == before
    assert repository.keys("def").key(spec("one")) != before
    repository.edit("benchmark/harness/progress.py", "edited")
    assert repository.keys().key(spec("one")) == before
    repository.edit("methods/_helper.py", "edited")
    assert repository.keys().key(spec("one")) != before


def test_another_recording_makes_a_run_stale(repository: Repository) -> None:
    run = spec("one")
    assert _changed(repository.keys("abc").parts(run), repository.keys("def").parts(run)) == {"recordings"}
    assert repository.keys("abc").recordings(run) == {"a-published": "abc"}


@pytest.mark.parametrize(
    "change",
    [{"budget_s": 2.0}, {"budget_evaluations": 5}, {"options": {"rate": 1}}, {"threads": 2}, {"seed": 1}],
)
def test_other_settings_make_a_run_stale(repository: Repository, change: dict[str, Any]) -> None:
    assert repository.parts() == repository.parts()
    assert _changed(repository.parts(), repository.parts(**change)) == {"settings"}


@pytest.mark.parametrize(
    ("package", "one", "two"), [("numpy", {"packages"}, {"packages"}), ("cma", {"packages"}, set())]
)
def test_another_version_makes_stale_who_imports_it(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, package: str, one: set[str], two: set[str]
) -> None:
    before = {method: repository.parts(method) for method in ("one", "two")}
    monkeypatch.setattr(keys, "version", lambda name: "99" if name == package else version(name))
    assert _changed(before["one"], repository.parts("one")) == one
    assert _changed(before["two"], repository.parts("two")) == two


def test_libraries_are_known_by_the_name_that_they_are_installed_by(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[str] = Counter()

    def asked_for(name: str) -> str:
        asked[name] += 1
        return "1"

    monkeypatch.setattr(keys, "version", asked_for)
    RunKeys({"m1-a-published": {}}).parts(spec("cma_es"))
    assert {"numpy", "scipy", "torch", "casadi", "numba", "pin", "xarray", "cma"} <= asked.keys()
    assert "pyswarms" not in asked


def test_a_preset_depends_on_the_files_of_its_method_and_is_a_setting(repository: Repository) -> None:
    plain, preset = (repository.parts(name) for name in ("one", "one+fast"))
    assert _changed(plain, preset) == {"settings"}
    made = repository.keys()
    assert made.files("one+fast") == made.files("one")
    assert made.hold(spec("one+fast"))
    repository.edit("methods/_helper.py", "edited")
    assert not made.hold(spec("one+fast"))
    assert _changed(preset, repository.parts("one+fast")) == {"method", "packages"}


def test_a_run_to_the_target_depends_on_its_target_alone(repository: Repository) -> None:
    runs = [spec("one", stop="target"), spec("one", stop="target", problem="m1-a-light")]
    own, other = (repository.keys().parts(run) for run in runs)
    assert repository.parts().keys() == own.keys() - {"target"}
    repository.edit("benchmark/problem/targets.toml", TARGET.replace("1e-7", "1e-8"))
    assert _changed(own, repository.keys().parts(runs[0])) == {"target"}
    assert _changed(other, repository.keys().parts(runs[1])) == set()


def test_a_run_with_a_budget_of_cost_depends_on_prices(repository: Repository) -> None:
    before = repository.parts(budget_cost=100.0)
    repository.edit("benchmark/harness/prices.toml", PRICES.replace("2.5", "2.6"))
    assert _changed(before, repository.parts(budget_cost=100.0)) == {"prices"}


@pytest.mark.parametrize(
    ("name", "one", "two"),
    [("methods/_helper.py", False, True), ("methods/two.py", True, False), ("benchmark/model/arm.py", False, False)],
)
def test_a_key_holds_until_somebody_edits_what_it_is_made_from(
    repository: Repository, name: str, one: bool, two: bool
) -> None:
    made = repository.keys()
    for method in ("one", "two"):
        made.key(spec(method))
        assert made.hold(spec(method))
    repository.edit(name, "edited")
    assert (made.hold(spec("one")), made.hold(spec("two"))) == (one, two)
    (repository.root / "methods" / "one.py").unlink()
    assert not made.hold(spec("one"))


def test_a_method_from_elsewhere_counts_with_its_package(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("__init__", "method", "helper"):
        repository.edit(f"site/theirs/{name}.py", "import methods._helper")
    monkeypatch.setattr(keys, "method_files", lambda: {"theirs": repository.root / "site/theirs/method.py"})
    for name in ("site/theirs/helper.py", "methods/_helper.py"):
        before = repository.parts("theirs")
        repository.edit(name, "edited")
        assert _changed(before, repository.parts("theirs")) >= {"method"}


def test_every_source_is_parsed_once(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: Counter[bytes] = Counter()
    parse = ast.parse
    monkeypatch.setattr(ast, "parse", lambda source: parsed.update([source]) or parse(source))
    for name in FILES:
        if name.endswith(".py"):
            repository.edit(name, f"{FILES[name]}\n# {name}")
    made = repository.keys()
    assert len({made.key(spec(method, seed)) for method in ("one", "two") for seed in range(50)}) == 100
    assert set(parsed.values()) == {1}
