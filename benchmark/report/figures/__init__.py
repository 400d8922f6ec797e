"""Figures of a suite, in one style."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matplotlib.figure import Figure

from benchmark.report.drawings import Drawing
from benchmark.report.figures.convergence import convergence
from benchmark.report.figures.endpoints import accuracy_against_time, boxplots, heldout
from benchmark.report.figures.parameters import parameters
from benchmark.report.figures.style import figure_style, render
from benchmark.report.suite import SuiteRuns

OF_SUITES: Mapping[str, Callable[[SuiteRuns], Figure]] = {
    "boxplots": boxplots,
    "accuracy-against-time": accuracy_against_time,
    "heldout": heldout,
    "convergence": convergence,
}
OF_METHODS: Mapping[str, Callable[[SuiteRuns, str], Figure]] = {"parameters": parameters}


def draw(drawing: Drawing) -> dict[str, bytes]:
    """Draw a figure: content of its files, by what their names end with."""
    with figure_style():
        if drawing.method is None:
            return render(OF_SUITES[drawing.kind](drawing.suite))
        return render(OF_METHODS[drawing.kind](drawing.suite, drawing.method))
