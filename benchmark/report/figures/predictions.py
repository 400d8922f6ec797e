"""How much of each angle and force predictions explain, on movements that were trained on and on one that was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.analysis.predictions import HELD_OUT, TRAINING
from benchmark.harness.methods import PRESET_MARK
from benchmark.problem.start_level import start_level_text
from benchmark.report.figures.endpoints import LOWEST_R2
from benchmark.report.figures.style import INK, WIDTH_IN, Look, add_note, legend_above, looks
from benchmark.report.predictions.cases import PredictedCase
from benchmark.report.predictions.run_errors import ANGLES, DEEP, MODEL, NETWORK, SEEN, UNSEEN

LOOK_IN, BETWEEN_IN = 0.05, 0.07  # height of a mark, and between names
NAME_IN, BESIDE_IN = 0.18, 2.0  # height that a name needs, and of all but the names
ROOM = 0.07  # of R2, at either side of what is drawn
RULE = "0.75"  # between names
HEADINGS: Final[Mapping[str, str]] = {TRAINING: "Training movements", HELD_OUT: "Held-out movement"}
LABELS: Final[Mapping[str, str]] = {
    ANGLES: "Joint angles",
    SEEN: "Forces of measured muscles",
    UNSEEN: "Forces of unseen muscles",
    DEEP: "Forces of deep muscles",
}
PARAMETERS_LOOK: Final = Look(INK, "none", "X")
NOTE: Final = (
    "R² over all samples that count: 1 is exact, 0 (line) is no better than the mean. Large: median over runs, small: "
    f"runs. R² below {LOWEST_R2:g} is drawn there. Methods predict from time and measured EMG alone."
)
PARAMETERS_NOTE: Final = (
    "Parameters: what those identified by another method, the one with the lowest Cr2m, give with the recorded motion, "
    "too, and of deep muscles what the formulation says."
)
UNSEEN_NOTE: Final = "Unseen: muscles with EMG whose forces are in no equation of the problem."


def predictions(case: PredictedCase) -> Figure:
    """R2 of each coordinate and muscle: a row of panels a quantity, a column a movement, a mark a method."""
    errors = _shown(case)
    look = _looks(case)
    by_quantity = {quantity: errors[errors["quantity"] == quantity] for quantity in LABELS}
    names = {quantity: list(dict.fromkeys(own["name"])) for quantity, own in by_quantity.items() if len(own)}
    heights = [len(own) for own in names.values()]
    row_in = max(LOOK_IN * len(look) + BETWEEN_IN, NAME_IN)
    figure = Figure(figsize=(WIDTH_IN, row_in * sum(heights) + BESIDE_IN), layout="constrained")
    grid = figure.subplots(len(names), 2, sharex=True, sharey="row", squeeze=False, height_ratios=heights)
    for panels, (quantity, own) in zip(grid, names.items(), strict=True):
        for axes, movement in zip(panels, HEADINGS, strict=True):
            there = by_quantity[quantity]
            _draw(axes, there[there["movement"] == movement], own, look, look_share=LOOK_IN / row_in)
        panels[0].set_yticks(range(len(own)), own)
        panels[0].set_ylim(len(own) - 0.5, -0.5)
        panels[0].set_title(LABELS[quantity], loc="left")
    for axes, heading in zip(grid[0], HEADINGS.values(), strict=True):
        axes.set_title(heading, loc="right")
    for axes in grid[-1]:
        axes.set_xlabel("R² (1)")
    _scale(grid[0, 0])
    legend_above(figure, look)
    add_note(figure, _note(case, UNSEEN in names))
    return figure


def _shown(case: PredictedCase) -> pd.DataFrame:
    """What methods predict themselves, and what the parameters of the best other one give; with whose that is."""
    errors = case.errors
    own = errors[errors["source"] == NETWORK].assign(series=errors["method"])
    given = errors[(errors["source"] == MODEL) & (errors["method"] == case.best)]
    return pd.concat([own, given.assign(series=_parameters_of(case.best))])


def _parameters_of(method: str | None) -> str:
    return f"parameters of {method}"


def _looks(case: PredictedCase) -> dict[str, Look]:
    """A colour and marker for each method, presets too; what parameters give is in ink."""
    marks = looks([name.replace(PRESET_MARK, " ") for name in case.networks])
    own = {
        name: Look(look.colour, "none", look.marker) for name, look in zip(case.networks, marks.values(), strict=True)
    }
    return own if case.best is None else own | {_parameters_of(case.best): PARAMETERS_LOOK}


def _draw(axes: Axes, errors: pd.DataFrame, names: Sequence[str], look: Mapping[str, Look], look_share: float) -> None:
    """Draw a panel: at each name a mark beneath another, the median over runs, with the runs themselves."""
    for place in range(1, len(names)):
        axes.axhline(place - 0.5, color=RULE, linewidth=0.8, zorder=1.0)
    axes.axvline(0.0, color=INK, linewidth=0.8, zorder=1.0)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0.0)
    beside = (np.arange(len(look)) - 0.5 * (len(look) - 1)) * look_share
    for shift, (series, own) in zip(beside, look.items(), strict=True):
        found = errors[errors["series"] == series]
        medians = found.groupby("name")["r2_1"].median()
        for values, size, strength in ((found.set_index("name")["r2_1"], 2.2, 0.45), (medians, 4.3, 1.0)):
            at = [names.index(name) + shift for name in values.index]
            drawn = values.clip(lower=LOWEST_R2)
            axes.plot(drawn, at, own.marker, color=own.colour, markersize=size, alpha=strength, mew=0.0)


def _scale(axes: Axes) -> None:
    """From what lower values are drawn at to what is exact; the least tick says that it stands for those."""
    ticks = [LOWEST_R2, 0.5 * LOWEST_R2, 0.0, 0.5, 1.0]
    axes.set_xticks(ticks, [f"≤ {LOWEST_R2:g}", *(f"{tick:g}" for tick in ticks[1:])])
    axes.set_xlim(LOWEST_R2 - ROOM, 1.0 + ROOM)


def _note(case: PredictedCase, with_unseen: bool) -> str:
    parts = [NOTE, *([PARAMETERS_NOTE] if case.best is not None else []), *([UNSEEN_NOTE] if with_unseen else [])]
    return " ".join([*parts, f"{case.problem}, {start_level_text(case.start_level)} starts."])
