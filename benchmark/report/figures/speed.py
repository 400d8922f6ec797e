"""What the pieces of an identification cost: milliseconds by operation and back end, and exchange rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from benchmark.report.figures.style import COLOURS, FONT_SIZE, INK, WIDTH_IN, add_note, logarithmic
from benchmark.report.formats import figure as short
from benchmark.speed.exchange_rates import THREADS, Rates

BAR_IN, BESIDE_IN = 0.2, 1.8
NUMBER_SIZE = FONT_SIZE - 2.5
ROOM_LEFT, ROOM_RIGHT = 2.0, 8.0  # for the numbers of the longest bars, as factors
FACES = dict(zip(("compiled", "numpy", "torch", "casadi"), COLOURS, strict=False))
HATCHES = {"compiled": "", "numpy": "////", "torch": "....", "casadi": "xxxx"}
SPEED_NOTE = (
    "Stage one of each problem on one thread, median. A residual is in torch and CasADi the loss, a gradient that of "
    "the loss. Literal: the loss as the paper writes it, an epoch with its backpropagation. Compiling and building are "
    "done once."
)
RATES_NOTE = (
    "What one evaluation of each kind that the harness counts costs, in evaluations of the compiled residual, from "
    "times on one thread."
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
    bars = list(dict.fromkeys(timed["bar"]))
    figure, panels = _panels(len(bars), timed["problem"].nunique())
    for axes, (problem, own) in zip(panels, timed.groupby("problem", sort=False), strict=True):
        _draw(axes, own, "milliseconds", bars)
        axes.set(title=problem, xlabel="Time (ms)")
    _scale(panels[0], timed["milliseconds"])
    present = _present(timed)
    handles = [Patch(facecolor=FACES[name], hatch=HATCHES[name], edgecolor=INK, linewidth=0.5) for name in present]
    figure.legend(handles, present, loc="outside upper center", ncols=len(present))
    add_note(figure, SPEED_NOTE)
    return figure


def exchange_rates(rates: Mapping[str, Rates]) -> Figure:
    """Prices of the kinds of evaluations, a panel a formulation."""
    figure, panels = _panels(max(len(own.prices) for own in rates.values()), len(rates))
    for axes, (formulation, own) in zip(panels, rates.items(), strict=True):
        table = pd.DataFrame({"bar": own.prices.keys(), "price": own.prices.values(), "backend": "compiled"})
        _draw(axes, table, "price", list(own.prices))
        axes.set(title=f"{formulation.upper()}, from {own.problem}", xlabel="Price (residual evaluations)")
    _scale(panels[0], pd.concat([pd.Series(own.prices) for own in rates.values()]))
    add_note(figure, RATES_NOTE)
    return figure


def _panels(bars: int, panels: int) -> tuple[Figure, Sequence[Axes]]:
    figure = Figure(figsize=(WIDTH_IN, BAR_IN * bars + BESIDE_IN), layout="constrained")
    return figure, list(figure.subplots(1, panels, sharey=True, sharex=True, squeeze=False).flat)


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
