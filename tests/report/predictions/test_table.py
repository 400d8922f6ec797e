"""The tables of predictions: what they show, and how they are called."""

from __future__ import annotations

import pytest

from benchmark.report.formats import records
from benchmark.report.predictions.table import predictions_tables

from .predicted import know, material, plain_row, predicting_row


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch)


def test_the_table_has_a_line_a_quantity_movement_method_and_source() -> None:
    rows = [predicting_row(seed=seed) for seed in range(2)]
    table, by_run = predictions_tables(material(*rows, plain_row()))
    names = ("Quantity", "Movement", "Method", "Source")
    shown = {tuple(line[name] for name in names): line for line in records(table.shown)}
    assert len(shown) == len(table.shown) == len(table.raw) == 2 * (4 + 2 + 2)
    angles = shown["joint angles", "held-out", "pinn", "network"]
    assert [angles[name] for name in ("Runs", "RMSE (deg)", "RMSE (N)", "R2 (1)", "Lowest R2 (1)")] == [
        *("2", "1", "-", "-3", "-20")
    ]
    given = shown["forces, deep muscles", "held-out", "gauss_newton", "model"]
    assert [given[name] for name in ("RMSE (deg)", "RMSE (N)", "R2 (1)", "Start level")] == ["-", "2", "0.98", "10 %"]
    assert ("forces, unseen muscles", "held-out", "gauss_newton", "model") not in shown
    assert len(by_run.raw) == 2 * 2 * (9 + 5) + 2 * 5


def test_the_tables_are_written_for_all_readers() -> None:
    table, by_run = predictions_tables(material(predicting_row(), plain_row()))
    assert {*table.files()} == {"predictions.csv", "predictions.md", "predictions.tex"}
    assert {*by_run.files()} == {"prediction-errors.csv"}
    markdown = table.markdown()
    assert all(words in markdown for words in ("`prediction-errors.csv`", "worse than that mean", "not unique in `m1`"))


def test_other_suites_say_whose_tables_they_are() -> None:
    tables = predictions_tables(material(predicting_row(suite="smoke")))
    assert [table.name for table in tables] == ["predictions-smoke", "prediction-errors-smoke"]
    assert "`prediction-errors-smoke.csv`" in tables[0].note


def test_a_suite_without_predictions_has_none() -> None:
    assert predictions_tables(material(plain_row())) == []
