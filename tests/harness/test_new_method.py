import inspect
import re
from pathlib import Path

import pytest

from benchmark.cli import main
from benchmark.commands.new_method import TEMPLATE
from benchmark.harness.contract import check_method
from benchmark.harness.execute import execute
from benchmark.harness.methods import load_method
from benchmark.harness.provenance import REPOSITORY
from benchmark.harness.view import ProblemView


def test_a_new_method_works_as_it_is(methods_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-method", "my_method"]) == 0
    path = methods_folder / "my_method.py"
    printed = capsys.readouterr().out
    assert [str(path) in printed, "check my_method" in printed, "run my_method" in printed] == [True] * 3
    assert load_method("my_method").path == path
    verdicts = [*check_method("my_method", execute, seconds=0.3)]
    assert len(verdicts) == 9
    assert not [verdict for verdict in verdicts if not verdict.kept]


def test_the_example_of_the_readme_keeps_the_contract(methods_folder: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.DOTALL)
    assert len(example.splitlines()) <= 40
    (methods_folder / "of_the_readme.py").write_text(example)
    assert not [verdict for verdict in check_method("of_the_readme", execute, seconds=0.3) if not verdict.kept]


def test_the_template_is_short_and_says_what_a_view_offers() -> None:
    text = TEMPLATE.read_text()
    assert len(text.splitlines()) <= 40
    for name, _ in inspect.getmembers(ProblemView):
        if not name.startswith("_") and name not in ("truth", "has_truth", "report"):  # controls' and solvers' alone
            assert name in text.partition("import")[0], name


@pytest.mark.parametrize(
    "name", ["my-method", "1st", "_shared", "My_Method", "lambda", "all", "méthode", "", "a/b", ".."]
)
def test_what_can_be_no_methods_name_is_told(
    name: str, methods_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-method", name]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith(f"error: {name!r} cannot be a method's name: give a lower-case Python identifier")
    assert printed.count("\n") == 1
    assert not [*methods_folder.iterdir()]


@pytest.mark.parametrize("there", ["mine.py", "mine/__init__.py"])
def test_what_is_there_is_not_written_over(
    there: str, methods_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = methods_folder / there
    path.parent.mkdir(exist_ok=True)
    path.write_text("my work")
    assert main(["new-method", "mine"]) == 2
    assert "error: 'mine' is taken by" in capsys.readouterr().err
    assert path.read_text() == "my work"
    assert [*methods_folder.rglob("*.py")] == [path]
