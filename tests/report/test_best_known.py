"""Targets beside stored runs: what is shown, what is written, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmark.cli import main
from benchmark.commands import targets
from benchmark.harness.errors import HarnessError
from benchmark.harness.execute import execute
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store
from benchmark.problem.targets import TARGET_RATIO, Target, load_targets, targets_text
from benchmark.report.best_known import best_rows, lowered, targets_table
from benchmark.report.endings import OBJECTIVE

from .synthetic import PROVENANCE, failed_row, row, spec

PROBLEM = "m1-a-published"
COMMENT = "# What these are."
RUN = RunSpec("tests", PROBLEM, "random_search", 0.1, 3, 60.0, 6)


def target(best: float) -> Target:
    return Target(best, TARGET_RATIO * best, "someone", "uniform", 7, "2025-12-31")


@pytest.fixture(scope="module")
def real() -> dict[str, Any]:
    """A real run's row."""
    return execute(RUN)[0] | {"provenance": PROVENANCE}


def test_a_rows_objective_is_its_loss_in_units_that_all_starts_share(real: dict[str, Any]) -> None:
    assert real[OBJECTIVE] == real["loss"] * real["loss_unit_rad2_per_s4"] > 0.0


def test_the_best_row_delivered_a_result() -> None:
    rows = [
        row(spec(seed=seed), **{OBJECTIVE: value, "status": status})
        for seed, (value, status) in enumerate(
            [(3.0, "budget"), (2.0, "converged"), (1.0, "diverged"), (None, "budget")]
        )
    ]
    rows += [failed_row(spec(seed=8)), row(spec("m2-a-published"), **{OBJECTIVE: None})]
    assert {problem: best["seed"] for problem, best in best_rows(rows).items()} == {PROBLEM: 1}


def test_noisy_problems_have_no_best_row() -> None:
    """Each seed has its own noise, and with it its own minimum."""
    assert best_rows([row(spec("m1-a-published-noise0.1"), **{OBJECTIVE: 1.0, "status": "converged"})]) == {}


def test_the_first_run_of_a_problem_sets_its_target(real: dict[str, Any]) -> None:
    """The objective is computed anew from the parameters that the run identified: to 1e-9 what the row says."""
    found = lowered({}, [real])[PROBLEM]
    assert found.best_known_rad2_per_s4 == pytest.approx(real[OBJECTIVE], rel=1e-9)
    assert found.target_rad2_per_s4 == TARGET_RATIO * found.best_known_rad2_per_s4
    assert (found.method, found.start_level, found.seed, found.date) == ("random_search", 0.1, 3, "2026-01-02")


@pytest.mark.parametrize(("known", "changes"), [(1.1, True), (1.0005, False), (1.0, False), (0.5, False)])
def test_only_a_lower_objective_changes_a_target(real: dict[str, Any], known: float, changes: bool) -> None:
    assert (PROBLEM in lowered({PROBLEM: target(known * real[OBJECTIVE])}, [real])) == changes


def test_a_run_that_is_out_of_date_sets_no_target(real: dict[str, Any]) -> None:
    with pytest.raises(HarnessError, match="it is out of date, run it again"):
        lowered({}, [real | {OBJECTIVE: 0.5 * real[OBJECTIVE]}])


def test_table_shows_targets_beside_runs() -> None:
    text = targets_table({"m1-b-published": target(2e-13)}, [row(spec(seed=4), **{OBJECTIVE: 3e-13})])
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert f"m1-b-published 2e-13 {TARGET_RATIO * 2e-13:.3g} someone, uniform start, seed 7 - -" in lines
    assert f"{PROBLEM} - - - 3e-13 torch_adam, 10 % start, seed 4" in lines


def test_the_file_changes_when_asked_alone(
    real: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(targets_text({PROBLEM: target(1e9), "m1-b-published": target(1e-9)}, COMMENT))
    before = path.read_text()
    Store(tmp_path).save(RUN, real, {})
    targets.targets(tmp_path, update=False, path=path)
    assert path.read_text() == before
    for _ in range(2):
        targets.targets(tmp_path, update=True, path=path)
    assert load_targets(path)[PROBLEM].method == "random_search"
    assert load_targets(path)["m1-b-published"] == target(1e-9)
    assert path.read_text().startswith(COMMENT)
    printed = capsys.readouterr().out
    assert f"targets that are new or lower in {path}: {PROBLEM}\n" in printed
    assert f"targets that are new or lower in {path}: none\n" in printed


def test_the_command_shows_the_repositorys_targets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["targets", "--results", str(tmp_path)]) == 0
    assert PROBLEM in capsys.readouterr().out
