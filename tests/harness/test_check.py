import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmark.cli import main
from benchmark.commands import check
from benchmark.harness import contract
from benchmark.harness.contract import Verdict, check_method
from benchmark.harness.execute import execute
from benchmark.harness.row import Row
from benchmark.harness.workers.pool import WorkerPool
from tests.harness.conftest import SitePackages

HEAD = """
import os

import numpy as np

SUMMARY, SOURCE, OPTIONS = "for a test", "nowhere", {}

"""
DESCENT = """
def descend(view, rng):
    for _ in range(500):
        view.loss(view.space.clip(view.space.start + 0.02 * view.space.scale * rng.standard_normal(view.space.size)))

"""
GOOD: Row = {
    "problem": "m1-a-published",
    "status": "converged",
    "message": "",
    "budget_s": 2.0,
    "budget_evaluations": 60,
    "evaluations": 60,
    "solve_s": 2.0,
    "loss_start": 1.0,
    "loss": 0.5,
    "identified": {"c1": -0.2, "c2": -0.1},
}


def broken_clauses(folder: Path, body: str, run: contract.Run = execute) -> dict[str, str]:
    """What is wrong by clause, of a method with `body`."""
    (folder / "candidate.py").write_text(HEAD + body)
    return {verdict.clause: verdict.wrong for verdict in check_method("candidate", run, seconds=0.2) if verdict.wrong}


def test_a_good_method_keeps_all(methods_folder: Path) -> None:
    good = DESCENT + "def solve(view, options):\n    view.loss(view.space.start)\n    descend(view, view.rng)\n"
    assert not broken_clauses(methods_folder, good)


@pytest.mark.parametrize(
    ("body", "clause", "says"),
    [
        ("raise KeyError('rate')", "its file is complete", "cannot be imported: KeyError: 'rate'"),
        ("def solve(view, options):\n    options['rate']", "its runs end", "the run of 0.2 s failed: KeyError: 'rate'"),
        ("def solve(view, options):\n    raise SystemExit(3)", "its runs end", "SystemExit: 3"),
        (
            "def solve(view, options):\n    view.loss(view.space.start)\n    return np.full(view.space.size, np.nan)",
            "its runs end",
            "diverged",
        ),
        (
            "def skip(view, options):\n    return 'no need'\n\n\ndef solve(view, options):\n    return None",
            "its runs end",
            "skips m1-a-published (no need): name another one with --problem",
        ),
        (
            DESCENT + "def solve(view, options):\n    descend(view, np.random.default_rng())",
            "the same seed",
            "take random numbers from view.rng",
        ),
        (
            DESCENT
            + "def solve(view, options):\n    for _ in range(9):\n"
            + "        try:\n            descend(view, view.rng)\n        except Exception:\n            pass",
            r"a run of \d+ evaluations",  # as many as the machine manages in the time of the run before
            "do not catch what view raises",
        ),
        (
            "def solve(view, options):\n    view.loss(view.space.upper)",
            "it is never worse",
            "evaluate view.space.start",
        ),
        ("def solve(view, options):\n    view.loss(view.space.start)", "it improves", "first steps may be too long"),
    ],
)
def test_a_method_that_breaks_a_clause_is_told(methods_folder: Path, body: str, clause: str, says: str) -> None:
    broken = broken_clauses(methods_folder, body)
    told = [wrong for name, wrong in broken.items() if re.match(clause, name)]
    assert len(told) == 1, broken
    assert says in told[0]


def test_a_control_need_not_improve(methods_folder: Path) -> None:
    body = "CONTROL = True\n\n\ndef solve(view, options):\n    view.loss(view.space.start)\n"
    assert not broken_clauses(methods_folder, body)


def test_a_method_that_takes_its_process_along_is_told(site: SitePackages) -> None:
    """It comes from another package, as a worker finds those of a test, too."""
    body = HEAD + "def solve(view, options):\n    os._exit(3)\n"
    site.install("arm-extra", {"goes_along": "arm_extra_goes_along"}, {"arm_extra_goes_along.py": body})
    with closing(WorkerPool()) as pool:
        _, ends = check_method("goes_along", pool.run, seconds=0.2)
    assert "exit status 3" in ends.wrong


@pytest.mark.parametrize(
    ("clause", "changes"),
    [
        (lambda row: contract.ends_with_a_result([GOOD, row]), {"status": "killed", "message": "from outside"}),
        (lambda row: contract.leaves_nothing_to_remark([GOOD, row]), {"message": "left processes behind"}),
        (lambda row: contract.result_is_finite_and_within_bounds([GOOD, row]), {"identified": {"c1": 9.0}}),
        (lambda row: contract.result_is_finite_and_within_bounds([GOOD, row]), {"identified": {"c1": None}}),
        (lambda row: contract.result_is_finite_and_within_bounds([GOOD, row]), {"cr1": float("nan")}),
        (contract.keeps_its_seconds, {"solve_s": 3.6}),
        (contract.keeps_its_evaluations, {"evaluations": 63}),
        (lambda row: contract.repeats_itself(GOOD, row), {"loss": 0.5 + 1e-15}),
        (lambda row: contract.repeats_itself(GOOD, row), {"identified": {"c1": -0.2, "c2": -0.11}}),
        (lambda row: contract.is_never_worse_than_its_start([GOOD, row]), {"loss": 1.5}),
        (lambda row: contract.is_never_worse_than_its_start([GOOD, row]), {"loss": float("nan")}),
        (lambda row: contract.improves_on_its_start([row]), {"loss": 1.0}),
    ],
)
def test_a_clause_sees_what_it_is_for(clause: Callable[[Row], Verdict], changes: dict[str, Any]) -> None:
    assert clause(GOOD).kept
    assert not clause(GOOD | changes).kept


@pytest.mark.parametrize(("wrong", "status"), [("", 0), ("it raised:\nno idea", 1)])
def test_check_prints_a_line_a_clause_and_fails_if_any_does(
    wrong: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "check_method", lambda *_: iter([Verdict("one"), Verdict("two", wrong)]))
    assert main(["check", "lbfgs", "lbfgs", "torch_adam"]) == status
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "lbfgs on m1-a-published"
    assert lines[1:3] == ["  ok      one", "  FAILED  two: it raised: no idea" if wrong else "  ok      two"]
    assert lines[3] == "torch_adam on m1-a-published"
    assert len(lines) == 7


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["lbfg"], "unknown method 'lbfg': did you mean lbfgs"),
        (["torch_adamw+complied"], "unknown preset of torch_adamw 'complied': did you mean compiled"),
        (["lbfgs", "--problem", "m7-a-published"], "unknown problem 'm7-a-published'"),
    ],
)
def test_what_cannot_be_checked_is_told(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *arguments]) == 2
    assert says in capsys.readouterr().err
