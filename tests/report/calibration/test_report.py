"""A report of calibrations alone: what is made, what is left out, and that nothing stumbles over what they lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmark.report.calibration.times import REFERENCE
from benchmark.report.compare import comparison_tables, comparison_text
from benchmark.report.material import Material
from benchmark.report.report import write_report
from benchmark.report.stored import stored_runs
from benchmark.report.suite_drawings import suite_drawings
from benchmark.report.terminal import summary_text

from .tracking import BUDGET_S, PROBLEM, SUITE, store, tracking_row

CEINMS = "simulated_annealing+ceinms_rt"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs of two methods, and one whose muscles left their range."""
    folder = tmp_path_factory.mktemp("results")
    for seed in range(3):
        store(
            folder,
            tracking_row(REFERENCE, seed, identified={"PECM1.optimal_fibre_length": 0.1}, left_range=["PECM1"]),
            tracking_row(CEINMS, seed, loss=5.0, seconds=BUDGET_S, status="budget", counts={"incremental": 100}),
        )
    return folder


def test_a_report_has_the_tables_of_calibration_and_none_of_targets(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmark.report.report.suite_drawings", lambda material, suite: [])  # see below
    write_report(results, out=tmp_path, processes=1)
    assert {path.stem for path in (tmp_path / "tables").iterdir()} == {
        *("calibration", "moment-tracking", f"summary-{SUITE}", f"provenance-{SUITE}", "runs")
    }
    page = (tmp_path / "report.html").read_text()
    assert "What the time to it depends on" in page
    assert f"method-{CEINMS}" in page


def test_figures_are_those_that_have_something_to_show(results: Path) -> None:
    material = Material(results)
    drawn = {drawing.kind for drawing in suite_drawings(material, material.suites[0])}
    assert drawn == {"convergence", "accuracy-against-time", "boxplots", "heldout", "parameter-errors", "parameters"}


def test_commands_cope(results: Path) -> None:
    rows = Material(results).rows
    assert PROBLEM in summary_text(rows, SUITE)
    assert CEINMS in stored_runs(rows)
    methods, _, origin = comparison_tables(Material(results), Material(results))
    assert CEINMS in comparison_text(methods, origin)
