"""Error of each muscle and shared parameter at the end of the runs, methods beside each other."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from seaborn.utils import relative_luminance

from benchmark.report.figures.parameters import SYMBOLS
from benchmark.report.figures.style import (
    FONT_SIZE,
    SMALLEST_PERCENT,
    WIDTH_IN,
    Array,
    add_note,
    drawable,
    plain_number,
)
from datasets.parameters import SHARED_UNITS

HEADINGS = {
    "optimal_fibre_length": "Optimal fibre length",
    "maximum_isometric_force": "Maximum isometric force",
    "pennation_at_optimal": "Pennation angle",
    "maximum_contraction_velocity": "Maximum velocity",
    "tendon_slack_length": "Tendon slack length",
}
SHARED_HEADING = "Shared"
LINE_IN = 0.165
BESIDE_IN = 2.2  # for names of methods, title and note
COLUMN_IN, NARROWEST_IN = 0.39, 3.4
NAMES_IN = 1.9  # for names of parameters, and the scale
LABEL_SIZE = FONT_SIZE - 2.0
NUMBER_SIZE = 5.8
NORM = LogNorm(SMALLEST_PERCENT, 100.0)
COLOURS = colormaps["cividis_r"]
DARK = 0.18  # luminance at which black and white letters can be told equally well
NOTE = (
    "Median over runs of the relative error (%) at the end; columns from the lowest median over parameters to the "
    "highest. Shown is what is compared: parameters of muscles that M1 can see, without those that no method can know. "
    f"Errors below {SMALLEST_PERCENT:g} % have one colour."
)


class Line(NamedTuple):
    """A line of the heat map: its label, and its parameter; None for a heading."""

    label: str
    parameter: str | None


def parameter_errors(title: str, errors: pd.DataFrame) -> Figure:
    """A heat map of errors: a line a parameter, grouped by kind, and a column a method.

    Parameters
    ----------
    title
        What the runs are of.
    errors
        Error at the end in percent: a line a run, indexed by the column that it belongs to, and a column a parameter.
    """
    medians = errors.groupby(level=0, sort=True).median()
    medians = medians.loc[medians.median(axis=1).sort_values(kind="stable").index]
    lines = list(parameter_lines(medians.columns))
    empty = pd.Series(np.nan, medians.index)
    percent = np.array([empty if line.parameter is None else medians[line.parameter] for line in lines])
    width = min(WIDTH_IN, max(NARROWEST_IN, NAMES_IN + COLUMN_IN * len(medians)))
    figure = Figure(figsize=(width, LINE_IN * len(lines) + BESIDE_IN), layout="constrained")
    axes = figure.subplots()
    _draw(axes, percent)
    name_cells(axes, lines, list(medians.index))
    figure.suptitle(title, fontsize=FONT_SIZE)
    add_note(figure, f"{NOTE} Runs: {len(errors)}.")
    return figure


def parameter_lines(parameters: Collection[str]) -> Iterator[Line]:
    """The lines of muscle and shared parameters, among any: by kind, with a heading each."""
    kinds = {f"{heading} {SYMBOLS[kind]}": kind for kind, heading in HEADINGS.items()}
    groups = {
        heading: [Line(name.partition(".")[0], name) for name in parameters if name.partition(".")[2] == kind]
        for heading, kind in kinds.items()
    }
    groups[SHARED_HEADING] = [Line(SYMBOLS[name], name) for name in SHARED_UNITS if name in parameters]
    for heading, lines in groups.items():
        if lines:
            yield Line(heading, None)
            yield from lines


def short_number(percent: float) -> str:
    """Two digits in the least room; nothing for what is missing."""
    if math.isnan(percent) or percent == 0.0:
        return "" if math.isnan(percent) else "0"
    if percent >= 0.1:
        return f"{percent:.0f}" if percent >= 9.95 else f"{percent:.1f}" if percent >= 0.95 else f"{percent:.2f}"
    return f"{percent:.2f}" if percent >= 0.0095 else f"{percent:.0e}".replace("e-0", "e-")


def _draw(axes: Axes, percent: Array) -> None:
    """Draw the cells with their numbers, and the scale."""
    sns.heatmap(
        drawable(percent),
        ax=axes,
        norm=NORM,
        cmap=COLOURS,
        mask=np.isnan(percent),
        annot=np.vectorize(short_number)(percent),
        fmt="",
        annot_kws={"fontsize": NUMBER_SIZE},
        linewidths=0.4,
        linecolor="white",
        cbar_kws={"label": "Relative error (%)", "shrink": 0.5, "format": FuncFormatter(lambda x, _: plain_number(x))},
    )
    for text, value in zip(axes.texts, percent[~np.isnan(percent)], strict=True):
        text.set_color("black" if relative_luminance(COLOURS(NORM(value))) > DARK else "white")
        text.set_in_layout(False)  # they are within the axes, and many
    axes.figure.axes[-1].minorticks_off()
    axes.grid(visible=False)


def name_cells(axes: Axes, lines: Sequence[Line], columns: Sequence[str]) -> None:
    """Name columns above the cells, lines at their left; headings stand above their group."""
    axes.xaxis.tick_top()
    axes.set_xticks(np.arange(len(columns)) + 0.5, columns, rotation=90, fontsize=LABEL_SIZE)
    axes.set_yticks(np.arange(len(lines)) + 0.5, [line.label for line in lines], rotation=0, fontsize=LABEL_SIZE)
    axes.tick_params(length=0.0)
    for line, label in zip(lines, axes.get_yticklabels(), strict=True):
        label.set_fontweight("bold" if line.parameter is None else "normal")
