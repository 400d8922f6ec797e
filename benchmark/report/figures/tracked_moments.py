"""Measured against predicted moments on trials that no model was calibrated on, as in the paper's Fig. 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmark.analysis.tracked_moments import TrackedMoments, moment_fit
from benchmark.problem.trial import TRACKED_COORDINATES
from benchmark.report.calibration.heldout import TrackedExamples
from benchmark.report.figures.style import COLOURS, FONT_SIZE, WIDTH_IN, add_note

ROW_IN, BESIDE_IN = 2.0, 1.5
NAMES: Mapping[str, str] = {
    "shoulder_elv": "Shoulder elevation",
    "shoulder_rot": "Shoulder rotation",
    "elbow_flexion": "Elbow flexion",
}
SMALL = FONT_SIZE - 2.5
LOW_R2 = -9.0  # below, decimals tell nothing
ROOM = 0.34  # of a panel's height, above the lines, for R2
MEASURED: Mapping[str, Any] = {"color": "black", "linewidth": 2.2}
UNCALIBRATED: Mapping[str, Any] = {"color": "0.45", "linewidth": 1.2, "linestyle": (0, (1, 1.2))}
RUNS: Sequence[Mapping[str, Any]] = (
    {"color": COLOURS[1], "linewidth": 1.2},
    {"color": COLOURS[0], "linewidth": 1.2, "linestyle": (0, (5, 1.5))},
    {"color": COLOURS[2], "linewidth": 1.2, "linestyle": (0, (6, 1.5, 1.5, 1.5))},
)
NOTE = (
    "Moments of all muscles about the tracked coordinates on held-out trials: measured, that is by inverse dynamics, "
    "and predicted from EMG. Of each method, the run with the median RMSE over all of them. In the panels: R² of each "
    "line."
)


def tracked_moments(examples: TrackedExamples) -> Figure:
    """Moments over time: a row a held-out trial, a column a tracked coordinate."""
    models = (examples.uncalibrated, *examples.runs)
    styles = (UNCALIBRATED, *RUNS[: len(examples.runs)])
    trials = list(zip(*(model.trials for model in models), strict=True))
    figure = Figure(figsize=(WIDTH_IN, ROW_IN * len(trials) + BESIDE_IN), layout="constrained")
    grid = figure.subplots(len(trials), len(TRACKED_COORDINATES), sharex="row", squeeze=False)
    for panels, own in zip(grid, trials, strict=True):
        for axes, coordinate in zip(panels, TRACKED_COORDINATES, strict=True):
            _draw(axes, own, coordinate, styles)
        panels[0].set_ylabel(f"Trial {own[0].trial.partition('-')[0]}\nMoment (N m)")
    for axes, coordinate in zip(grid[0], TRACKED_COORDINATES, strict=True):
        axes.set_title(f"{NAMES[coordinate]}\n({coordinate})")
    for axes in grid[-1]:
        axes.set_xlabel("Time (s)")
    handles = [Line2D([], [], **style) for style in (MEASURED, *styles)]
    labels = ["measured", *(model.label for model in models)]
    figure.legend(handles, labels, loc="outside upper left", ncols=2, fontsize=FONT_SIZE - 1.0, handlelength=3.0)
    figure.align_ylabels()
    add_note(figure, f"{NOTE} {examples.problem}.")
    return figure


def _draw(axes: Axes, models: Sequence[TrackedMoments], coordinate: str, styles: Sequence[Mapping[str, Any]]) -> None:
    """Draw a panel: the measured moment, the models', and their R2 above the lines."""
    column = TRACKED_COORDINATES.index(coordinate)
    axes.plot(models[0].time_s, models[0].measured[:, column], **MEASURED)
    for model, style in zip(models, styles, strict=True):
        axes.plot(model.time_s, model.predicted[:, column], **style)
    drawn = np.concatenate([np.asarray(line.get_ydata()) for line in axes.lines])
    low, high = drawn.min(), drawn.max()
    axes.set_ylim(low - 0.05 * (high - low), high + ROOM * (high - low))
    axes.margins(x=0.01)
    explained = [moment_fit([model]).by_coordinate[coordinate][1] for model in models]
    axes.legend(
        [Line2D([], [], **style) for style in styles],
        [f"R² {value:.2f}" if value > LOW_R2 else f"R² {value:.0f}" for value in explained],
        loc="upper center",
        ncols=2,
        fontsize=SMALL,
        handlelength=3.0,
        columnspacing=1.0,
        labelspacing=0.2,
        borderaxespad=0.1,
    )
