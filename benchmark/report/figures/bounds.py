"""Bounds of the parameters' standard deviations: parameters by problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter
from seaborn.utils import relative_luminance

from benchmark.identifiability.classes import (
    IDENTIFIABLE_PERCENT,
    REFERENCE_NOISE_RAD_PER_S2,
    WEAK_PERCENT,
    WIDTH,
)
from benchmark.report.figures.parameter_errors import (
    DARK,
    LINE_IN,
    NUMBER_SIZE,
    Line,
    name_cells,
    parameter_lines,
    short_number,
)
from benchmark.report.figures.style import FONT_SIZE, INK, WIDTH_IN, Array, add_note, plain_number

BESIDE_IN = 2.3  # for names of problems, title and note
NORM = LogNorm(1e-3, 1e3)
COLOURS = colormaps["cividis_r"]
UNSEEN: Mapping[str, Any] = {"facecolor": "0.92", "edgecolor": "0.6", "hatch": "////", "linewidth": 0.0}
NOTE = (
    f"Least standard deviation in percent of the magnitude at noise of {REFERENCE_NOISE_RAD_PER_S2:g} rad/s². Bold: "
    f"identifiable, the 95 % interval reaches at most {IDENTIFIABLE_PERCENT:g} % to either side. Lines in the scale: "
    f"ends of the classes identifiable and weak ({WEAK_PERCENT:g} %). Hatched: not seen at all. Blank: not free."
)


def bounds(title: str, percent: pd.DataFrame) -> Figure:
    """A heat map of bounds.

    Parameters
    ----------
    title
        What the parameters are.
    percent
        A line a parameter and a column a problem; infinite where it is not seen, missing where it is not free.
    """
    named = list(parameter_lines(percent.index))
    lines = named or [Line(name.partition(" ")[2].partition(" ")[2], name) for name in percent.index]
    empty = pd.Series(np.nan, percent.columns)
    cells = np.array([empty if line.parameter is None else percent.loc[line.parameter] for line in lines])
    figure = Figure(figsize=(WIDTH_IN, LINE_IN * len(lines) + BESIDE_IN), layout="constrained")
    axes = figure.subplots()
    _draw(axes, cells)
    _hatch(axes, cells)
    name_cells(axes, lines, [str(problem) for problem in percent])
    figure.suptitle(title, fontsize=FONT_SIZE)
    add_note(figure, NOTE)
    return figure


def _draw(axes: Axes, cells: Array) -> None:
    """Draw what is seen with its numbers, and the scale."""
    seen = np.isfinite(cells)
    shown = np.where(seen, cells, np.nan)
    sns.heatmap(
        shown,
        ax=axes,
        norm=NORM,
        cmap=COLOURS,
        mask=~seen,
        annot=np.vectorize(short_number)(shown),
        fmt="",
        annot_kws={"fontsize": NUMBER_SIZE},
        linewidths=0.4,
        linecolor="white",
        cbar_kws={
            "label": "Bound (%)",
            "shrink": 0.5,
            "extend": "both",
            "format": FuncFormatter(lambda x, _: plain_number(x)),
        },
    )
    for text, value in zip(axes.texts, cells[seen], strict=True):
        text.set_color("black" if relative_luminance(COLOURS(NORM(value))) > DARK else "white")
        text.set_fontweight("bold" if value * WIDTH <= IDENTIFIABLE_PERCENT else "normal")
        text.set_in_layout(False)  # they are within the axes, and many
    scale = axes.figure.axes[-1]
    scale.minorticks_off()
    for end in (IDENTIFIABLE_PERCENT, WEAK_PERCENT):
        scale.axhline(end / WIDTH, color="white", linewidth=2.5)
        scale.axhline(end / WIDTH, color=INK, linewidth=1.0)
    axes.grid(visible=False)


def _hatch(axes: Axes, cells: Array) -> None:
    for line, column in np.argwhere(np.isinf(cells)):
        axes.add_patch(Rectangle((column + 0.03, line + 0.03), 0.94, 0.94, **UNSEEN))
