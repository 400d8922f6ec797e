"""The paper's Fig. 4, left: Cr1 over cost, median and quartiles over starts and recordings."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.report.figures.style import (
    BAND_NOTE,
    WIDTH_IN,
    Look,
    add_note,
    draw_band,
    drawable,
    legend_above,
    logarithmic,
    looks,
)
from benchmark.report.suite import SuiteRuns
from benchmark.report.traces import linear_grid, logarithmic_grid, quartile_band

COSTS = {"evaluations": "Evaluations (1)", "seconds": "Solve time (s)"}


def convergence(suite: SuiteRuns) -> Figure:
    """Cr1 over evaluations; over seconds too, with a row a setting, for a suite of several methods.

    Evaluations of different methods cost differently; seconds do not.
    """
    figure = _over_epochs(suite) if len(suite.methods) == 1 else _methods_apart(suite)
    add_note(figure, f"{BAND_NOTE} {suite.traced_note}.")
    return figure


def _over_epochs(suite: SuiteRuns) -> Figure:
    """One method: a line a setting."""
    figure = Figure(figsize=(WIDTH_IN, 3.6), layout="constrained")
    axes = figure.subplots()
    runs = [run.trace for run in suite.traced]
    grid = linear_grid([trace.evaluations for trace in runs])
    for setting, look in looks(suite.settings).items():
        traces = suite.of(setting, suite.methods[0])
        if traces:
            band = quartile_band([trace.evaluations for trace in traces], [trace.cr1 for trace in traces], grid)
            draw_band(axes, grid, drawable(band), look, setting)
    axes.set(
        xlabel="Evaluations (epochs)", ylabel="Cr1 (%)", xlim=(0.0, 1.02 * max(grid[-1], 1.0)), title=suite.methods[0]
    )
    logarithmic(axes, "y")
    switches = [trace.evaluations[trace.stage > 0][0] for trace in runs if (trace.stage > 0).any()]
    if switches:
        axes.axvline(float(np.median(switches)), color="0.3", linestyle=":", label="tendon stage begins")
    axes.legend()
    return figure


def _methods_apart(suite: SuiteRuns) -> Figure:
    """Several methods: a row a setting, a line a method, over evaluations and over seconds."""
    rows, look = len(suite.settings), looks(suite.methods)
    figure = Figure(figsize=(WIDTH_IN, 2.4 * rows + 1.4), layout="constrained")
    grid = figure.subplots(rows, 2, sharey=True, sharex="col", squeeze=False)
    for panels, setting in zip(grid, suite.settings, strict=True):
        for axes, (cost, label) in zip(panels, COSTS.items(), strict=True):
            _draw_methods(axes, suite, setting, cost, look)
            axes.set(xlabel=label, title=setting)
            axes.tick_params(labelbottom=True)
        panels[0].set_ylabel("Cr1 (%)")
    for axes in grid[0]:
        logarithmic(axes, "x")
    logarithmic(grid[0, 0], "y")
    legend_above(figure, look)
    return figure


def _draw_methods(axes: Axes, suite: SuiteRuns, setting: str, cost: str, look: dict[str, Look]) -> None:
    for method in suite.methods:
        traces = suite.of(setting, method)
        if traces:
            costs = [getattr(trace, cost) for trace in traces]
            grid = logarithmic_grid(costs)
            band = quartile_band(costs, [trace.cr1 for trace in traces], grid)
            draw_band(axes, grid, drawable(band), look[method], method)
