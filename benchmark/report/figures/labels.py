"""Names beside points, placed so that they cover neither each other nor the points.

The library adjustText leaves overlaps where points are close, and stops by the clock; this gives the same places each
time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from benchmark.report.figures.style import INK, POINT_IN, Array

SIZE = 7.5
PLATE: Mapping[str, Any] = {
    "facecolor": "white",
    "edgecolor": "none",
    "pad": 0.5,
}  # lines that pass below do not cross letters
ORDER = 2.0  # above grid and levels, below what is measured
GAP_PT = 2.0  # between names
MARKER_PT = 5.5  # half the side of what a marker covers
LEADER_FROM_PT = 7.0  # names that are nearer need no line to their point
DISTANCES_PT = (1.5, 5.0, 11.0, 18.0, 26.0, 35.0, 45.0, 56.0, 68.0, 81.0, 95.0, 110.0)
DIRECTIONS = 24
KEPT = 64  # places a name: the best of it while there are no others
RESTARTS, SEED = 40, 0
# What a place costs, in points of distance: so much a name or a point covered, a line that crosses, another point that
# is nearer than the own one, a dot covered.
COVERED, CROSSED, CONFUSED, DOTTED = 1000.0, 120.0, 50.0, 8.0


@dataclass(frozen=True, eq=False)
class _Places:
    """Where names can be, in pixels: k places for each of n names.

    Attributes
    ----------
    low, high
        Lower left and upper right of the names, (n, k, 2).
    start, end
        From where to where lines would go from the points to the names, (n, k, 2).
    confused
        Whether another point is nearer than the own one, (n, k).
    cost
        Of each place while there are no other names, (n, k).
    """

    low: Array
    high: Array
    start: Array
    end: Array
    confused: NDArray[np.bool_]
    cost: Array

    def cheapest(self, count: int) -> _Places:
        """The cheapest places alone, `count` for each name."""
        order = np.argsort(self.cost, axis=1, kind="stable")[:, :count]
        each = np.arange(len(order))[:, None]
        return _Places(*(getattr(self, own.name)[each, order] for own in fields(self)))

    def cost_together(self, gap: float) -> Array:
        """Of two names at two places, (n, k, n, k); nothing for a name beside itself."""
        low, high, start, end = (own[:, :, None, None] for own in (self.low, self.high, self.start, self.end))
        covers = ((low - gap < self.high) & (high + gap > self.low)).all(axis=-1)
        through = lines_touch(start, end, self.low, self.high)
        cost = COVERED * covers + CROSSED * (through + through.transpose(2, 3, 0, 1))
        cost += CROSSED * lines_cross(start, end, self.start, self.end)
        cost[np.arange(len(cost)), :, np.arange(len(cost))] = 0.0
        return np.asarray(cost)


def label_points(figure: Figure, axes: Axes, points: Mapping[str, Array], dots: Array) -> None:
    """Write names beside points of axes whose place in the figure and whose limits are final.

    Parameters
    ----------
    figure, axes
        The figure and the axes in it.
    points
        Where each name belongs in data, (2,).
    dots
        Data that names are better not written on, (d, 2).
    """
    texts = [
        axes.text(at[0], at[1], name, fontsize=SIZE, ha="center", va="center", bbox=dict(PLATE), zorder=ORDER)
        for name, at in points.items()
    ]
    if not texts:
        return
    anchors, blots = (axes.transData.transform(data) for data in (np.array(list(points.values())), dots))
    sizes = np.array([text.get_window_extent().size for text in texts])
    point = figure.dpi * POINT_IN
    places = _places(anchors, sizes, blots, axes.bbox.get_points(), point).cheapest(KEPT)
    chosen = np.arange(len(texts)), cheapest_together(places.cost, places.cost_together(GAP_PT * point))
    to_data = axes.transData.inverted().transform
    for text, at in zip(texts, to_data(0.5 * (places.low[chosen] + places.high[chosen])), strict=True):
        text.set_position(at)
    lines = np.stack([places.start[chosen], places.end[chosen]], axis=1)
    for line, confused in zip(lines, places.confused[chosen], strict=True):
        if confused or np.linalg.norm(line[1] - line[0]) > (LEADER_FROM_PT + MARKER_PT) * point:
            axes.plot(*to_data(line).T, color=INK, linewidth=0.5, zorder=ORDER + 0.1)


def cheapest_together(alone: Array, together: Array) -> NDArray[np.intp]:
    """Choose one of k for each of n, so that the sum of costs is small: (n,).

    Each in turn takes what is cheapest beside the others' choices, until none changes; the best of several turns.

    Parameters
    ----------
    alone
        Costs of each choice, (n, k).
    together
        Costs of each pair of choices, (n, k, n, k), the same both ways.
    """
    count, random = len(alone), np.random.default_rng(SEED)
    every = np.arange(count)
    best, lowest = np.zeros(count, dtype=np.intp), np.inf
    for _ in range(RESTARTS):
        chosen, before = alone.argmin(axis=1), None
        order = random.permutation(count)
        while before is None or not np.array_equal(before, chosen):
            before = chosen.copy()
            for one in order:
                chosen[one] = (alone[one] + together[one][:, every, chosen].sum(axis=1)).argmin()
        cost = alone[every, chosen].sum() + 0.5 * together[every, chosen][:, every, chosen].sum()
        if cost < lowest:
            best, lowest = chosen, cost
    return best


def _places(anchors: Array, sizes: Array, dots: Array, frame: Array, point: float) -> _Places:
    """All places of names around their points, with `point` pixels a point of typography."""
    turns = np.linspace(0.0, 2.0 * np.pi, DIRECTIONS, endpoint=False)
    directions = np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    marker, half = MARKER_PT * point, 0.5 * sizes[:, None]
    away = (marker + point * np.array(DISTANCES_PT))[:, None, None] * directions
    # Moved on by as much of its half size as the direction says, so that no corner comes nearer than that.
    moved = half * np.tile(np.clip(np.sqrt(2.0) * directions, -1.0, 1.0), (len(DISTANCES_PT), 1))
    centres = anchors[:, None] + away.reshape(-1, 2) + moved
    low, high, start = centres - half, centres + half, np.broadcast_to(anchors[:, None], centres.shape)
    distance, end = np.linalg.norm(away, axis=-1).ravel(), np.clip(start, low, high)
    boxes, foreign = (low[:, :, None], high[:, :, None]), ~np.eye(len(anchors), dtype=bool)[:, None]
    inset = GAP_PT * point
    outside = ((low - inset < frame[0]) | (high + inset > frame[1])).any(axis=-1)
    covered = lines_touch(anchors, anchors, boxes[0] - marker, boxes[1] + marker).sum(axis=-1) + outside
    crossed = (lines_touch(start[:, :, None], end[:, :, None], anchors - marker, anchors + marker) & foreign).sum(
        axis=-1
    )
    nearer = np.linalg.norm(np.clip(anchors, *boxes) - anchors, axis=-1) < distance[:, None]
    confused, dotted = (nearer & foreign).any(axis=-1), lines_touch(dots, dots, *boxes).sum(axis=-1)
    cost = distance / point + COVERED * covered + CROSSED * crossed + CONFUSED * confused + DOTTED * dotted
    return _Places(low, high, start, end, confused, cost)


def lines_touch(start: Array, end: Array, low: Array, high: Array) -> NDArray[np.bool_]:
    """Whether lines touch boxes, elementwise over all but the last axis, which is that of x and y.

    Cut off at the sides of a box, something of the line must be left (Liang and Barsky 1984).
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # of lines along an axis, all or nothing is left
        one, other = (low - start) / (end - start), (high - start) / (end - start)
    first, last = np.minimum(one, other).max(axis=-1), np.maximum(one, other).min(axis=-1)
    return np.asarray(np.maximum(first, 0.0) <= np.minimum(last, 1.0))


def lines_cross(start: Array, end: Array, other_start: Array, other_end: Array) -> NDArray[np.bool_]:
    """Whether lines cross others, elementwise over all but the last axis."""

    def apart(begin: Array, finish: Array, *ends: Array) -> NDArray[np.bool_]:
        along = finish - begin
        one, other = (along[..., 0] * (of - begin)[..., 1] - along[..., 1] * (of - begin)[..., 0] for of in ends)
        return np.asarray(one * other < 0.0)

    return apart(start, end, other_start, other_end) & apart(other_start, other_end, start, end)
