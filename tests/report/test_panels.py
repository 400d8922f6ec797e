"""Panels and files of figures, against matplotlib's own axes and files."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from benchmark.report.figures.panels import PANEL_IN, Objects, PanelGrid, Scales
from benchmark.report.figures.style import PNG_DPI, Array, Look, figure_style, render

LOOK = Look("#0173b2", "-", "o")
SCALES = Scales((0.0, 10.0), (0.1, 1000.0))
NAMES: Objects = np.array([["a", ""], ["b", "c"]], dtype=object)


def drawn(median: list[float]) -> tuple[Figure, Array, Array]:
    """A figure with one panel, the points of its median's line, and of the marker at its end, in inches."""
    grid = PanelGrid(np.array([["a"]], dtype=object), SCALES)
    y = np.array(median)
    grid.draw_bands(np.linspace(0.0, 10.0, len(y)), {"a": np.array([0.5 * y, y, 2.0 * y])}, LOOK)
    line, end = (np.asarray(line.get_xydata(), dtype=np.float64) for line in grid.figure.axes[0].lines[-2:])
    return grid.figure, line[:-1], end


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.1), (2.5, 1.0), (10.0, 1000.0), (7.0, 33.0)])
def test_scales_are_those_of_matplotlib(x: float, y: float) -> None:
    axes = Figure().add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=SCALES.x, yscale="log", ylim=SCALES.y)
    expected = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))
    np.testing.assert_allclose([SCALES.right(np.array(x)), SCALES.up(np.array(y))], expected, atol=1e-12)


def test_ticks_are_within_the_scales() -> None:
    scales = Scales((0.0, 10.5), (0.07, 1400.0))
    assert scales.x_ticks.tolist() == [0.0, 4.0, 8.0]
    assert set(scales.y_ticks) <= {0.1, 1.0, 10.0, 100.0, 1000.0}
    assert len(scales.y_ticks) >= 3


def test_what_is_within_the_scales_is_drawn_where_it_belongs() -> None:
    _, line, end = drawn([1000.0, 10.0, 0.1])
    np.testing.assert_allclose(line - line[2], PANEL_IN * np.array([[-1.0, 1.0], [-0.5, 0.5], [0.0, 0.0]]), atol=1e-12)
    np.testing.assert_array_equal(end, line[2:])


def test_what_is_beyond_the_scales_is_not_drawn() -> None:
    """Lines go to the edge, but not along it; no point is outside."""
    _, line, end = drawn([10.0, 0.01, 0.001, 0.01, 10.0, 1e4, 1e4])
    bottom = line[0, 1] - 0.5 * PANEL_IN[1]
    heights = (line[:, 1] - bottom) / PANEL_IN[1]
    np.testing.assert_allclose(heights, [0.5, 0.0, np.nan, 0.0, 0.5, 1.0, np.nan], atol=1e-12)
    assert np.isnan(end).any()


def test_every_named_place_has_its_titles_and_only_outer_ones_tick_labels() -> None:
    grid = PanelGrid(NAMES, SCALES)
    labels = [text.get_text() for text in grid.figure.axes[0].texts]
    grid.title({"a": ("first", "$l_o$"), "b": ("second", ""), "c": ("third", "")})
    titles = [text.get_text() for text in grid.figure.axes[0].texts[len(labels) :]]
    assert titles == ["first", "$l_o$", "second", "third"]
    assert labels.count("100") == labels.count("8") == 2  # at the left of a and b, below b and c


def test_the_png_is_what_matplotlib_would_write() -> None:
    with figure_style():
        figure, *_ = drawn([100.0, 3.0, 20.0])
        expected = io.BytesIO()
        figure.savefig(expected, format="png", dpi=PNG_DPI)
        own = np.asarray(Image.open(io.BytesIO(render(figure)["png"])).convert("RGB")).astype(int)
    wanted = np.asarray(Image.open(expected).convert("RGB")).astype(int)
    assert own.shape == wanted.shape
    assert (own[(wanted == 255).all(axis=-1)] == 255).all()
    assert abs(own - wanted).mean() < 0.5
    assert abs(own - wanted).max() < 64
