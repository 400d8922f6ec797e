"""The paper's Fig. 5: a panel a parameter, its percentage error over epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from benchmark.report.figures.panels import MARGIN_IN, Objects, PanelGrid, Scales
from benchmark.report.figures.style import BAND_NOTE, FONT_SIZE, Array, add_note, drawable, looks
from benchmark.report.suite import SuiteRuns
from benchmark.report.traces import linear_grid, quartile_band
from datasets.parameters import MUSCLE_UNITS

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
SHOWN_SHARES = (0.005, 0.995)
FEWEST_ROWS = 5


def parameters(suite: SuiteRuns, method: str) -> Figure:
    """Error of each parameter over a method's evaluations, median and quartiles, a line a setting.

    Muscles are rows and their kinds of parameter columns; dynamic coefficients and shared parameters follow at the
    right. Parameters that not all problems have are left out, as in the paper.
    """
    traces = {setting: found for setting in suite.settings if (found := suite.of(setting, method))}
    every = [trace for found in traces.values() for trace in found]
    names = [name for name in every[0].names if all(name in trace.names for trace in every)]
    errors = {setting: [drawable(trace.errors_of(names)) for trace in found] for setting, found in traces.items()}
    epochs = linear_grid([trace.evaluations for trace in every])
    grid = PanelGrid(panel_names(names), Scales((0.0, 1.04 * max(epochs[-1], 1.0)), _limits(errors)))
    grid.title({name: short_name(name) for name in names})
    shown = {setting: look for setting, look in looks(suite.settings).items() if setting in traces}
    for setting, look in shown.items():
        bands = quartile_band([trace.evaluations for trace in traces[setting]], errors[setting], epochs)
        grid.draw_bands(epochs, dict(zip(names, np.moveaxis(bands, -1, 0), strict=True)), look)
    grid.legend(shown)
    _label(grid.figure, f"{method}: percentage error of each parameter")
    total = len({name for trace in every for name in trace.names})
    shared = "" if total == len(names) else f" {len(names)} of {total} parameters, those that all problems have."
    add_note(grid.figure, f"{BAND_NOTE} Runs: {len(every)}.{shared}")
    return grid.figure


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


def short_name(name: str) -> tuple[str, str]:
    """What stands at the left and at the right above a parameter's panel, such as ``PECM1`` and the symbol of l_o."""
    if _is_muscle(name):
        muscle, _, kind = name.partition(".")
        return muscle, SYMBOLS[kind]
    title = SYMBOLS.get(name, name.removeprefix(COEFFICIENT).lstrip(" ."))
    title = f"{COEFFICIENT} {title}" if title.isdigit() else title
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…", ""


def _is_muscle(name: str) -> bool:
    return name.partition(".")[2] in MUSCLE_UNITS


def _limits(errors: Mapping[str, Sequence[Array]]) -> tuple[float, float]:
    """Of the shared axis: all but the most extreme errors."""
    every = np.concatenate([values.ravel() for found in errors.values() for values in found])
    low, high = np.nanquantile(every, SHOWN_SHARES)
    return 0.7 * float(low), 1.4 * float(high)


def _label(figure: Figure, title: str) -> None:
    width, height = figure.get_size_inches()
    figure.suptitle(title, x=MARGIN_IN["left"] / width, y=1.0 - 0.12 / height, ha="left", va="top")
    figure.text(0.5, 0.3 / height, "Evaluations (epochs)", ha="center")
    figure.supylabel("Error (%)", x=0.1 / width, fontsize=FONT_SIZE)
