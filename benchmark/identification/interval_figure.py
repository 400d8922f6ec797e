"""Identified values over the model's, with their intervals: a panel a kind of muscle parameter, and one a bone."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmark.identifiability.classes import IDENTIFIABLE, NOT, WEAK
from benchmark.identification.figures import literal
from benchmark.identification.identification import Identification
from benchmark.identification.tables import BONES, CLASS_WORDS, MUSCLES, SHARED, group_of, is_open, sorted_estimates
from benchmark.report.figures.style import COLOURS, FONT_SIZE, INK, WIDTH_IN, add_note
from benchmark.uncertainty.estimates import Estimate
from datasets.parameters import BONE_UNITS, MUSCLE_UNITS, SHARED_UNITS

LIMITS = (0.0, 2.0)  # of the identified value over the model's
ARROW_INSET = 0.05  # so that arrows stay clear of what is beside the panel
LINE_IN, BESIDE_IN = 0.16, 0.75
FEWEST_LINES = 4
LABEL_SIZE, TITLE_SIZE = FONT_SIZE - 2.0, FONT_SIZE - 1.0
TITLE_LETTERS = 16
LOOKS: Mapping[str, Mapping[str, Any]] = {
    IDENTIFIABLE: {"color": COLOURS[0], "marker": "o", "markersize": 4.0},
    WEAK: {"color": COLOURS[3], "marker": "D", "markersize": 4.0, "markerfacecolor": "white"},
    NOT: {"color": "0.5", "marker": "X", "markersize": 4.5},
}
NOTE = (
    "Identified value over the model's, with its 95 % interval; vertical line: the model. Arrows: intervals that reach "
    "beyond the panel or are open; where a line has no dot, the value lies beyond, too. Bones can hardly be told apart "
    "parameter by parameter: what is known of them is in the dynamic coefficients of the table."
)


class _Panel(NamedTuple):
    """A panel: its title, the names of its lines, and an estimate a line; None where there is none."""

    title: str
    lines: Sequence[str]
    estimates: Sequence[Estimate | None]


def intervals(found: Identification) -> Figure:
    """A dot a parameter with its interval, muscles above and bones below, the class told by colour and marker.

    Parameters
    ----------
    found
        What was identified.
    """
    rows = [row for row in (_muscle_panels(found), _other_panels(found)) if row]
    heights = [LINE_IN * max(FEWEST_LINES, *(len(panel.lines) for panel in row)) + BESIDE_IN for row in rows]
    figure = Figure(figsize=(WIDTH_IN, sum(heights) + BESIDE_IN), layout="constrained")
    parts = figure.subfigures(len(rows), 1, height_ratios=heights, squeeze=False)[:, 0]
    for part, row in zip(parts, rows, strict=True):
        _draw_row(part.subplots(1, len(row), squeeze=False)[0], row, found.problem.nominal)
    handles = [Line2D([], [], linewidth=0.9, **look) for look in LOOKS.values()]
    labels = [CLASS_WORDS[name] for name in LOOKS]
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels), fontsize=FONT_SIZE - 1.0)
    left_out = sum(
        entry is not None and _ratio(entry, found.problem.nominal) is None
        for row in rows
        for panel in row
        for entry in panel.estimates
    )
    add_note(figure, f"{NOTE} Not drawn, as the model's value is zero: {left_out}." if left_out else NOTE)
    return figure


def _muscle_panels(found: Identification) -> list[_Panel]:
    """A panel a kind of parameter, with a line a muscle that was identified."""
    known = _by_name(found, MUSCLES)
    muscles = list(dict.fromkeys(name.partition(".")[0] for name in known))
    return [
        _Panel(kind.replace("_", " "), muscles, [known.get(f"{muscle}.{kind}") for muscle in muscles])
        for kind in MUSCLE_UNITS
        if any(f"{muscle}.{kind}" in known for muscle in muscles)
    ]


def _other_panels(found: Identification) -> list[_Panel]:
    """A panel a bone, and one of what all muscles share."""
    return [*_bone_panels(found), *_shared_panel(found)]


def _bone_panels(found: Identification) -> Iterator[_Panel]:
    known = _by_name(found, BONES)
    labels = [kind.replace("_", " ").replace(".", " ") for kind in BONE_UNITS]
    for body in found.problem.identified_bodies:
        yield _Panel(body, labels, [known.get(f"{body}.{kind}") for kind in BONE_UNITS])


def _shared_panel(found: Identification) -> Iterator[_Panel]:
    known = _by_name(found, SHARED)
    names = [name for name in SHARED_UNITS if name in known]
    if names:
        yield _Panel("of all muscles", [name.replace("_", " ") for name in names], [known[name] for name in names])


def _by_name(found: Identification, group: str) -> dict[str, Estimate]:
    """Estimates of a group that were identified at all, by name."""
    entries = (entry for entry in sorted_estimates(found) if not math.isnan(entry.value))
    return {entry.name: entry for entry in entries if group_of(entry, found.problem) == group}


def _draw_row(every: Sequence[Axes], panels: Sequence[_Panel], model: Mapping[str, float]) -> None:
    named: Sequence[str] = ()
    for axes, panel in zip(every, panels, strict=True):
        axes.axvline(1.0, color=INK, linewidth=0.8)
        for line, entry in enumerate(panel.estimates):
            if entry is not None:
                _draw(axes, line, entry, model)
        labels = [] if panel.lines == named else [literal(name) for name in panel.lines]  # said by the panel before
        named = panel.lines
        axes.set_yticks(range(len(panel.lines)), labels or [""] * len(panel.lines), fontsize=LABEL_SIZE)
        axes.set(xlim=LIMITS, xticks=[0.0, 0.5, 1.0, 1.5, 2.0], ylim=(len(panel.lines) - 0.5, -0.5))
        axes.set_xticklabels(["0", "", "1", "", "2"])
        axes.set_xlabel("value / model (1)", fontsize=LABEL_SIZE)
        axes.set_title(textwrap.fill(literal(panel.title), TITLE_LETTERS), loc="left", fontsize=TITLE_SIZE)
        axes.tick_params(labelsize=LABEL_SIZE)
        axes.tick_params(axis="y", length=0.0)


def _draw(axes: Axes, line: int, entry: Estimate, model: Mapping[str, float]) -> None:
    """Draw a dot and its interval as far as the panel goes, with arrows where they go on."""
    ratio = _ratio(entry, model)
    if ratio is None:
        return
    look, (low, high) = LOOKS[entry.determined], LIMITS
    ends = sorted((entry.lower / model[entry.name], entry.upper / model[entry.name]))
    begin, end = (-math.inf, math.inf) if is_open(entry) else ends
    axes.plot(np.clip([begin, end], low, high), [line, line], color=look["color"], linewidth=0.9)
    for beyond, at, arrow in ((begin < low, low + ARROW_INSET, "<"), (end > high, high - ARROW_INSET, ">")):
        if beyond:
            axes.plot([at], [line], color=look["color"], marker=arrow, markersize=4.5)
    if low <= ratio <= high:
        axes.plot([ratio], [line], linestyle="none", **look)


def _ratio(entry: Estimate, model: Mapping[str, float]) -> float | None:
    """The identified value over the model's; None where that is zero."""
    return entry.value / model[entry.name] if model[entry.name] != 0.0 else None
