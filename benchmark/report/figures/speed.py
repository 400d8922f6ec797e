"""What the pieces of an identification cost: milliseconds by operation and back end, and exchange rates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from benchmark.report.figures.style import COLOURS, FONT_SIZE, INK, WIDTH_IN, add_note, logarithmic
from benchmark.report.formats import figure as short
from benchmark.speed.exchange_rates import THREADS, Rates

BAR_IN, BESIDE_IN, BETWEEN_IN = 0.2, 1.1, 0.7
PANELS_BESIDE_EACH_OTHER = 2
NUMBER_SIZE = FONT_SIZE - 2.5
ROOM_LEFT, ROOM_RIGHT = 2.0, 8.0  # for the numbers of the longest bars, as factors
FACES = dict(zip(("compiled", "numpy", "torch", "casadi"), COLOURS, strict=False))
HATCHES = {"compiled": "", "numpy": "////", "torch": "....", "casadi": "xxxx"}
SPEED_NOTE = (
    "Stage one of each problem on one thread, median. A residual is in torch and CasADi the loss, a gradient that of "
    "the loss. Literal: the loss as the paper writes it, an epoch with its backpropagation. Incremental: after a "
    "change of one parameter, the mean over all. Compiling and building are done once. No bar: there is no such form "
    "of the loss."
)
RATES_NOTE = (
    "What one evaluation of each kind that the harness counts costs, in evaluations of the compiled residual, from "
    "times on one thread. No bar: there is no such form of the loss."
)


def speed(table: pd.DataFrame) -> Figure:
    """Milliseconds of each operation in each back end, a panel a problem.

    Parameters
    ----------
    table
        Measured times, as of `benchmark.speed.table.speed_table`.
    """
    timed = table[table["threads"] == THREADS]
    timed = timed.assign(bar=timed["operation"] + ", " + timed["backend"])
    by_problem = dict([*timed.groupby("problem", sort=False)])
    figure, panels = _panels([set(own["bar"]) for own in by_problem.values()], list(dict.fromkeys(timed["bar"])))
    for (axes, bars), (problem, own) in zip(panels, by_problem.items(), strict=True):
        _draw(axes, own, "milliseconds", bars)
        axes.set(title=problem, xlabel="Time (ms)")
    _scale(panels[0][0], timed["milliseconds"])
    present = _present(timed)
    handles = [Patch(facecolor=FACES[name], hatch=HATCHES[name], edgecolor=INK, linewidth=0.5) for name in present]
    figure.legend(handles, present, loc="outside upper center", ncols=len(present))
    add_note(figure, SPEED_NOTE)
    return figure


def exchange_rates(rates: Mapping[str, Rates]) -> Figure:
    """Prices of the kinds of evaluations, a panel a family of problems."""
    kinds = list(dict.fromkeys(kind for own in rates.values() for kind in own.prices))
    figure, panels = _panels([set(own.prices) for own in rates.values()], kinds)
    for (axes, bars), own in zip(panels, rates.values(), strict=True):
        table = pd.DataFrame({"bar": own.prices.keys(), "price": own.prices.values(), "backend": "compiled"})
        _draw(axes, table, "price", bars)
        axes.set(title=own.problem, xlabel="Price (residual evaluations)")
    _scale(panels[0][0], pd.concat([pd.Series(own.prices) for own in rates.values()]))
    add_note(figure, RATES_NOTE)
    return figure


def _panels(shown: Sequence[Collection[str]], order: Sequence[str]) -> tuple[Figure, list[tuple[Axes, list[str]]]]:
    """Panels beside and below each other, with the names of their bars, the same in a row.

    Parameters
    ----------
    shown
        What each panel shows.
    order
        All of it in order.
    """
    beside = min(PANELS_BESIDE_EACH_OTHER, len(shown))
    rows = [set().union(*shown[first : first + beside]) for first in range(0, len(shown), beside)]
    bars = [[name for name in order if name in row] for row in rows]
    height = BESIDE_IN + sum(BAR_IN * len(names) + BETWEEN_IN for names in bars)
    figure = Figure(figsize=(WIDTH_IN, height), layout="constrained")
    heights = [len(names) for names in bars]
    grid = figure.subplots(len(rows), beside, sharex=True, sharey="row", squeeze=False, height_ratios=heights)
    panels = [(axes, names) for row, names in zip(grid, bars, strict=True) for axes in row]
    for axes, _ in panels[len(shown) :]:
        axes.remove()
    for axes, _ in panels[: len(shown)]:
        axes.tick_params(labelbottom=True)
    return figure, panels[: len(shown)]


def _draw(axes: Axes, table: pd.DataFrame, column: str, bars: Sequence[str]) -> None:
    """Draw a bar for each line of a table that has columns ``bar`` and ``backend``, with its number."""
    present = _present(table)
    look = {"hue": "backend", "hue_order": present, "palette": [FACES[name] for name in present], "saturation": 1.0}
    sns.barplot(table, x=column, y="bar", order=bars, dodge=False, legend=False, ax=axes, **look)
    for container, backend in zip(axes.containers, present, strict=True):
        assert isinstance(container, BarContainer)
        for patch in container:
            patch.set(hatch=HATCHES[backend], edgecolor=INK, linewidth=0.5)
        axes.bar_label(container, fmt=short, fontsize=NUMBER_SIZE, padding=2.0)
    axes.set_ylabel("")
    axes.tick_params(axis="y", length=0.0)
    axes.grid(visible=False, axis="y")


def _scale(axes: Axes, values: pd.Series) -> None:
    """Scale the axis that all panels share."""
    axes.set_xlim(values.min() / ROOM_LEFT, values.max() * ROOM_RIGHT)
    logarithmic(axes, "x")


def _present(table: pd.DataFrame) -> list[str]:
    """The back ends that a table has, in their order."""
    return [name for name in FACES if name in set(table["backend"])]
