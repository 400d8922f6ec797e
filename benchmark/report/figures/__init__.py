"""Figures of a suite, in one style."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from matplotlib.figure import Figure

from benchmark.report.figures.convergence import convergence
from benchmark.report.figures.endpoints import accuracy_against_time, boxplots, heldout
from benchmark.report.figures.parameters import parameters
from benchmark.report.figures.style import figure_style, render
from benchmark.report.suite import SuiteRuns

KINDS = ("pdf", "png")


def suite_figures(suite: SuiteRuns) -> Iterator[tuple[str, bytes]]:
    """File name and content of every figure that the suite's runs allow; none without a result."""
    for name, draw in _drawings(suite):
        with figure_style():
            figure = draw()
            for kind in KINDS:
                yield f"{name}.{kind}", render(figure, kind)


def _drawings(suite: SuiteRuns) -> Iterator[tuple[str, Callable[[], Figure]]]:
    if len(suite.results):
        yield "boxplots", partial(boxplots, suite)
        yield "accuracy-against-time", partial(accuracy_against_time, suite)
    if suite.results["heldout_rmse_nm"].notna().any():
        yield "heldout", partial(heldout, suite)
    if suite.traced:
        yield "convergence", partial(convergence, suite)
    for method in suite.methods:
        if sum(run.method == method for run in suite.traced) > 1:  # there is no spread over starts to show otherwise
            yield (
                "parameters" if len(suite.methods) == 1 else f"parameters-{method}",
                partial(parameters, suite, method),
            )
