"""The command ``uncertainty``: what it prints and writes of a stored run, and how it says that it cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.cli import main
from benchmark.harness.row import Ending, row_without_result
from benchmark.harness.spec import RunSpec
from benchmark.harness.store import Store
from benchmark.problem.problem import load_problem
from benchmark.uncertainty.estimates import uncertainty
from tests.uncertainty.changed_problems import refined

PROBLEM = "m1-ab-published"
RUN = RunSpec("tiny", PROBLEM, "good", 0.1, 3, budget_s=1.0)
COLUMNS = ["parameter", "unit", "identified", "standard_deviation", "lower_95", "upper_95", "true", "class", "cause"]
BOOTSTRAP = ["bootstrap_standard_deviation", "bootstrap_lower_95", "bootstrap_upper_95"]


@pytest.fixture(scope="module")
def values() -> dict[str, float]:
    """The result next to the truth."""
    return refined(load_problem(PROBLEM))


@pytest.fixture
def results(tmp_path: Path, values: dict[str, float]) -> Path:
    folder = tmp_path / "results"
    save(folder, RUN, values)
    save(folder, replace(RUN, method="failed"), {}, "failed", "no luck")
    save(folder, replace(RUN, method="damaged"), values | {"c2": None})
    save(folder, replace(RUN, method="partial"), {"humerus.mass": 2.0})
    save(folder, replace(RUN, method="impossible"), values | {"radius.inertia.xx": 2e-3})
    return folder


def save(results: Path, run: RunSpec, identified: dict[str, Any], status: str = "converged", message: str = "") -> None:
    row = row_without_result(run, Ending(status, message)) | {"identified": identified}
    Store(results).save(run, row, {"loss": np.zeros(1)})


def asked(results: Path, method: str = "good", *more: str, start: str = "0.1", seed: str = "3") -> int:
    return main(["uncertainty", "tiny", PROBLEM, method, start, seed, "--results", str(results), *more])


def error(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said is one line."""
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert said.count("\n") == 1
    return said


def test_the_table_is_printed_and_written(
    results: Path, values: dict[str, float], capsys: pytest.CaptureFixture[str]
) -> None:
    out = results / "tables" / "sure.csv"
    assert asked(results, "good", "--out", str(out)) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"tiny: {PROBLEM} good 10 % seed 3, converged; noise of ")
    assert "bones: physically consistent" in printed
    assert "note: the problem has no noise" in printed
    found = {estimate.name: estimate for estimate in uncertainty(load_problem(PROBLEM), values).estimates}
    table = pd.read_csv(out)
    assert list(table.columns) == COLUMNS
    assert list(table["parameter"]) == list(found)
    line = table.set_index("parameter").loc["DELT2.optimal_fibre_length"]
    assert line["identified"] == values["DELT2.optimal_fibre_length"]
    assert line["standard_deviation"] == pytest.approx(found["DELT2.optimal_fibre_length"].standard_deviation)
    assert line["true"] == load_problem(PROBLEM).truth["DELT2.optimal_fibre_length"]
    assert line["unit"] == "m"
    assert table["true"].notna().all()


def test_json_has_the_same_with_bones_and_remarks(results: Path) -> None:
    out = results / "sure.csv"
    assert asked(results, "impossible", "--out", str(out)) == 0
    content = json.loads(out.with_suffix(".json").read_text())
    table = pd.read_csv(out)
    assert [line["parameter"] for line in content["quantities"]] == list(table["parameter"])
    assert content["quantities"][0]["standard_deviation"] is None
    assert any(line.startswith("radius: ") for line in content["bones"])
    assert any("no minimum" in remark for remark in content["remarks"])


def test_consistent_bones_are_found_and_their_loss_told(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(results, "impossible", "--consistent") == 0
    printed = capsys.readouterr().out
    assert "bones: physically consistent" in printed
    assert "unexplained before: " in printed


def test_the_bootstrap_has_columns_where_the_recordings_decide(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = results / "sure.csv"
    assert asked(results, "good", "--bootstrap", "20", "--out", str(out)) == 0
    said = capsys.readouterr()
    assert "20 of 20 replicates" in said.err
    assert "note: 20 replicates with noise of " in said.out
    table = pd.read_csv(out)
    assert [name for name in table if name not in COLUMNS] == BOOTSTRAP
    known = np.isfinite(table["standard_deviation"])
    assert table.loc[known, BOOTSTRAP].notna().all(axis=None)
    assert table.loc[~known, BOOTSTRAP].isna().all(axis=None)


def test_runs_of_several_kinds_that_cannot_be_judged_are_errors(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for method, expected in {
        "failed": "ended without a result (failed: no luck): run it again with rerun-failed",
        "damaged": "None, no finite number, for c2",
        "partial": "nothing for ulna.mass",
        "goood": "unknown method of the stored runs 'goood': did you mean good?",
    }.items():
        assert asked(results, method) == 2
        assert expected in error(capsys)


def test_what_is_asked_for_wrongly_is_an_error(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(results, seed="4") == 2
    assert "there are those from 10 % seed 3" in error(capsys)
    assert asked(results, start="far") == 2
    assert "'far' is no start level" in error(capsys)
    assert asked(results, start="uniform") == 2
    assert f"no run of good on {PROBLEM} from uniform seed 3 in suite tiny" in error(capsys)
    assert asked(results / "nowhere") == 2
    assert "nowhere is no folder" in error(capsys)
    assert asked(results, "good", "--bootstrap", "19") == 2
    assert "19 replicates give no 95 % interval" in error(capsys)
    assert asked(results, "good", "--bootstrap", "20", "--jobs", "0") == 2
    assert "--jobs 0 runs nothing" in error(capsys)
    assert asked(results, "good", "--out", "table.txt") == 2
    assert "table.txt is no CSV file" in error(capsys)


def test_a_folder_without_runs_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(tmp_path) == 2
    assert "unknown suite of the stored runs 'tiny': there are: none" in error(capsys)
