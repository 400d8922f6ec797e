"""What is compared where: the methods that predict, and the best of those that do not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd

from benchmark.problem.start_level import StartLevel
from benchmark.report.examples import by_accuracy
from benchmark.report.material import SuiteMaterial
from benchmark.report.predictions.run_errors import NETWORK
from benchmark.report.rows import delivered

CASE = ["problem", "start_level"]


@dataclass(frozen=True, eq=False)
class PredictedCase:
    """The predictions on a problem from starts of a level.

    Attributes
    ----------
    problem, start_level
        Which these are.
    errors
        The lines of `run_errors`.
    runs
        The runs that delivered a result, as `runs_table` gives them.
    networks
        Methods that predict themselves, sorted.
    best
        Of the other methods, the one with the lowest median Cr2m; None without one. Controls do not count.
    """

    problem: str
    start_level: StartLevel
    errors: pd.DataFrame
    runs: pd.DataFrame
    networks: tuple[str, ...]
    best: str | None


def predicted_cases(suite: SuiteMaterial, controls: Collection[str]) -> Iterator[PredictedCase]:
    """The cases of a suite that any method predicts something of.

    Parameters
    ----------
    suite
        The suite.
    controls
        Methods that do not compete.
    """
    errors, runs = suite.prediction_errors, delivered(suite.runs)
    networks = tuple(sorted(set(errors.loc[errors["source"] == NETWORK, "method"])))
    for _, own in errors.groupby(CASE, observed=True, sort=True):
        problem, level = own.iloc[0][CASE]
        in_case = runs[(runs["problem"] == problem) & (runs["start_level"] == level)]
        there = tuple(name for name in networks if (in_case["method"] == name).any())
        best, *_ = [*by_accuracy(in_case, {*networks, *controls}), None]
        yield PredictedCase(problem, level, own, in_case, there, best)
