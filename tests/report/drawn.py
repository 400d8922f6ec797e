"""What is drawn: the texts of a figure and where they are."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from benchmark.report.figures.style import PNG_DPI, settle

SLACK = 1.0  # pixels that boxes of texts may share, as they are a little larger than the ink


def drawn_texts(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Bbox]]:
    """The texts that are drawn, ticks' labels and all, and their boxes in pixels."""
    found: dict[int, Text] = {}
    draw: Any = Text.draw

    def noting(self: Text, *arguments: Any, **options: Any) -> None:
        if self.get_visible() and self.get_text().strip():
            found[id(self)] = self
        draw(self, *arguments, **options)

    settle(figure)
    figure.set_dpi(PNG_DPI)
    with monkeypatch.context() as patch:
        patch.setattr(Text, "draw", noting)
        FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]
    return [(text.get_text(), text.get_window_extent()) for text in found.values()]


def faults(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is wrong with the texts of a figure: those that cover each other, or do not fit."""
    texts = drawn_texts(figure, monkeypatch)
    width, height = figure.bbox.size
    beyond = [
        f"{text!r} is cut off"
        for text, box in texts
        if box.x0 < -SLACK or box.y0 < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK
    ]
    covering = [f"{one!r} covers {other!r}" for (one, box), (other, its) in combinations(texts, 2) if _meet(box, its)]
    return beyond + covering


def _meet(one: Bbox, other: Bbox) -> bool:
    return bool(
        min(one.x1, other.x1) - max(one.x0, other.x0) > SLACK and min(one.y1, other.y1) - max(one.y0, other.y0) > SLACK
    )
