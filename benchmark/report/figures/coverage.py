"""Coverage of 95 % intervals: in which share of noisy replicates each quantity's interval held the truth."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.identifiability.classes import LEVEL
from benchmark.identifiability.directions import plain_name
from benchmark.report.figures.style import COLOURS, FONT_SIZE, INK, WIDTH_IN, add_note
from benchmark.uncertainty.covered import Coverage

LINE_IN, BESIDE_IN = 0.125, 1.7
LABEL_SIZE = FONT_SIZE - 3.0
INSIDE_LOOK = {"color": COLOURS[0], "fmt": "o", "markersize": 3.0}
OUTSIDE_LOOK = {"color": COLOURS[3], "fmt": "D", "markersize": 3.5, "markerfacecolor": "white"}
POOLED_LOOK = {"color": INK, "fmt": "s", "markersize": 4.5}
POOLED = "all together"
NOTE = (
    "Share of the replicates whose 95 % interval held the truth, with Wilson's 95 % interval; quantities that are "
    "identifiable at this noise, the best determined first. Line: 95 %. Band: where 95 of 100 shares lie by chance if "
    "the intervals are right. Diamonds: shares beyond it. All together: the mean, with its interval over replicates. "
    "Searches started at the truth: it is the intervals that are tested, not the search."
)


def coverage(found: Coverage) -> Figure:
    """Shares of the replicates in which the truth was covered, a line a quantity."""
    order = np.argsort(found.bounds_percent, kind="stable")
    figure = Figure(figsize=(WIDTH_IN, LINE_IN * (len(order) + 2) + BESIDE_IN), layout="constrained")
    axes = figure.subplots()
    low, high = (100.0 * end for end in found.allowed)
    axes.axvspan(low, high, color="0.9", linewidth=0.0)
    axes.axvline(100.0 * LEVEL, color=INK, linewidth=0.8)
    for line, index in enumerate(order, start=1):
        share, ends = float(found.shares[index]), found.share_intervals[index]
        outside = found.names[index] in found.outside
        _dot(axes, line, share, (float(ends[0]), float(ends[1])), OUTSIDE_LOOK if outside else INSIDE_LOOK)
    _dot(axes, 0, found.pooled, found.pooled_interval, POOLED_LOOK)
    _name(axes, [POOLED, *(plain_name(found.names[index]) for index in order)])
    title = f"{found.problem}, noise of {found.noise_rad_per_s2:g} rad/s², {found.replicates} replicates"
    figure.suptitle(title, fontsize=FONT_SIZE)
    add_note(figure, NOTE)
    return figure


def _dot(axes: Axes, line: int, share: float, ends: tuple[float, float], look: dict[str, object]) -> None:
    reach = 100.0 * np.abs(np.array([[ends[0] - share], [ends[1] - share]]))
    axes.errorbar([100.0 * share], [line], xerr=reach, elinewidth=0.9, **look)  # type: ignore[arg-type]


def _name(axes: Axes, labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), labels, fontsize=LABEL_SIZE)
    axes.get_yticklabels()[0].set_fontweight("bold")
    axes.set(ylim=(len(labels) - 0.4, -0.6), xlabel="Share of replicates that cover the truth (%)")
    axes.tick_params(axis="y", length=0.0)
    axes.grid(visible=False, axis="y")
