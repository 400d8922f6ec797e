"""Efficiency: the errors of each method on noisy problems beside the Cramer-Rao bound."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.problem.problem_name import ProblemName
from benchmark.problem.start_level import start_level_text
from benchmark.report.figures.style import (
    FONT_SIZE,
    INK,
    START_COLOUR,
    WIDTH_IN,
    Array,
    Look,
    add_note,
    logarithmic,
    looks,
)
from benchmark.report.rows import ERROR_OVER_BOUND
from benchmark.report.suite import SuiteRuns

LINE_IN = 0.24
MOST_COLUMNS = 3
SMALLEST = 0.01  # a logarithmic axis has no zero
ROOM = 0.06  # of the logarithmic axis at either side of its points
NOTE = (
    "Root mean square error of the identifiable parameters over its Cramer-Rao bound. 1, the line, is what the best "
    "estimate has over many draws of the noise; a run's seed draws its noise and its start. Less arises by chance, "
    "from bounds of parameters, and from stopping early near starts that are drawn around the truth. Large: median, "
    f"hollow for controls; bar: quartiles; small: runs. Less than {SMALLEST:g} is drawn there."
)


def efficiency(suite: SuiteRuns) -> Figure:
    """Error over bound, a line a method and a panel a problem and start level; of the runs whose bound is known."""
    results = suite.results.dropna(subset=[ERROR_OVER_BOUND])
    results = results.assign(**{ERROR_OVER_BOUND: results[ERROR_OVER_BOUND].clip(lower=SMALLEST)})
    panels = [own for _, own in results.groupby(["problem", "start_level"], sort=True, observed=True)]
    methods = sorted(results["method"].unique())
    columns = min(len(panels), MOST_COLUMNS)
    rows = -(-len(panels) // columns)
    figure = Figure(figsize=(WIDTH_IN, (LINE_IN * len(methods) + 0.7) * rows + 0.8), layout="constrained")
    grid = figure.subplots(rows, columns, sharey=True, squeeze=False)
    look = looks(suite.methods)
    for axes, runs in zip(grid.flat, panels, strict=False):
        for position, method in enumerate(methods):
            found = runs.loc[runs["method"] == method, ERROR_OVER_BOUND].to_numpy(dtype=np.float64)
            _draw(axes, position, found, look[method], method in suite.controls)
        axes.axvline(1.0, color=INK, linewidth=1.0, zorder=1.0)
        axes.set(xlabel="Error over bound (1)")
        axes.set_title(_title(runs, several_levels=results["start_level"].nunique() > 1), fontsize=FONT_SIZE - 1.0)
        _scale(axes, runs[ERROR_OVER_BOUND].to_numpy(dtype=np.float64))
    for axes in grid.flat[len(panels) :]:
        axes.remove()
    grid[0, 0].set_yticks(range(len(methods)), methods)
    grid[0, 0].set_ylim(len(methods) - 0.5, -0.5)
    add_note(figure, f"{NOTE} {suite.note}.")
    return figure


def _draw(axes: Axes, position: int, found: Array, look: Look, is_control: bool) -> None:
    """Draw the runs of a method, with their quartiles and median."""
    if not len(found):
        return
    lower, median, upper = np.quantile(found, [0.25, 0.5, 0.75])
    axes.plot(found, np.full(len(found), position), ".", color=START_COLOUR, markersize=3.5, zorder=2.0)
    axes.plot([lower, upper], [position, position], color=look.colour, linewidth=3.0, zorder=2.2)
    face = "white" if is_control else look.colour
    axes.plot(median, position, look.marker, markersize=6.5, mfc=face, mec=INK, mew=0.8, zorder=2.4)


def _scale(axes: Axes, values: Array) -> None:
    """Scale the axis of errors to all runs and the bound."""
    low, high = min(values.min(), 1.0), max(values.max(), 1.0)
    beside = (high / low) ** ROOM
    axes.set_xlim(low / beside, high * beside)
    logarithmic(axes, "x")


def _title(runs: pd.DataFrame, several_levels: bool) -> str:
    """The problem without its noise, then that; and the start level if there are several."""
    problem, level = runs.iloc[0][["problem", "start_level"]]
    name = ProblemName.parse(problem)
    title = f"{name.without_imperfections}\nnoise {name.noise_rad_per_s2:g} rad/s²"
    return f"{title}, {start_level_text(level)} start" if several_levels else title
