"""Which figures of predictions a suite has."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from benchmark.problem.start_level import start_level_stem
from benchmark.report.drawings import Drawing
from benchmark.report.material import SuiteMaterial
from benchmark.report.predictions.cases import PredictedCase, predicted_cases
from benchmark.report.predictions.table import SUITE

KIND = "predictions"


def prediction_drawings(suite: SuiteMaterial, controls: Collection[str]) -> Iterator[Drawing]:
    """How much of each angle and force is explained: a figure a problem and start level that are predicted.

    Parameters
    ----------
    suite
        The suite.
    controls
        Methods that do not compete.
    """
    cases = list(predicted_cases(suite, controls))
    with_problem = suite.name != SUITE or len({case.problem for case in cases}) > 1
    with_level = len({case.start_level for case in cases}) > 1
    for case in cases:
        yield Drawing(_name(case, with_problem, with_level), KIND, (case,))


def _name(case: PredictedCase, with_problem: bool, with_level: bool) -> str:
    """The figure's name, with what tells it from the others; of another suite than `SUITE` with the problem."""
    parts = [case.problem] if with_problem else []
    parts += [start_level_stem(case.start_level)] if with_level else []
    return "-".join([KIND, *parts])
