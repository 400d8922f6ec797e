"""Where names are placed, against brute force and matplotlib's own geometry."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from benchmark.report.figures.labels import MARKER_PT, cheapest_together, label_points, lines_cross, lines_touch
from benchmark.report.figures.style import POINT_IN, Array, figure_style

from .drawn import faults

NAMES = tuple(f"a_method_{index} ({index}/16)" for index in range(16))


def test_the_choice_is_the_cheapest_of_all() -> None:
    random = np.random.default_rng(0)
    alone, together = random.random((4, 3)), random.random((4, 3, 4, 3))
    together = together + together.transpose(2, 3, 0, 1)
    together[np.arange(4), :, np.arange(4)] = 0.0

    def cost(chosen: tuple[int, ...]) -> float:
        pairs = sum(together[i, chosen[i], j, chosen[j]] for i in range(4) for j in range(i))
        return float(sum(alone[i, chosen[i]] for i in range(4)) + pairs)

    best = min(product(range(3), repeat=4), key=cost)
    assert cheapest_together(alone, together).tolist() == list(best)


def test_lines_touch_boxes_and_cross_lines_as_matplotlib_says() -> None:
    random = np.random.default_rng(1)
    lines, others = random.random((2, 300, 2, 2))
    low, high = np.sort(others, axis=1).transpose(1, 0, 2)
    touches = lines_touch(lines[:, 0], lines[:, 1], low, high)
    crosses = lines_cross(lines[:, 0], lines[:, 1], others[:, 0], others[:, 1])
    boxes = [Bbox(corners) for corners in np.stack([low, high], axis=1)]
    assert touches.tolist() == [Path(line).intersects_bbox(box) for line, box in zip(lines, boxes, strict=True)]
    paths = zip(lines, others, strict=True)
    assert crosses.tolist() == [Path(line).intersects_path(Path(other), filled=False) for line, other in paths]
    assert 30 < touches.sum() < 270
    assert 30 < crosses.sum() < 270


def test_points_and_lines_along_an_axis_touch_what_they_are_in() -> None:
    low, high = np.array([0.0, 0.0]), np.array([2.0, 1.0])
    starts = np.array([[1.0, 0.5], [3.0, 0.5], [-1.0, 0.5], [-1.0, 1.5], [1.0, -1.0]])
    ends = np.array([[1.0, 0.5], [3.0, 0.5], [5.0, 0.5], [5.0, 1.5], [1.0, 3.0]])
    assert lines_touch(starts, ends, low, high).tolist() == [True, False, True, False, True]


def crowd(seed: int) -> Array:
    """Sixteen points on logarithmic axes, half of them close to each other at the right."""
    random = np.random.default_rng(seed)
    spread = 10.0 ** random.uniform([-1.0, -3.0], [0.5, 1.0], (8, 2))
    return np.concatenate([spread, 10.0 ** random.normal([1.0, 1.0], [0.03, 0.4], (8, 2))])


@pytest.mark.parametrize("seed", range(3))
def test_names_of_a_crowd_cover_neither_each_other_nor_points_nor_the_frame(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with figure_style():
        figure = Figure(figsize=(7.2, 3.3))
        axes = figure.subplots()
        axes.set(xlim=(0.02, 80.0), ylim=(1e-4, 1e3), xscale="log", yscale="log", xticks=[], yticks=[])
        points = crowd(seed)
        label_points(figure, axes, dict(zip(NAMES, points, strict=True)), points)
        assert faults(figure, monkeypatch) == []
    boxes = [text.get_window_extent().get_points() for text in axes.texts]
    frame, anchors = axes.bbox.get_points(), axes.transData.transform(points)
    assert {text.get_text() for text in axes.texts} == set(NAMES)
    assert all((box[0] >= frame[0]).all() and (box[1] <= frame[1]).all() for box in boxes)
    marker = 0.5 * MARKER_PT * figure.dpi * POINT_IN
    covered = [((anchors > box[0] - marker) & (anchors < box[1] + marker)).all(axis=1).any() for box in boxes]
    assert not any(covered)


def test_a_lone_name_stands_beside_its_point_without_a_line() -> None:
    figure = Figure(figsize=(4.0, 3.0))
    axes = figure.subplots()
    label_points(figure, axes, {"alone": np.array([0.5, 0.5])}, np.zeros((0, 2)))
    assert not axes.lines
    box = axes.texts[0].get_window_extent()
    middle = axes.transData.transform((0.5, 0.5))
    assert np.linalg.norm(np.clip(middle, box.min, box.max) - middle) < 10.0 * figure.dpi * POINT_IN
    label_points(figure, axes, {}, np.zeros((0, 2)))
    assert len(axes.texts) == 1
