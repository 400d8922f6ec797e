"""The waterfall of a multi-start: how low the runs ended, from best to worst."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from benchmark.problem.start_level import start_level_text
from benchmark.report.endings import OBJECTIVE
from benchmark.report.figures.style import (
    FONT_SIZE,
    INK,
    LINE_WIDTH,
    Look,
    add_note,
    legend_above,
    logarithmic,
    looks,
    panel_grid,
    series_style,
)
from benchmark.report.suite import SuiteRuns

PANEL_HEIGHT_IN = 2.6
MOST_COLUMNS = 2
NOTE = (
    "The runs of each method in the order of where they ended. Those without a result are missing at the right. "
    "Dotted: the target; runs at or below it ended in the best minimum known. Methods whose lines cover each other "
    "ended alike."
)


def waterfall(suite: SuiteRuns) -> Figure:
    """Final objective of each run, sorted, a line a method and a panel a problem and start level."""
    groups = suite.results.dropna(subset=[OBJECTIVE]).groupby(["problem", "start_level"], sort=True, observed=True)
    figure, panels = panel_grid(len(groups), min(len(groups), MOST_COLUMNS), PANEL_HEIGHT_IN)
    look = looks(suite.methods)
    for axes, (_, runs) in zip(panels, groups, strict=True):
        problem, level = runs.iloc[0][["problem", "start_level"]]
        _draw(axes, runs, look)
        axes.set(title=f"{problem}, {start_level_text(level)} start", xlabel="Run, from best to worst (1)")
        if problem in suite.targets:
            _mark_target(axes, suite.targets[problem].target_rad2_per_s4)
        logarithmic(axes, "y")
    for axes in panels[::MOST_COLUMNS]:
        axes.set_ylabel("Objective (rad²/s⁴)")
    legend_above(figure, look)
    add_note(figure, f"{NOTE} {suite.note}.")
    return figure


def _draw(axes: Axes, runs: pd.DataFrame, look: dict[str, Look]) -> None:
    most = 1
    for method, group in runs.groupby("method"):
        ends = np.sort(group[OBJECTIVE].to_numpy(dtype=np.float64))
        most = max(most, len(ends))
        style = series_style(look[str(method)], LINE_WIDTH) | {"markerfacecolor": "none"}
        axes.plot(np.arange(1, len(ends) + 1), ends, **style)
    axes.set_xlim(0.5, most + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def _mark_target(axes: Axes, target: float) -> None:
    axes.axhline(target, color=INK, linestyle=":", linewidth=1.0)
    axes.text(1.01, target, "target", fontsize=FONT_SIZE - 2.0, va="center", transform=axes.get_yaxis_transform())
