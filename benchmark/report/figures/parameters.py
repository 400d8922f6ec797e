"""The paper's Fig. 5: a panel a parameter, its percentage error over epochs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from benchmark.report.figures.style import (
    BAND_NOTE,
    FONT_SIZE,
    Array,
    Look,
    add_note,
    draw_band,
    drawable,
    logarithmic,
    looks,
)
from benchmark.report.suite import SuiteRuns
from benchmark.report.traces import Trace, linear_grid, quartile_band
from datasets.parameters import MUSCLE_UNITS

Objects = NDArray[np.object_]

SYMBOLS = {
    "maximum_isometric_force": "$F_{max}$",
    "optimal_fibre_length": "$l_o$",
    "maximum_contraction_velocity": "$v_{max}$",
    "pennation_at_optimal": r"$\phi_o$",
    "tendon_slack_length": "$l_{ts}$",
    "c1": "$c_1$",
    "c2": "$c_2$",
    "electromechanical_delay": "EM delay",
    "activation_time": r"$\tau_{act}$",
    "deactivation_time": r"$\tau_{deact}$",
}
COEFFICIENT = "coefficient"
LONGEST_TITLE = 22
PANEL_IN = (1.7, 1.12)
MARGIN_IN = {"left": 0.75, "right": 0.2, "top": 0.6, "bottom": 0.75}
GAP = (0.2, 0.42)  # between panels, as a share of their size
FEWEST_ROWS = 5


def parameters(suite: SuiteRuns, method: str) -> Figure:
    """Error of each parameter over a method's evaluations, median and quartiles, a line a setting.

    Muscles are rows and their kinds of parameter columns; dynamic coefficients and shared parameters follow at the
    right. Parameters that not all problems have are left out, as in the paper.
    """
    traces = {setting: found for setting in suite.settings if (found := suite.of(setting, method))}
    every = [trace for found in traces.values() for trace in found]
    names = [name for name in every[0].errors if all(name in trace.errors for trace in every)]
    panels = panel_names(names)
    rows, columns = panels.shape
    figure, grid_of_axes = _empty_grid(rows, columns)
    grid = linear_grid([trace.evaluations for trace in every])
    limits = _limits([drawable(trace.errors[name]) for trace in every for name in names])
    look = looks(suite.settings)
    for (row, column), name in np.ndenumerate(panels):
        axes: Any = grid_of_axes[row, column]
        if not name:
            axes.remove()
            continue
        _draw(axes, name, traces, grid, look)
        axes.set(xlim=(0.0, 1.04 * max(grid[-1], 1.0)), ylim=limits)
        axes.xaxis.set_major_locator(MaxNLocator(3))
        logarithmic(axes, "y")
        axes.tick_params(
            labelsize=FONT_SIZE - 2.5,
            length=2.0,
            pad=1.5,
            labelleft=column == 0 or not panels[row, column - 1],
            labelbottom=row + 1 == rows or not panels[row + 1, column],
        )
        axes.set_title(short_name(name), fontsize=FONT_SIZE - 1.0, pad=2.5, y=1.0)  # y given: no search for room
    _label(figure, f"{method}: percentage error of each parameter")
    total = len({name for trace in every for name in trace.errors})
    shared = "" if total == len(names) else f" {len(names)} of {total} parameters, those that all problems have."
    add_note(figure, f"{BAND_NOTE} Runs: {len(every)}.{shared}")
    return figure


def panel_names(names: Sequence[str]) -> Objects:
    """Where each parameter's panel is: (rows, columns) of names, empty where there is none."""
    muscles = list(dict.fromkeys(name.partition(".")[0] for name in names if _is_muscle(name)))
    kinds = [kind for kind in MUSCLE_UNITS if any(name.endswith(f".{kind}") for name in names)]
    others = [name for name in names if not _is_muscle(name)]
    rows = max(len(muscles), FEWEST_ROWS)
    columns = len(kinds) + -(-len(others) // rows)
    panels = np.full((rows, columns), "", dtype=object)
    for row, muscle in enumerate(muscles):
        panels[row, : len(kinds)] = [name if (name := f"{muscle}.{kind}") in names else "" for kind in kinds]
    for index, name in enumerate(others):
        panels[index % rows, len(kinds) + index // rows] = name
    return panels


def short_name(name: str) -> str:
    """Title of a parameter's panel, such as ``PECM1 l_o`` with its symbol."""
    if _is_muscle(name):
        muscle, _, kind = name.partition(".")
        return f"{muscle} {SYMBOLS[kind]}"
    title = SYMBOLS.get(name, name.removeprefix(COEFFICIENT).lstrip(" ."))
    title = f"{COEFFICIENT} {title}" if title.isdigit() else title
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def _is_muscle(name: str) -> bool:
    return name.partition(".")[2] in MUSCLE_UNITS


def _empty_grid(rows: int, columns: int) -> tuple[Figure, Objects]:
    width = PANEL_IN[0] * columns + MARGIN_IN["left"] + MARGIN_IN["right"]
    height = PANEL_IN[1] * rows + MARGIN_IN["top"] + MARGIN_IN["bottom"]
    figure = Figure(figsize=(width, height))
    figure.subplots_adjust(
        left=MARGIN_IN["left"] / width,
        right=1.0 - MARGIN_IN["right"] / width,
        bottom=MARGIN_IN["bottom"] / height,
        top=1.0 - MARGIN_IN["top"] / height,
        wspace=GAP[0],
        hspace=GAP[1],
    )
    return figure, figure.subplots(rows, columns, squeeze=False)


def _draw(axes: Axes, name: str, traces: dict[str, list[Trace]], grid: Array, look: dict[str, Look]) -> None:
    for setting, found in traces.items():
        band = quartile_band([trace.evaluations for trace in found], [trace.errors[name] for trace in found], grid)
        draw_band(axes, grid, drawable(band), look[setting], setting, width=1.1)


def _limits(errors: Iterable[Array]) -> tuple[float, float]:
    """Of the shared axis: all but the most extreme errors."""
    low, high = np.nanquantile(np.concatenate([values.ravel() for values in errors]), [0.005, 0.995])
    return 0.7 * float(low), 1.4 * float(high)


def _label(figure: Figure, title: str) -> None:
    handles, labels = figure.axes[0].get_legend_handles_labels()
    width, height = figure.get_size_inches()
    figure.suptitle(title, x=MARGIN_IN["left"] / width, y=1.0 - 0.12 / height, ha="left", va="top")
    figure.legend(handles, labels, loc="upper right", ncols=len(labels), handlelength=3.5)
    figure.text(0.5, 0.3 / height, "Evaluations (epochs)", ha="center")
    figure.supylabel("Error (%)", x=0.1 / width, fontsize=FONT_SIZE)
