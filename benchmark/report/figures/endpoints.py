"""Where the runs ended: the paper's Fig. 4, right, and the held-out movement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
Line = tuple[str, str]  # a setting and a method
START = Look(START_COLOUR, "-", "o")


def boxplots(suite: SuiteRuns) -> Figure:
    """Cr2 and Cr2m at the end of the runs, beside where they started."""
    groups = _groups(suite)
    lines = [line for setting in suite.settings for line in [(setting, ""), *_of_setting(groups, setting)]]
    figure, (left, right) = _side_by_side(len(lines))
    look = looks(suite.methods)
    for axes, column, label in ((left, "cr2", "Cr2 (%)"), (right, "cr2m", "Cr2m (%)")):
        ends = {line: group[column] for line, group in groups.items()}
        starts = {(setting, ""): _starts(suite, setting, f"{column}_start") for setting in suite.settings}
        values = ends | starts
        shown = [drawable(_numbers(values[line])) for line in lines]
        _boxes(axes, shown, [look.get(method, START) for _, method in lines])
        logarithmic(axes, "x")
        axes.set_xlabel(label)
    _name_lines((left, right), [(setting, method or "start") for setting, method in lines])
    add_note(
        figure, f"Box: quartiles and median, whiskers: 1.5 interquartile ranges, dots: runs. {FLOOR_NOTE} {suite.note}."
    )
    return figure


def heldout(suite: SuiteRuns) -> Figure:
    """Held-out torque of each method: RMSE and R2, median and quartiles."""
    groups = _groups(suite)
    figure, (left, right) = _side_by_side(len(groups))
    look = looks(suite.methods)
    series = [look[method] for _, method in groups]
    for axes, column, floor in ((left, "heldout_rmse_nm", SMALLEST_RMSE_NM), (right, "heldout_r2", LOWEST_R2)):
        _dots(axes, [np.maximum(_numbers(group[column]), floor) for group in groups.values()], series)
    logarithmic(left, "x")
    left.set_xlabel("Held-out torque RMSE (N m)")
    right.set_xlabel("Held-out torque R² (1)")
    _name_lines((left, right), list(groups))
    drawn = f"RMSE below {SMALLEST_RMSE_NM:g} N m and R² below {LOWEST_R2:g} are drawn there."
    add_note(figure, f"Large: median, bar: quartiles, small: runs. {drawn} {suite.note}.")
    return figure


def _groups(suite: SuiteRuns) -> dict[Line, pd.DataFrame]:
    """The results of each setting and method, in the order of their names."""
    return {
        (str(group["setting"].iloc[0]), str(group["method"].iloc[0])): group
        for _, group in suite.results.groupby(["setting", "method"])
    }


def _of_setting(groups: Iterable[Line], setting: str) -> list[Line]:
    return [line for line in groups if line[0] == setting]


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


def _boxes(axes: Axes, values: Sequence[Array], series: Sequence[Look]) -> None:
    """Draw a box a line, and the values in it; not by seaborn, which calls this in a way that matplotlib is to drop."""
    drawn = axes.boxplot(
        values,
        positions=range(len(values)),
        widths=0.6,
        orientation="horizontal",
        patch_artist=True,
        showfliers=False,
        manage_ticks=False,
        medianprops={"color": "black", "linewidth": 1.5},
    )
    for box, look in zip(drawn["boxes"], series, strict=True):
        box.set(facecolor=look.colour, alpha=0.45)
    _points(axes, values, 0.7)


def _dots(axes: Axes, values: Sequence[Array], series: Sequence[Look]) -> None:
    """Draw the values of each line, their quartiles and median."""
    _points(axes, values, 0.5)
    for position, (found, look) in enumerate(zip(values, series, strict=True)):
        if len(found):
            lower, median, upper = np.quantile(found, [0.25, 0.5, 0.75])
            axes.plot([lower, upper], [position, position], color=look.colour, linewidth=3)
            axes.plot(median, position, look.marker, color=look.colour, markersize=7, mec="black", mew=0.8)


def _points(axes: Axes, values: Sequence[Array], alpha: float) -> None:
    positions = np.repeat(np.arange(len(values)), [len(found) for found in values])
    axes.plot(np.concatenate(list(values)), positions, ".", color="black", markersize=3, alpha=alpha)
