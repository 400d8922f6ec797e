from pathlib import Path
from typing import Any

import pytest

from benchmark.commands.listing import LISTINGS
from benchmark.harness.errors import HarnessError
from benchmark.harness.methods import check_methods, load_method, method_files, method_threads, without_preset
from tests.harness.conftest import SitePackages

WHOLE_METHOD = 'SUMMARY = "s"\nSOURCE = "o"\nOPTIONS = {"rate": 0.1}\n\n\ndef solve(view, options):\n    return None\n'


def test_a_method_is_found_by_being_there(methods_folder: Path) -> None:
    (methods_folder / "found_one.py").write_text(WHOLE_METHOD)
    (methods_folder / "_shared.py").touch()
    assert list(method_files()) == ["found_one"]
    method = load_method("found_one")
    assert (method.summary, method.is_control, method.skip, method.threads) == ("s", False, None, 1)
    assert method.distribution is None
    assert method.with_defaults({}) == {"rate": 0.1}
    with pytest.raises(HarnessError, match="unknown option of found_one 'rat': did you mean rate"):
        method.with_defaults({"rat": 1})


@pytest.mark.parametrize("text", ["raise RuntimeError('imported')", "import sys\nsys.exit('imported')"])
def test_finding_methods_imports_none(methods_folder: Path, text: str) -> None:
    (methods_folder / "explosive.py").write_text(text)
    assert list(method_files()) == ["explosive"]
    with pytest.raises(HarnessError, match=r"explosive\.py cannot be imported: (RuntimeError|SystemExit): imported"):
        load_method("explosive")


def test_an_incomplete_method_is_told_what_it_lacks(methods_folder: Path) -> None:
    (methods_folder / "half.py").write_text('SUMMARY = "s"\nSOURCE = "o"\n')
    with pytest.raises(HarnessError, match=r"half\.py is no method yet: it lacks solve .*, OPTIONS"):
        load_method("half")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('SUMMARY = ""', "its SUMMARY must be a line"),
        ('SOURCE = "one\\ntwo"', "its SOURCE must be a line"),
        ("OPTIONS = ['rate']", "its OPTIONS must be a dict"),
        ("def solve(view):\n    return None", r"its solve must be a function solve\(view, options\)"),
        ("skip = 'no need'", r"its skip must be a function skip\(view, options\)"),
        ("CONTROL = 'yes'", "its CONTROL must be True or False"),
        ("if True:\n    THREADS = 2", "its THREADS must be a number, not indented"),
    ],
)
def test_what_is_wrong_in_a_methods_file_is_told(methods_folder: Path, line: str, says: str) -> None:
    (methods_folder / "odd.py").write_text(f"{WHOLE_METHOD}\n{line}\n")
    with pytest.raises(HarnessError, match=rf"odd\.py is no method yet: {says}"):
        load_method("odd")


def test_a_method_says_where_it_does_not_apply(methods_folder: Path) -> None:
    skip = "def skip(view, options):\n    return f'not for {view}' if view == 'tendon' else None\n"
    (methods_folder / "choosy.py").write_text(WHOLE_METHOD + skip)
    reason = load_method("choosy").skip
    assert reason is not None
    assert (reason("tendon", {}), reason("fibre", {})) == ("not for tendon", None)


@pytest.mark.parametrize(
    ("line", "threads"), [("", 1), ("THREADS = 2", 2), ("THREADS: int = 16", 16), ("THREADS = 3\nTHREADS = 4", 4)]
)
def test_threads_are_read_without_importing(methods_folder: Path, line: str, threads: int) -> None:
    (methods_folder / "explosive.py").write_text(f"raise RuntimeError('imported')\n{line}\n")
    assert method_threads("explosive") == threads


@pytest.mark.parametrize("value", ["0", "-1", "2.0", "True", "'2'", "None", "len('ab')"])
def test_threads_are_a_whole_number(methods_folder: Path, value: str) -> None:
    (methods_folder / "odd.py").write_text(f"{WHOLE_METHOD}\nTHREADS = {value}\n")
    with pytest.raises(HarnessError, match=r"odd\.py gives no number of threads: write THREADS = 2"):
        method_threads("odd")


def test_threads_of_what_is_no_python_or_not_there_are_told(methods_folder: Path) -> None:
    (methods_folder / "garbled.py").write_text("def solve(:\n")
    with pytest.raises(HarnessError, match=r"garbled\.py cannot be read: SyntaxError"):
        method_threads("garbled")
    with pytest.raises(HarnessError, match="unknown method 'garble': did you mean garbled"):
        method_threads("garble")


PRESETS = 'PRESETS = {"fast": {"rate": 0.5}, "same": {}}\n'


def test_a_preset_replaces_options_and_the_whole_word_is_the_name(methods_folder: Path) -> None:
    (methods_folder / "steady.py").write_text(f"{WHOLE_METHOD}\nTHREADS = 2\n{PRESETS}")
    assert list(method_files()) == ["steady"]
    plain, fast, same = map(load_method, ("steady", "steady+fast", "steady+same"))
    assert [method.name for method in (plain, fast, same)] == ["steady", "steady+fast", "steady+same"]
    assert [method.options for method in (plain, fast, same)] == [{"rate": 0.1}, {"rate": 0.5}, {"rate": 0.1}]
    assert fast.with_defaults({"rate": 0.7}) == {"rate": 0.7}
    assert (fast.path, fast.solve, method_threads("steady+fast")) == (plain.path, plain.solve, 2)
    assert without_preset("steady+fast") == without_preset("steady") == "steady"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("steady+fats", "unknown preset of steady 'fats': did you mean fast. there are: fast, same"),
        ("steady+", "unknown preset of steady '': there are: fast, same"),
        ("plain+fast", "unknown preset of plain 'fast': there are: none"),
        ("stedy+fast", "unknown method 'stedy': did you mean steady"),
    ],
)
def test_an_unknown_preset_is_told_with_those_there_are(methods_folder: Path, name: str, says: str) -> None:
    (methods_folder / "steady.py").write_text(f"raise RuntimeError('imported')\n{PRESETS}")
    (methods_folder / "plain.py").write_text(WHOLE_METHOD)
    for ask in (load_method, method_threads, lambda name: check_methods([name])):
        with pytest.raises(HarnessError, match=says):
            ask(name)
    check_methods(["steady+fast", "steady", "plain"])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("PRESETS = dict(fast={})", "steady.py does not write its presets out"),
        ("PRESETS = {'a': {}, **{}}", "steady.py does not write its presets out"),
        ("PRESETS = {1: {}}", "steady.py does not write its presets out"),
        ("if True:\n    PRESETS = {'fast': {}}", "its PRESETS must be a dict, not indented"),
        ("PRESETS = {'Fast': {}}", "its preset 'Fast' must be called by a lower-case word"),
        ("PRESETS = {'a-b': {}}", "its preset 'a-b' must be called by a lower-case word"),
        ("PRESETS = {'fast': ['rate']}", "its preset 'fast' must be a dict of options"),
        ("PRESETS = {'fast': {'rat': 1}}", "its preset 'fast' sets 'rat', which is none of its OPTIONS"),
    ],
)
def test_what_is_wrong_with_presets_is_told(methods_folder: Path, line: str, says: str) -> None:
    (methods_folder / "steady.py").write_text(f"{WHOLE_METHOD}\n{line}\n")
    with pytest.raises(HarnessError, match=says):
        load_method("steady")


def test_presets_are_listed_with_what_they_set(methods_folder: Path) -> None:
    (methods_folder / "steady.py").write_text(f"{WHOLE_METHOD}\n{PRESETS}")
    lines = [line.split() for line in LISTINGS["methods"]().splitlines()[2:]]
    assert lines == [
        ["steady", "s", "o"],
        ["steady+fast", "preset:", "rate", "0.5"],
        ["steady+same", "preset:", "the", "method's", "own", "options"],
    ]


@pytest.mark.usefixtures("methods_folder")
def test_a_method_of_another_package_has_presets_too(site: SitePackages) -> None:
    site.install("arm-extra", {"faster": "arm_extra_preset"}, {"arm_extra_preset.py": f"{WHOLE_METHOD}\n{PRESETS}"})
    method = load_method("faster+fast")
    assert (method.name, method.options, method.distribution) == ("faster+fast", {"rate": 0.5}, "arm-extra 1.2")


@pytest.mark.usefixtures("methods_folder")
def test_a_method_of_another_package_is_found_and_its_distribution_told(site: SitePackages) -> None:
    module = {"arm_extra_found/__init__.py": "", "arm_extra_found/fast.py": f"{WHOLE_METHOD}\nTHREADS = 2\n"}
    site.install("arm-extra", {"faster": "arm_extra_found.fast"}, module)
    assert method_files() == {"faster": site.folder / "arm_extra_found" / "fast.py"}
    method = load_method("faster")
    assert (method.name, method.distribution, method.threads) == ("faster", "arm-extra 1.2", 2)
    assert method_threads("faster") == 2
    assert "arm-extra 1.2" in LISTINGS["methods"]()


@pytest.mark.usefixtures("methods_folder")
def test_finding_methods_of_other_packages_imports_none(site: SitePackages) -> None:
    module = {"arm_extra_broken/__init__.py": "raise RuntimeError('imported')", "arm_extra_broken/fast.py": ""}
    site.install("arm-extra", {"faster": "arm_extra_broken.fast"}, module)
    assert list(method_files()) == ["faster"]
    with pytest.raises(HarnessError, match=r"fast\.py of arm-extra 1\.2 cannot be imported: RuntimeError: imported"):
        load_method("faster")


@pytest.mark.usefixtures("methods_folder")
@pytest.mark.parametrize(
    ("name", "module", "says"),
    [
        ("faster", "arm_extra_flat.gone", "as 'arm_extra_flat.gone', and no such Python module can be found"),
        ("faster", "arm_extra_gone.fast", "as 'arm_extra_gone.fast', and no such"),
        ("faster", "arm_extra_flat:solve", "as 'arm_extra_flat:solve', and no such"),
        ("Faster", "arm_extra_flat", "'Faster' cannot be a method's name"),
    ],
)
def test_what_a_package_announces_in_vain_is_told(site: SitePackages, name: str, module: str, says: str) -> None:
    site.install("arm-extra", {name: module}, {"arm_extra_flat.py": WHOLE_METHOD})
    with pytest.raises(HarnessError, match=rf"arm-extra 1\.2.*{says}"):
        method_files()


def test_a_name_that_two_methods_have_is_told_with_both(methods_folder: Path, site: SitePackages) -> None:
    (methods_folder / "faster.py").write_text(WHOLE_METHOD)
    site.install("arm-extra", {"faster": "arm_extra_flat"}, {"arm_extra_flat.py": WHOLE_METHOD})
    with pytest.raises(HarnessError, match=r"'faster', .*methods/faster\.py and .*flat\.py of arm-extra 1\.2: rename"):
        method_files()


@pytest.mark.usefixtures("methods_folder")
def test_a_name_that_two_packages_have_is_told_with_both(site: SitePackages) -> None:
    files: Any = {"arm_extra_flat.py": WHOLE_METHOD}
    site.install("arm-extra", {"faster": "arm_extra_flat"}, files)
    site.install("arm-other", {"faster": "arm_extra_flat"}, files)
    with pytest.raises(HarnessError, match=r"of arm-extra 1\.2 and .*of arm-other 1\.2: rename"):
        load_method("faster")
