"""A grid of many small panels with shared scales: linear to the right, logarithmic upwards.

All panels are drawn on one pair of axes, in inches: a hundred of matplotlib's own would take seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import rcParams
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from benchmark.report.figures.style import FONT_SIZE, POINT_IN, Array, Look, log_ticks, plain_number, series_style

Objects = NDArray[np.object_]
Limits = tuple[float, float]
Points = Sequence[tuple[float, float]]

PANEL_IN = (1.45, 0.8)
GAP_IN = (0.28, 0.35)  # titles go into the lower one
MARGIN_IN = {"left": 0.75, "right": 0.2, "top": 0.6, "bottom": 0.75}
TICK_IN = 2.0 * POINT_IN
LABEL_GAP_IN = 1.5 * POINT_IN
TITLE_GAP_IN = 2.5 * POINT_IN
LABEL_SIZE = FONT_SIZE - 2.5
TITLE_SIZE = FONT_SIZE - 1.0
LINE_WIDTH = 1.1
MOST_TICKS = (3, 5)


@dataclass(frozen=True)
class Scales:
    """What the panels' axes span: linear `x`, logarithmic `y`."""

    x: Limits
    y: Limits

    @property
    def x_ticks(self) -> Array:
        """Where the ticks are, within `x`."""
        return _within(MaxNLocator(MOST_TICKS[0]).tick_values(*self.x), self.x)

    @property
    def y_ticks(self) -> Array:
        """Where the ticks are, within `y`."""
        return _within(log_ticks(self.y, MOST_TICKS[1]).tick_values(*self.y), self.y)

    def right(self, x: Array) -> Array:
        """How far to the right `x` is, as a share of a panel."""
        return (x - self.x[0]) / (self.x[1] - self.x[0])

    def up(self, y: Array) -> Array:
        """How far up `y` is, as a share of a panel."""
        low, high = np.log(self.y)
        return np.asarray((np.log(y) - low) / (high - low))


class PanelGrid:
    """A figure with a panel for each place in a grid that has a name.

    Parameters
    ----------
    names
        What each panel shows, (rows, columns); empty where there is none.
    scales
        What all of them span.
    """

    def __init__(self, names: Objects, scales: Scales) -> None:
        self.names = names
        self.scales = scales
        size = (
            _length(names.shape[1], 0) + MARGIN_IN["left"] + MARGIN_IN["right"],
            _length(names.shape[0], 1) + MARGIN_IN["top"] + MARGIN_IN["bottom"],
        )
        self.figure = Figure(figsize=size)
        self._axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_axis_off()
        self._axes.set(xlim=(0.0, size[0]), ylim=(0.0, size[1]))
        self._places = {
            name: np.array(
                [
                    MARGIN_IN["left"] + column * (PANEL_IN[0] + GAP_IN[0]),
                    size[1] - MARGIN_IN["top"] - PANEL_IN[1] - row * (PANEL_IN[1] + GAP_IN[1]),
                ]
            )
            for (row, column), name in np.ndenumerate(names)
            if name
        }
        self._frame()
        self._label_ticks()

    def title(self, titles: Mapping[str, tuple[str, str]]) -> None:
        """Write above each panel what it shows: at its left, and at its right."""
        above = np.array([0.0, PANEL_IN[1] + TITLE_GAP_IN])
        for name, place in self._places.items():
            left, right = titles[name]
            self._write(place + above, left, TITLE_SIZE, "left", "baseline")
            self._write(place + above + (PANEL_IN[0], 0.0), right, TITLE_SIZE, "right", "baseline")

    def draw_bands(self, x: Array, bands: Mapping[str, Array], look: Look) -> None:
        """Draw a median line and the band between the quartiles into each panel.

        Parameters
        ----------
        x
            (g,).
        bands
            Lower quartile, median and upper quartile, (3, g), by panel.
        look
            How they are drawn.
        """
        limited = {name: np.clip(band, *self.scales.y) for name, band in bands.items()}
        areas = [
            np.concatenate([self._at(name, x, lower), self._at(name, x, upper)[::-1]])
            for name, (lower, _, upper) in limited.items()
        ]
        lines = [
            self._at(name, x, np.where(self._hidden(band[1]), np.nan, limited[name][1])) for name, band in bands.items()
        ]
        ends = np.array([line[-1] for line in lines])
        line = _apart(lines)
        self._axes.add_collection(
            PolyCollection(areas, facecolors=look.colour, alpha=0.2, linewidths=0.0), autolim=False
        )
        style = series_style(look, LINE_WIDTH)
        self._axes.add_line(Line2D(line[:, 0], line[:, 1], **style | {"marker": "none"}))
        self._axes.add_line(Line2D(ends[:, 0], ends[:, 1], **style | {"linestyle": "none"}))

    def legend(self, looks: Mapping[str, Look]) -> None:
        """Say at the upper right what is drawn how."""
        handles = [Line2D([], [], **series_style(look, LINE_WIDTH)) for look in looks.values()]
        self.figure.legend(handles, list(looks), loc="upper right", ncols=len(looks), handlelength=3.5)

    def _hidden(self, y: Array) -> NDArray[np.bool_]:
        """Which points, (g,), are out of sight with their neighbours, so that no line from them is in sight."""
        low, high = self.scales.y
        return _with_neighbours(y < low) | _with_neighbours(y > high)

    def _at(self, name: str, x: Array, y: Array) -> Array:
        """Where points of a panel, (g,), are on the figure, in inches: (g, 2)."""
        return np.asarray(self._places[name] + np.stack([self.scales.right(x), self.scales.up(y)], axis=-1) * PANEL_IN)

    def _frame(self) -> None:
        """Draw the panels' frames, grids and ticks."""
        width, height = PANEL_IN
        across = [[(0.0, y), (width, y)] for y in height * self.scales.up(self.scales.y_ticks)]
        upwards = [[(x, 0.0), (x, height)] for x in width * self.scales.right(self.scales.x_ticks)]
        left = [[(-TICK_IN, y), (0.0, y)] for ((_, y), _) in across]
        below = [[(x, -TICK_IN), (x, 0.0)] for ((x, _), _) in upwards]
        sides = [[(0.0, 0.0), (width, 0.0), (width, height), (0.0, height), (0.0, 0.0)]]
        grid = {"color": rcParams["grid.color"], "linewidth": rcParams["grid.linewidth"]}
        self._draw_everywhere([*across, *upwards], 0.5, **grid)
        frame = {"color": rcParams["axes.edgecolor"], "linewidth": rcParams["axes.linewidth"]}
        self._draw_everywhere([*left, *below, *sides], 2.5, **frame)

    def _draw_everywhere(self, lines: Sequence[Points], order: float, **look: Any) -> None:
        """Draw the same lines into all panels; `order` says what covers what."""
        line = _apart([place + np.array(points) for place in self._places.values() for points in lines])
        self._axes.add_line(Line2D(line[:, 0], line[:, 1], solid_capstyle="projecting", zorder=order, **look))

    def _label_ticks(self) -> None:
        """Label the ticks of panels that have no neighbour at the left, or below."""
        rows, away = len(self.names), TICK_IN + LABEL_GAP_IN
        for (row, column), name in np.ndenumerate(self.names):
            if name and not (column and self.names[row, column - 1]):
                for value, up in zip(self.scales.y_ticks, self.scales.up(self.scales.y_ticks), strict=True):
                    at = self._places[name] + (-away, up * PANEL_IN[1])
                    self._write(at, plain_number(value), LABEL_SIZE, "right", "center_baseline")
            if name and not (row + 1 < rows and self.names[row + 1, column]):
                for value, right in zip(self.scales.x_ticks, self.scales.right(self.scales.x_ticks), strict=True):
                    at = self._places[name] + (right * PANEL_IN[0], -away)
                    self._write(at, f"{value:g}", LABEL_SIZE, "center", "top")

    def _write(self, at: Array, text: str, size: float, horizontal: str, vertical: str) -> None:
        if text:
            self._axes.text(at[0], at[1], text, fontsize=size, ha=horizontal, va=vertical)


def _length(count: int, axis: int) -> float:
    """Inches that `count` panels take."""
    return count * PANEL_IN[axis] + (count - 1) * GAP_IN[axis]


def _apart(lines: Sequence[Array]) -> Array:
    """Lines, (k, 2) each, as one with gaps between them: one is drawn much faster than many."""
    gap = np.full((1, 2), np.nan)
    return np.concatenate([part for line in lines for part in (line, gap)])


def _with_neighbours(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where a flag and those beside it are set."""
    padded = np.pad(flags, 1, mode="edge")
    return np.asarray(padded[:-2] & flags & padded[2:])


def _within(values: Sequence[float], limits: Limits) -> Array:
    return np.array([value for value in values if limits[0] <= value <= limits[1]])
