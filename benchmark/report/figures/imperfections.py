"""What one imperfection at a time does to formulations: errors over its size, means over subjects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.analysis.paired import FEWEST
from benchmark.harness.methods import PRESET_MARK
from benchmark.problem.formulations.all_measured import ALL_MEASURED
from benchmark.problem.formulations.ignored import IGNORED
from benchmark.problem.imperfections import IMPERFECTIONS
from benchmark.problem.problem_name import NONE
from benchmark.problem.start_level import start_level_text
from benchmark.report.deep_muscles.comparison import column
from benchmark.report.deep_muscles.problems import factor_words
from benchmark.report.deep_muscles.subject_runs import MEASURES
from benchmark.report.figures.style import (
    FONT_SIZE,
    INK,
    START_COLOUR,
    WIDTH_IN,
    Look,
    add_note,
    legend_above,
    logarithmic,
    looks,
    series_style,
)
from benchmark.report.tables import Measure

ROW_IN, BESIDE_IN = 1.65, 1.5
SHOWN: Final = ("cr2m", "heldout_rmse_nm", "deep_force_error_percent")
SMALLEST: Final = 1e-3  # per cent or N m: a logarithmic axis has no zero
SPREAD: Final = 0.55  # of the way from a size to the next one: over how much of it lines at one size are drawn
BELOW: Final = 0.6  # the lowest mean: where an axis begins
ROOM: Final = 0.4  # of that way, at either side
LINE_WIDTH: Final = 1.1
OWN_LOOKS: Final[Mapping[str, Look]] = {
    ALL_MEASURED.name: Look(INK, (0, (1.5, 1)), "*"),
    IGNORED.name: Look(START_COLOUR, (0, (10, 2)), "<"),
}
NOTE: Final = (
    "Means over subjects of each subject's own mean; bars: their 95 % intervals over subjects, to the edge where they "
    "go below it, and none of less than {fewest} subjects. Lines at one size are drawn beside each other, sizes at "
    "equal steps. Less than {smallest:g} is drawn there. At 0: recordings as they are. Subjects with a result: "
    "{subjects}. {setting}."
)


def imperfections(lines: pd.DataFrame) -> Figure:
    """A row of panels an imperfection, a column a measure, a line a formulation.

    Parameters
    ----------
    lines
        Those of `comparison`, of one method and start level, with one imperfection or none and a result.
    """
    factors = [name for name in IMPERFECTIONS if (lines["factor"] == name).any()]
    shown = [measure for measure in MEASURES if measure.column in SHOWN]
    look = _looks(list(dict.fromkeys(map(str, lines["formulation"]))))
    floors = {measure: _floor(lines, measure) for measure in shown}
    figure = Figure(figsize=(WIDTH_IN, ROW_IN * len(factors) + BESIDE_IN), layout="constrained")
    grid = figure.subplots(len(factors), len(shown), sharex="row", sharey="col", squeeze=False)
    for panels, factor in zip(grid, factors, strict=True):
        own = lines[lines["factor"].isin([factor, NONE])]
        for axes, measure in zip(panels, shown, strict=True):
            _draw(axes, own, measure, look, floors[measure])
        label = f"{factor_words(factor)} ({IMPERFECTIONS[factor].unit})"
        panels[len(shown) // 2].set_xlabel(label[:1].upper() + label[1:])
    for axes, measure in zip(grid[0], shown, strict=True):
        axes.set_ylim(bottom=floors[measure])
        logarithmic(axes, "y")
    figure.align_ylabels()
    legend_above(figure, look)
    add_note(figure, _note(lines))
    return figure


def _looks(formulations: Sequence[str]) -> dict[str, Look]:
    """The ideal and the control in ink and grey, the others in colours; what differs in units alone shares one."""
    own = {name: name.replace("-", PRESET_MARK) for name in formulations if name not in OWN_LOOKS}
    coloured = looks(list(own.values()))
    return {name: OWN_LOOKS.get(name) or coloured[own[name]] for name in formulations}


def _floor(lines: pd.DataFrame, measure: Measure) -> float:
    """What is drawn lowest of a measure: a little less than all means."""
    lowest = float(lines[column(measure, "mean")].min())
    return max(SMALLEST, BELOW * lowest)


def _draw(axes: Axes, lines: pd.DataFrame, measure: Measure, look: Mapping[str, Look], floor: float) -> None:
    """Draw a panel: each formulation's means with their intervals, beside those of the others."""
    sizes = sorted(set(lines["size"]))
    for beside, own in zip(np.linspace(-0.5, 0.5, len(look)) * SPREAD, look, strict=True):
        found = lines[lines["formulation"] == own].sort_values("size")
        mean, low, high = (
            np.maximum(found[column(measure, what)].to_numpy(dtype=np.float64), floor)
            for what in ("mean", "mean_lower", "mean_upper")
        )
        at = np.array([sizes.index(size) + beside for size in found["size"]])
        axes.plot(at, mean, **series_style(look[own], LINE_WIDTH))
        axes.vlines(at, low, high, color=look[own].colour, linewidth=LINE_WIDTH)
    axes.set_xticks(range(len(sizes)), [f"{size:g}" for size in sizes])
    axes.set_xlim(-ROOM, len(sizes) - 1.0 + ROOM)
    axes.set_ylabel(measure.heading, fontsize=FONT_SIZE - 1.0)


def _note(lines: pd.DataFrame) -> str:
    first, counts = lines.iloc[0], sorted(set(lines["subjects_with_result"]))
    subjects = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    setting = f"{first['method']}, {start_level_text(first['start_level'])} starts"
    return NOTE.format(fewest=FEWEST, smallest=SMALLEST, subjects=subjects, setting=setting)
