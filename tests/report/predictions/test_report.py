"""A report of runs that predict: what it has more than others, and where that stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmark.report.material import Material
from benchmark.report.page.suite_section import ANSWERING
from benchmark.report.report import write_report
from benchmark.report.suite_drawings import suite_drawings

from .predicted import know, plain_row, predicting_row, store

OTHER = "paper"


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two runs that predict and two that do not; a suite without any that does."""
    know(monkeypatch)
    for seed in range(2):
        store(tmp_path, predicting_row(seed=seed), plain_row(seed=seed), plain_row(seed=seed, suite=OTHER))
    return tmp_path


def test_the_page_says_first_what_predictions_come_to(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmark.report.report.suite_drawings", lambda material, suite: [])  # see below
    write_report(results, out=tmp_path / "out", processes=1)
    tables = {path.name for path in (tmp_path / "out" / "tables").iterdir()}
    assert {name for name in tables if name.startswith("prediction")} == {
        *("predictions.csv", "predictions.md", "predictions.tex", "prediction-errors.csv")
    }
    page = (tmp_path / "out" / "report.html").read_text()
    said = "no network predicted every angle better than its mean"
    assert page.count(said) == 1
    assert page.index(said) < page.index("Predicted angles and forces, suite")
    assert 'href="tables/prediction-errors.csv"' in page


def test_only_suites_that_predict_have_the_figure(results: Path) -> None:
    material = Material(results)
    drawn = {suite.name: {own.kind for own in suite_drawings(material, suite)} for suite in material.suites}
    assert "predictions" in drawn["network"]
    assert "predictions" not in drawn[OTHER]
    assert drawn["network"] > {"accuracy-against-time", "boxplots", "convergence"}
    assert "predictions" in ANSWERING
