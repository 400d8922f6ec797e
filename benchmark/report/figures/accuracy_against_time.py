"""Accuracy against time: the picture that answers which method to use."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report.figures.labels import label_points
from benchmark.report.figures.style import (
    FLOOR_NOTE,
    FONT_SIZE,
    INK,
    START_COLOUR,
    WIDTH_IN,
    Array,
    Look,
    add_note,
    drawable,
    logarithmic,
    looks,
    settle,
)
from benchmark.report.suite import SuiteRuns

PANEL_HEIGHT_IN = 3.3
MOST_IN_ONE_COLUMN = 2
MEASURES = ["solve_s", "cr2m"]
ROOM, ROOM_RIGHT = 3.0, 9.0  # for names, as factors of the extremes
TARGET_PERCENT = 1.0
SMALLEST_S = 1e-4  # a logarithmic axis has no zero, and clocks tell little less
NOTE = (
    "Large: median seconds to the end of a run and median error there, bars: quartiles, small: runs; lower left is "
    "better. In brackets: runs that ended in the best minimum known. Hollow: controls. Grey steps, if any: "
    "no other method is both faster and more accurate."
)
BAR_DOTS = 9  # as many dots a bar is for the placing of names
Quartiles = dict[str, Array]  # lower quartile, median and upper quartile of time and error, (3, 2), by method


def accuracy_against_time(suite: SuiteRuns) -> Figure:
    """Error of the muscle parameters against solve time, a panel a setting, with each method's name at its medians."""
    columns = 1 if len(suite.settings) <= MOST_IN_ONE_COLUMN else 2
    rows = math.ceil(len(suite.settings) / columns)
    width = WIDTH_IN if columns == 1 else 1.5 * WIDTH_IN
    figure = Figure(figsize=(width, PANEL_HEIGHT_IN * rows + 0.6), layout="constrained")
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    panels = dict(zip(suite.settings, grid.T.flat, strict=False))
    runs = {setting: _runs(suite, setting) for setting in suite.settings}
    quartiles = {setting: _draw(axes, runs[setting], suite) for setting, axes in panels.items()}
    _scale(grid[0, 0], pd.concat(runs.values()))
    for axes in grid.T.flat[len(panels) :]:
        axes.remove()
    for setting, axes in panels.items():
        axes.set(title=setting, xlabel="Solve time (s)", ylabel="Cr2m (%)")
        axes.tick_params(labelbottom=True)  # also where there is no panel below
        _mark_levels(axes, runs[setting])
    add_note(figure, f"{NOTE} {FLOOR_NOTE} {suite.note}.")
    settle(figure)
    for setting, axes in panels.items():
        names = {_name(suite, setting, method): own[1] for method, own in quartiles[setting].items()}
        bars = [np.geomspace(bar[0], bar[1], BAR_DOTS) for own in quartiles[setting].values() for bar in _bars(own)]
        label_points(figure, axes, names, np.concatenate([runs[setting][MEASURES].to_numpy(), *bars]))
    return figure


def pareto_front(points: Array) -> Array:
    """Corners of the staircase on and above which all points lie, (k, 2), from points, (n, 2): less is better."""
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))]
    lowest_before = np.minimum.accumulate(np.r_[np.inf, ordered[:-1, 1]])
    best = ordered[ordered[:, 1] < lowest_before]
    return np.stack([np.repeat(best[:, 0], 2)[1:], np.repeat(best[:, 1], 2)[:-1]], axis=-1)


def _runs(suite: SuiteRuns, setting: str) -> pd.DataFrame:
    """Runs of a setting whose time and error are known, as a logarithmic axis can show them."""
    runs = suite.results[suite.results["setting"] == setting].dropna(subset=MEASURES)
    return runs.assign(cr2m=drawable(runs["cr2m"].to_numpy()), solve_s=runs["solve_s"].clip(lower=SMALLEST_S))


def _draw(axes: Axes, runs: pd.DataFrame, suite: SuiteRuns) -> Quartiles:
    """Draw a panel, and return where each method's quartiles are."""
    quartiles: Quartiles = {}
    for method, look in looks(suite.methods).items():
        found = runs.loc[runs["method"] == method, MEASURES].to_numpy()
        if len(found):
            axes.plot(*found.T, look.marker, color=look.colour, markersize=3.5, alpha=0.5, mew=0.0, zorder=2.2)
            quartiles[method] = np.quantile(found, [0.25, 0.5, 0.75], axis=0)
            _draw_middle(axes, quartiles[method], look, method in suite.controls)
    front = [own[1] for method, own in quartiles.items() if method not in suite.controls]
    if len(front) > 1:
        axes.plot(*pareto_front(np.array(front)).T, color="0.75", linewidth=3.0, solid_joinstyle="miter", zorder=1.5)
    return quartiles


def _draw_middle(axes: Axes, quartiles: Array, look: Look, is_control: bool) -> None:
    """Draw median and quartiles."""
    for bar in _bars(quartiles):
        axes.plot(*bar.T, color=look.colour, linewidth=1.5, zorder=2.4)
    face = "white" if is_control else look.colour
    axes.plot(*quartiles[1], look.marker, markersize=7.5, mfc=face, mec=INK, mew=0.8, zorder=3.0)


def _bars(quartiles: Array) -> tuple[Array, Array]:
    """The bars between the quartiles of time, and of error, from where to where each: (2, 2)."""
    lower, middle, upper = quartiles
    across = np.array([[lower[0], middle[1]], [upper[0], middle[1]]])
    upwards = np.array([[middle[0], lower[1]], [middle[0], upper[1]]])
    return across, upwards


def _scale(axes: Axes, runs: pd.DataFrame) -> None:
    """Scale the axes, which all panels share, to all runs and the levels, with room for names."""
    seconds, starts = runs["solve_s"], runs["cr2m_start"].dropna()
    errors = np.r_[runs["cr2m"], starts.groupby(runs["setting"]).median(), TARGET_PERCENT]
    axes.set(xlim=(seconds.min() / ROOM, seconds.max() * ROOM_RIGHT), ylim=(errors.min() / ROOM, errors.max() * ROOM))
    logarithmic(axes, "x")
    logarithmic(axes, "y")


def _mark_levels(axes: Axes, runs: pd.DataFrame) -> None:
    """Mark the error of the starts, and that which counts as accurate."""
    levels = {f"target {TARGET_PERCENT:g} %": TARGET_PERCENT}
    if runs["cr2m_start"].notna().any():
        levels["start"] = float(runs["cr2m_start"].median())
    for name, level in levels.items():
        axes.axhline(level, color=START_COLOUR, linestyle=":", linewidth=1.0, zorder=1.0)
        beside = axes.get_yaxis_transform()
        axes.text(1.01, level, name, fontsize=FONT_SIZE - 2.0, va="center", transform=beside)


def _name(suite: SuiteRuns, setting: str, method: str) -> str:
    """A method's name, with its runs that ended in the best minimum known, where one is known."""
    reached, known = suite.reached.loc[(setting, method), ["reached", "known"]]
    return f"{method} ({reached}/{known})" if known else method
