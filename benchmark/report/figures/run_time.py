"""Run-time distributions: the share of runs that have reached a target, over seconds and over cost."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.analysis.attempts import judged
from benchmark.analysis.run_time import run_time_distributions
from benchmark.analysis.success import RESOURCES
from benchmark.report.figures.style import (
    FONT_SIZE,
    INK,
    LINE_WIDTH,
    WIDTH_IN,
    Look,
    add_note,
    legend_above,
    logarithmic,
    looks,
    series_style,
)
from benchmark.report.intervals import SHOWN_TARGETS

ROW_HEIGHT_IN = 2.8
SMALLEST = {"seconds": 1e-4, "cost": 1.0}  # a logarithmic axis has no zero
LABELS = {"seconds": "Time (s)", "cost": "Cost (residual evaluations)"}
CASE = ["formulation", "target"]
LETTERS_A_LINE = 122
HEAD_SIZE = FONT_SIZE - 1.5
MISSING_COLOUR = "0.4"
ROOM = 1.3  # of a logarithmic axis beside its lines
NOTE = (
    "Of all runs, those without a result too; recordings and starts of a formulation are taken together. A run that "
    "its budget ended counts until then: where others went on, the share is an estimate (Kaplan and Meier). A line "
    "ends where the longest run of its method did. Error: mean of the muscle parameters (Cr2m)."
)


def run_time(attempts: pd.DataFrame, methods: Sequence[str]) -> Figure:
    """Share of runs that reached a target, a row a formulation and target, over seconds and over cost.

    Parameters
    ----------
    attempts
        The attempts of a suite, as `benchmark.analysis.attempts.attempts` gives them.
    methods
        Those of the suite's other figures, in their order, to be drawn alike.
    """
    shown = judged(attempts[attempts["target"].isin(SHOWN_TARGETS)])
    shown = shown.assign(formulation=shown["problem"].str.split("-").str[0].str.upper())
    cases = [(case, runs) for case, runs in shown.groupby(CASE, sort=True, observed=True) if runs["reached"].any()]
    figure = Figure(figsize=(WIDTH_IN, ROW_HEIGHT_IN * len(cases) + 1.3), layout="constrained")
    grid = figure.subplots(len(cases), len(RESOURCES), sharey=True, sharex="col", squeeze=False)
    look = looks([*methods, *sorted({*shown["method"]} - {*methods})])
    drawn = set[str]()
    for panels, ((formulation, target), runs) in zip(grid, cases, strict=True):
        steps = [run_time_distributions(runs, resource) for resource in RESOURCES]
        for axes, resource, staircases in zip(panels, RESOURCES, steps, strict=True):
            rising = _that_rise(staircases)
            _draw(axes, rising, look, SMALLEST[resource])
            drawn |= rising.keys()
            axes.set(xlabel=LABELS[resource], ylim=(-3.0, 105.0))
            axes.tick_params(labelbottom=True)
        panels[0].set_ylabel("Runs that reached it (%)")
        _head(panels, f"{formulation}, {target}", *(_missing(runs, *steps)))
    for column in grid.T:
        _scale(column)
    legend_above(figure, {method: own for method, own in look.items() if method in drawn})
    add_note(figure, f"{NOTE} {_unreached(shown)}Runs: {len(shown) // shown['target'].nunique()}.")
    return figure


def _unreached(shown: pd.DataFrame) -> str:
    """Which targets no run reached; empty where there is none such."""
    reached = shown.groupby(CASE, sort=True, observed=True)["reached"].any()
    names = [f"{formulation}, {target}" for formulation, target in reached.index[~reached]]
    return f"Reached by no run: {'; '.join(names)}. " if names else ""


def _that_rise(staircases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Those of methods of which a run reached the target."""
    return {str(method): steps for method, steps in staircases.groupby("method") if steps["share"].max() > 0.0}


def _missing(runs: pd.DataFrame, by_seconds: pd.DataFrame, by_cost: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Methods of which no run reached the target, and those that did at a cost that is not known."""
    reached = set(runs.loc[runs["reached"], "method"])
    return sorted(set(runs["method"]) - reached), sorted(reached - set(by_cost["method"]))


def _draw(axes: Axes, staircases: Mapping[str, pd.DataFrame], look: Mapping[str, Look], smallest: float) -> None:
    """Draw staircases; on a logarithmic axis they begin where the target was first reached."""
    if not staircases:
        axes.text(0.5, 0.5, "cost not known", ha="center", va="center", transform=axes.transAxes, color=MISSING_COLOUR)
    for method, steps in staircases.items():
        amounts, shares = np.maximum(steps["amount"].to_numpy()[1:], smallest), 100.0 * steps["share"].to_numpy()[1:]
        style = series_style(look[method], LINE_WIDTH)
        axes.step(np.r_[amounts[0], amounts], np.r_[0.0, shares], where="post", markevery=[-1], **style)


def _head(panels: Sequence[Axes], case: str, never: Sequence[str], unpriced: Sequence[str]) -> None:
    """Say above a row what it shows, and which methods are not in it."""
    parts = [f"no run of {', '.join(never)}"] if never else []
    parts += [f"cost not known of {', '.join(unpriced)}"] if unpriced else []
    left_out = f". Not drawn: {'; '.join(parts)}" if parts else ""
    lines = textwrap.wrap(f"{case}{left_out}", LETTERS_A_LINE)
    title = panels[0].set_title("\n".join(lines), loc="left", fontsize=HEAD_SIZE, color=INK)
    title.set_in_layout(False)  # it goes on above the panel at the right, whose title keeps the height for it
    panels[1].set_title("\n".join(" " * len(lines)), loc="left", fontsize=HEAD_SIZE)


def _scale(panels: Sequence[Axes]) -> None:
    """Scale the axis that the panels of a column share to their lines."""
    amounts = np.concatenate([np.asarray(line.get_xdata()) for axes in panels for line in axes.lines] or [np.ones(1)])
    panels[0].set_xlim(amounts.min() / ROOM, amounts.max() * ROOM)
    logarithmic(panels[0], "x")
