"""Medians over runs, worked by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from benchmark.analysis.predictions import HELD_OUT, TRAINING
from benchmark.report.formats import records
from benchmark.report.predictions.over_runs import over_runs
from benchmark.report.predictions.run_errors import ANGLES, MODEL, NETWORK, SEEN, run_errors

from .predicted import angles, know, predicting_row


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch)


def lines(medians: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The lines of one method by quantity, movement and source."""
    return {(line["quantity"], line["movement"], line["source"]): line for line in records(medians)}


def test_runs_are_summed_up_first_and_then_their_median_is_taken() -> None:
    """Root mean squares 3, 2 and 6 degrees; medians 0.5, 0.7 and 0.2, lowest -3, 0.6 and 0.1."""
    runs = [
        angles([0.9, 0.5, -3.0], [3.0, 3.0, 3.0]),
        angles([0.8, 0.7, 0.6], [2.0, 2.0, 2.0]),
        angles([0.1, 0.2, 0.3], [0.0, 0.0, 6.0 * 3.0**0.5]),
    ]
    found = over_runs(run_errors([predicting_row(seed=seed, training=own) for seed, own in enumerate(runs)]))
    line = lines(found)[ANGLES, TRAINING, NETWORK]
    assert line["runs"] == 3
    assert line["rmse_median_deg"] == pytest.approx(3.0)
    assert (line["r2_median_1"], line["lowest_r2_median_1"]) == (0.5, 0.1)


def test_runs_that_do_not_predict_a_quantity_are_not_in_its_median() -> None:
    rows = [predicting_row(seed=0), predicting_row(seed=1, training=angles([0.1] * 3), held_out=angles([0.1] * 3))]
    found = lines(over_runs(run_errors(rows)))
    assert found[SEEN, HELD_OUT, NETWORK]["runs"] == 1
    assert found[SEEN, HELD_OUT, NETWORK]["rmse_median_n"] == 1.0
    assert found[ANGLES, HELD_OUT, NETWORK]["runs"] == 2
    assert found[SEEN, HELD_OUT, MODEL]["runs"] == 2


def test_quantities_movements_and_sources_keep_their_order() -> None:
    found = over_runs(run_errors([predicting_row()]))
    assert [*found["quantity"].unique()] == [ANGLES, SEEN, "unseen_forces", "deep_forces"]
    assert [*found["movement"].unique()] == [TRAINING, HELD_OUT]
    assert [*found.loc[found["quantity"] == SEEN, "source"]] == [NETWORK, MODEL] * 2
