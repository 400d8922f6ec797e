"""The directions that the data say least about, as bars of the parameters in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.identifiability.classes import REFERENCE_NOISE_RAD_PER_S2
from benchmark.report.figures.parameters import SYMBOLS
from benchmark.report.figures.style import COLOURS, FONT_SIZE, INK, WIDTH_IN, add_note
from benchmark.report.formats import figure as written
from benchmark.report.identifiability.directions_table import WeakDirection

PANEL_IN, BESIDE_IN = 1.25, 0.9
BARS = 6
SMALL = FONT_SIZE - 2.0
GROWS, FALLS = {"color": COLOURS[0]}, {"color": "white", "hatch": "////"}
NOTE = (
    "The weakest directions that have any effect, the weakest at the left, with their largest parts in units of the "
    "parameters' magnitudes. Filled: grows, hatched: falls. In percent: the bound of the standard deviation along the "
    f"direction at noise of {REFERENCE_NOISE_RAD_PER_S2:g} rad/s²."
)


def directions(found: Sequence[WeakDirection]) -> Figure:
    """A row of panels a problem, a panel a direction.

    Parameters
    ----------
    found
        As many of each problem, together and in the order to show them in.
    """
    problems = list(dict.fromkeys(one.problem for one in found))
    figure = Figure(figsize=(WIDTH_IN, PANEL_IN * len(problems) + BESIDE_IN), layout="constrained")
    grid = figure.subplots(len(problems), len(found) // len(problems), sharex=True, squeeze=False)
    for axes, one in zip(grid.flat, found, strict=True):
        _draw(axes, one)
    for axes in grid[-1]:
        axes.set_xlabel("Part (1)", fontsize=SMALL)
    add_note(figure, NOTE)
    return figure


def _draw(axes: Axes, one: WeakDirection) -> None:
    largest = np.argsort(-np.abs(one.entries), kind="stable")[:BARS]
    for place, index in enumerate(largest):
        look = GROWS if one.entries[index] > 0.0 else FALLS
        axes.barh(place, abs(one.entries[index]), edgecolor=INK, linewidth=0.5, **look)
    axes.set_yticks(range(len(largest)), [label(one.names[index]) for index in largest])
    axes.set_title(f"{one.problem}: {written(one.standard_deviation_percent)} %", fontsize=SMALL)
    axes.invert_yaxis()
    axes.tick_params(labelsize=SMALL - 0.5)
    axes.tick_params(axis="y", length=0.0)
    axes.grid(visible=False, axis="y")


def label(name: str) -> str:
    """A parameter in few letters."""
    owner, _, kind = name.partition(".")
    if name in SYMBOLS:
        return SYMBOLS[name]
    kind = kind.replace("centre_of_mass.", "centre ").replace("inertia.", "I ")
    return f"{owner} {SYMBOLS.get(kind, kind)}"
