"""Where the runs ended: the paper's Fig. 4, right, the held-out movement, and accuracy against time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report.figures.style import (
    FLOOR_NOTE,
    START_COLOUR,
    WIDTH_IN,
    Array,
    Look,
    add_note,
    drawable,
    logarithmic,
    looks,
)
from benchmark.report.suite import SuiteRuns

LINE_IN = 0.27
SMALLEST_RMSE_NM = 1e-3  # no torque sensor tells less, and a logarithmic axis has no zero
LOWEST_R2 = -1.0  # worse predictions are drawn here, so that the good ones can be told apart
START = Look(START_COLOUR, "-", "o")


def boxplots(suite: SuiteRuns) -> Figure:
    """Cr2 and Cr2m at the end of the runs, beside where they started."""
    lines = [line for setting in suite.settings for line in [(setting, ""), *_pairs(suite, setting)]]
    figure, (left, right) = _side_by_side(len(lines))
    look = looks(suite.methods)
    for axes, column, label in ((left, "cr2", "Cr2 (%)"), (right, "cr2m", "Cr2m (%)")):
        for position, (setting, method) in enumerate(lines):
            values = _group(suite, setting, method)[column] if method else _starts(suite, setting, f"{column}_start")
            _box(axes, position, drawable(_numbers(values)), look.get(method, START))
        logarithmic(axes, "x")
        axes.set_xlabel(label)
    _name_lines((left, right), [(setting, method or "start") for setting, method in lines])
    add_note(
        figure, f"Box: quartiles and median, whiskers: 1.5 interquartile ranges, dots: runs. {FLOOR_NOTE} {suite.note}."
    )
    return figure


def heldout(suite: SuiteRuns) -> Figure:
    """Held-out torque of each method: RMSE and R2, median and quartiles."""
    lines = [pair for setting in suite.settings for pair in _pairs(suite, setting)]
    figure, (left, right) = _side_by_side(len(lines))
    look = looks(suite.methods)
    for position, (setting, method) in enumerate(lines):
        group = _group(suite, setting, method)
        _dots(left, position, np.maximum(_numbers(group["heldout_rmse_nm"]), SMALLEST_RMSE_NM), look[method])
        _dots(right, position, np.maximum(_numbers(group["heldout_r2"]), LOWEST_R2), look[method])
    logarithmic(left, "x")
    left.set_xlabel("Held-out torque RMSE (N m)")
    right.set_xlabel("Held-out torque R² (1)")
    _name_lines((left, right), lines)
    drawn = f"RMSE below {SMALLEST_RMSE_NM:g} N m and R² below {LOWEST_R2:g} are drawn there."
    add_note(figure, f"Large: median, bar: quartiles, small: runs. {drawn} {suite.note}.")
    return figure


def accuracy_against_time(suite: SuiteRuns) -> Figure:
    """Cr2m against solve time: a small marker a run, a large one at each method's medians."""
    columns = len(suite.settings)
    figure = Figure(figsize=(max(WIDTH_IN, 3.4 * columns), 4.0), layout="constrained")
    panels = figure.subplots(1, columns, sharex=True, sharey=True, squeeze=False)[0]
    for axes, setting in zip(panels, suite.settings, strict=True):
        for method, look in looks(suite.methods).items():
            group = _group(suite, setting, method)
            seconds, error = _numbers(group["solve_s"]), drawable(_numbers(group["cr2m"]))
            axes.scatter(seconds, error, s=14, color=look.colour, marker=look.marker, alpha=0.5, linewidths=0)
            if len(group):
                middle = (float(np.median(seconds)), float(np.median(error)))
                axes.plot(*middle, look.marker, color=look.colour, markersize=9, mec="black", mew=0.8, label=method)
        axes.set(title=setting, xlabel="Solve time (s)")
    panels[0].set_ylabel("Cr2m (%)")
    logarithmic(panels[0], "x")
    logarithmic(panels[0], "y")
    handles = {
        label: handle for axes in panels for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="outside upper center", ncols=min(4, len(handles)))
    add_note(figure, f"Small: runs, large: medians; lower left is better. {FLOOR_NOTE} {suite.note}.")
    return figure


def _pairs(suite: SuiteRuns, setting: str) -> Iterator[tuple[str, str]]:
    return ((setting, method) for method in suite.methods if len(_group(suite, setting, method)))


def _group(suite: SuiteRuns, setting: str, method: str) -> pd.DataFrame:
    return suite.results[(suite.results["setting"] == setting) & (suite.results["method"] == method)]


def _starts(suite: SuiteRuns, setting: str, column: str) -> pd.Series:
    """Each start once: methods share them, but a control that starts at the truth does not, and is nearer to it."""
    of_setting = suite.results[suite.results["setting"] == setting]
    return of_setting.groupby(["problem", "start_level", "seed"], observed=True)[column].max()


def _numbers(values: pd.Series) -> Array:
    return values.dropna().to_numpy(dtype=np.float64)


def _side_by_side(lines: int) -> tuple[Figure, tuple[Axes, Axes]]:
    figure = Figure(figsize=(WIDTH_IN, max(2.2, LINE_IN * lines + 1.0)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    return figure, (left, right)


def _name_lines(panels: Sequence[Axes], lines: Sequence[tuple[str, str]]) -> None:
    """Name each line by setting and method, and rule off the settings."""
    panels[0].set_yticks(range(len(lines)), [f"{setting}  {name}" for setting, name in lines])
    panels[0].set_ylim(len(lines) - 0.5, -0.5)
    for position, (above, below) in enumerate(pairwise(lines)):
        if above[0] != below[0]:
            for axes in panels:
                axes.axhline(position + 0.5, color="0.3", linewidth=0.8)


def _box(axes: Axes, position: int, values: Array, look: Look) -> None:
    axes.boxplot(
        [values],
        positions=[position],
        widths=0.6,
        orientation="horizontal",
        patch_artist=True,
        showfliers=False,
        manage_ticks=False,
        boxprops={"facecolor": look.colour, "alpha": 0.45},
        medianprops={"color": "black", "linewidth": 1.5},
    )
    axes.plot(values, np.full(len(values), position), ".", color="black", markersize=3, alpha=0.7)


def _dots(axes: Axes, position: int, values: Array, look: Look) -> None:
    if not len(values):
        return
    lower, median, upper = np.quantile(values, [0.25, 0.5, 0.75])
    axes.plot(values, np.full(len(values), position), ".", color="black", markersize=3, alpha=0.5)
    axes.plot([lower, upper], [position, position], color=look.colour, linewidth=3)
    axes.plot(median, position, look.marker, color=look.colour, markersize=7, mec="black", mew=0.8)
