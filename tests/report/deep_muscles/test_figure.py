"""The figure of imperfections: what it draws, and that no text covers another."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from benchmark.report.deep_muscles.comparison import comparison
from benchmark.report.deep_muscles.drawings import imperfection_drawings
from benchmark.report.deep_muscles.subject_runs import subject_runs
from benchmark.report.drawings import Drawing
from benchmark.report.figures import KINDS
from benchmark.report.figures.style import figure_style
from benchmark.report.formats import records

from ..drawn import faults
from .compared import FORMULATIONS, METHODS, SIZES, all_rows, failed, material, subject_row


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    return material(*all_rows(METHODS[:1])).runs


@pytest.fixture(scope="module")
def drawing(runs: pd.DataFrame) -> Drawing:
    (found,) = imperfection_drawings(runs)
    return found


@pytest.fixture(scope="module")
def figure(drawing: Drawing) -> Figure:
    with figure_style():
        return KINDS[drawing.kind](*drawing.arguments)


def test_texts_are_whole_and_apart(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> None:
    with figure_style():
        assert faults(figure, monkeypatch) == []


def test_there_is_a_row_an_imperfection_and_a_line_a_formulation(figure: Figure) -> None:
    assert len(figure.axes) == 3 * len(SIZES)
    assert [axes.get_xlabel() for axes in figure.axes[1::3]] == [
        *("EMG noise (1)", "EMG scaling (1)", "Motion noise (deg)", "Arm bias (1)", "Hand load (kg)")
    ]
    assert [axes.get_ylabel() for axes in figure.axes[:3]] == [
        "Cr2m (%)",
        "Held-out RMSE (N m)",
        "Deep force error (%)",
    ]
    for axes in figure.axes:
        assert len(axes.lines) == len(FORMULATIONS)
        assert axes.get_yscale() == "log"


def test_lines_are_means_and_bars_their_intervals(figure: Figure, runs: pd.DataFrame) -> None:
    lines = {(line["formulation"], line["imperfection"]): line for line in records(comparison(subject_runs(runs)))}
    cases = ("none", "motion_noise0.05", "motion_noise0.2")
    axes = figure.axes[3 * list(SIZES).index("motion_noise")]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "0.05", "0.2"]
    for formulation, line, bars in zip(FORMULATIONS, axes.lines, axes.collections, strict=True):
        own = [lines[formulation, case] for case in cases]
        np.testing.assert_allclose(np.asarray(line.get_ydata()), [each["cr2m_mean_percent"] for each in own])
        ends = [np.asarray(path.vertices)[:, 1] for path in bars.get_paths()]
        np.testing.assert_allclose([high for _, high in ends], [each["cr2m_mean_upper_percent"] for each in own])


def test_lines_differ_in_grey_too(figure: Figure) -> None:
    assert len({str(line.get_marker()) for line in figure.axes[0].lines}) == len(FORMULATIONS)


def test_bars_that_go_below_zero_end_at_the_edge() -> None:
    rows = [
        subject_row("m1", f"subject{number}", imperfection, cr2m)
        for imperfection in ("", "emg_noise0.1")
        for number, cr2m in enumerate((0.1, 0.1, 0.1, 0.1, 0.1, 9.0), start=1)
    ]
    (drawing,) = imperfection_drawings(material(*rows).runs)
    with figure_style():
        axes = KINDS[drawing.kind](*drawing.arguments).axes[0]
    lows = [np.asarray(path.vertices)[:, 1].min() for path in axes.collections[0].get_paths()]
    assert lows == pytest.approx([axes.get_ylim()[0]] * 2, rel=0.9)
    assert min(lows) > 0.0


def test_each_method_has_a_figure_and_what_has_no_imperfection_has_none() -> None:
    rows = [
        subject_row("m1", subject, "emg_noise0.1", method=method)
        for subject in ("subject1", "subject2")
        for method in METHODS
    ]
    assert [own.name for own in imperfection_drawings(material(*rows).runs)] == [
        f"imperfections-{name}" for name in METHODS
    ]
    assert [own.name for own in imperfection_drawings(material(*rows[::2]).runs)] == ["imperfections"]
    assert list(imperfection_drawings(material(subject_row(), subject_row("m2", "subject2")).runs)) == []
    assert list(imperfection_drawings(material(failed("m1", "subject1", "emg_noise0.1"), subject_row()).runs)) == []
