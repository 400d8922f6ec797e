"""Singular values of each problem's sensitivities: how much the data say about how many directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.identifiability.information import NULL_TOLERANCE
from benchmark.report.figures.style import (
    FONT_SIZE,
    INK,
    LINE_WIDTH,
    WIDTH_IN,
    Array,
    Look,
    add_note,
    legend_above,
    looks,
    series_style,
)
from benchmark.report.identifiability.rows import setting, setting_panels

HEIGHT_IN = 4.3
LOWEST = 1e-17  # zero is drawn here
SMALL = FONT_SIZE - 2.0
NOTE = (
    "Singular values of the sensitivities to the relative parameters, from the largest. Large marker: the last "
    "direction that has any effect (the rank); what lies below the dotted line is rounding. The lower a value, the "
    "less is known along its direction."
)


def spectrum(spectra: Mapping[str, Array]) -> Figure:
    """Singular values relative to the largest, a line a problem and a panel a variant of the arm.

    Parameters
    ----------
    spectra
        Singular values from the largest, by the problem's name.
    """
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), layout="constrained")
    panels = setting_panels(list(spectra))
    look = looks(list(dict.fromkeys(setting(problem) for problem in spectra)))
    axes_of = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (title, problems) in zip(axes_of, panels.items(), strict=True):
        for problem in problems:
            _draw(axes, spectra[problem] / spectra[problem][0], look[setting(problem)])
        _mark_ranks(axes, [spectra[problem] for problem in problems])
        axes.set(title=title, xlabel="Direction, from the strongest (1)", yscale="log")
    axes_of[0].set_ylabel("Singular value relative to the largest (1)")
    legend_above(figure, look)
    add_note(figure, NOTE)
    return figure


def _draw(axes: Axes, relative: Array, look: Look) -> None:
    rank = _rank(relative)
    number = np.arange(1, len(relative) + 1)
    axes.plot(number[:rank], relative[:rank], markevery=[-1], **series_style(look, LINE_WIDTH))
    rounding = np.maximum(relative[rank:], LOWEST)
    axes.plot(number[rank:], rounding, look.marker, color=look.colour, markersize=2.5, markerfacecolor="none")


def _mark_ranks(axes: Axes, spectra: Sequence[Array]) -> None:
    """Say what the ranks are, and where zero begins."""
    axes.axhline(NULL_TOLERANCE, color=INK, linestyle=":", linewidth=1.0)
    for rank, size in sorted({(_rank(values), len(values)) for values in spectra}):
        at = (rank, NULL_TOLERANCE)
        text = f"rank {rank}\nof {size}"
        axes.annotate(text, at, (0, 4), textcoords="offset points", fontsize=SMALL, ha="center", va="bottom")


def _rank(values: Array) -> int:
    return int((values > NULL_TOLERANCE * values[0]).sum())
