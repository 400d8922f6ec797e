"""The figure of predictions: what it draws, and that no text covers another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report.drawings import Drawing
from benchmark.report.figures import KINDS
from benchmark.report.figures.style import figure_style
from benchmark.report.predictions.drawings import prediction_drawings

from ..drawn import drawn_texts, faults
from .predicted import COORDINATES, DEEP, SEEN, UNSEEN, angles, forces, know, material, plain_row, predicting_row

PRESETS = ("pinn", "pinn+angles_only", "pinn+fixed_parameters", "pinn+regression", "pinn+warm_started")


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch)


def drawings(*rows: dict[str, Any]) -> list[Drawing]:
    return list(prediction_drawings(material(*rows), ()))


def drawn(*rows: dict[str, Any]) -> Figure:
    (drawing,) = drawings(*rows)
    with figure_style():
        return KINDS[drawing.kind](*drawing.arguments)


def marks(axes: Axes) -> dict[str, list[tuple[np.ndarray, np.ndarray]]]:
    """R2 and height of all marks by marker: those of the runs, then those of the medians."""
    found: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for line in axes.lines:
        if line.get_marker() != "None":
            found.setdefault(str(line.get_marker()), []).append(
                (np.asarray(line.get_xdata()), np.asarray(line.get_ydata()))
            )
    return found


def test_runs_are_drawn_with_their_median_and_low_ones_at_the_floor() -> None:
    runs = [angles([0.9, r2, -5.0]) | forces(0.5, 0.4, 0.3) for r2 in (0.2, -7.0, 0.1)]
    figure = drawn(*(predicting_row(seed=seed, held_out=own) for seed, own in enumerate(runs)), plain_row(r2=0.6))
    own = marks(figure.axes[1])["o"]
    np.testing.assert_array_equal(own[0][0], [0.9, 0.2, -1.0, 0.9, -1.0, -1.0, 0.9, 0.1, -1.0])
    by_height = dict(zip(np.round(own[1][1]).tolist(), own[1][0].tolist(), strict=True))
    assert by_height == {0.0: 0.9, 1.0: 0.1, 2.0: -1.0}  # of the three runs, not of what is drawn of them
    assert figure.axes[-1].get_xticklabels()[0].get_text() == "≤ -1"
    best = marks(figure.axes[3])["X"]
    np.testing.assert_allclose(best[1][0], [0.59] * len(SEEN))
    assert not len(marks(figure.axes[1])["X"][0][0])


def test_there_is_a_row_a_quantity_and_a_column_a_movement(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [predicting_row(name, seed) for name in PRESETS for seed in range(2)]
    figure = drawn(*rows, plain_row("variable_projection"))
    with figure_style():
        assert faults(figure, monkeypatch) == []
        texts = [text for text, _ in drawn_texts(figure, monkeypatch)]
    assert len(figure.axes) == 8
    assert {*texts} > {*COORDINATES, *SEEN, *UNSEEN, *DEEP, *PRESETS, "Training movements", "Held-out movement"}
    assert "parameters of variable_projection" in texts
    assert len(marks(figure.axes[2])) == len(PRESETS) + 1  # told apart in grey
    colours = {line.get_color() for line in figure.axes[2].lines if line.get_marker() != "None"}
    assert len(colours) == len(PRESETS) + 1


def test_what_is_not_predicted_has_no_panel() -> None:
    figure = drawn(predicting_row("pinn+regression", training=angles([0.9] * 3), held_out=angles([0.1] * 3)))
    assert len(figure.axes) == 2
    assert len(figure.legends[0].get_texts()) == 1


def test_names_tell_figures_apart() -> None:
    def names(*rows: dict[str, Any]) -> list[str]:
        return [drawing.name for drawing in drawings(*rows)]

    assert names(predicting_row(), plain_row()) == ["predictions"]
    assert names(predicting_row(), predicting_row(start_level=0.2)) == ["predictions-10", "predictions-20"]
    assert names(predicting_row(suite="smoke")) == ["predictions-m1-ab-published"]
    assert names(predicting_row(), predicting_row(problem="m2-ab-published")) == [
        *("predictions-m1-ab-published", "predictions-m2-ab-published")
    ]
    assert names(plain_row()) == []
