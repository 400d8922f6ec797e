"""Which figures the report has."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

import pandas as pd

from benchmark.harness.row import Row
from benchmark.report.calibration.heldout import tracked_examples
from benchmark.report.calibration.problems import tracks_moments
from benchmark.report.deep_muscles.drawings import imperfection_drawings
from benchmark.report.deep_muscles.problems import compares_subjects
from benchmark.report.drawings import Drawing
from benchmark.report.endings import OBJECTIVE
from benchmark.report.examples import examples
from benchmark.report.intervals import SHOWN_TARGETS
from benchmark.report.material import Material, SuiteMaterial
from benchmark.report.page.method_notes import control_methods
from benchmark.report.predictions.drawings import prediction_drawings
from benchmark.report.rows import ERROR_OVER_BOUND
from benchmark.report.suite import SuiteRuns, suite_runs
from benchmark.speed.exchange_rates import THREADS, exchange_rates
from benchmark.speed.stored import StoredTimings
from benchmark.speed.table import speed_table
from datasets.parameters import MUSCLE_UNITS, SHARED_UNITS

FEW_METHODS = 4  # of more, nobody looks at the parameters over time one by one: the heat map has all of them


def suite_drawings(material: Material, suite: SuiteMaterial) -> Iterator[Drawing]:
    """Every figure that the runs of a suite allow, the longest to draw first; none without a result.

    Parameters
    ----------
    material
        All that the report is made from.
    suite
        One of its suites.
    """
    if compares_subjects(suite.runs["problem"]):
        yield from imperfection_drawings(suite.runs)
        return
    controls = control_methods(suite.runs["method"])
    runs = suite_runs(
        suite.name,
        suite.runs,
        suite.traces,
        controls=controls,
        targets=material.targets,
        narrowed=not material.narrowing.is_all,
    )
    yield from _of_traces(runs)
    yield from _of_results(runs)
    tried = material.attempts_of(suite.name)
    if tried.loc[tried["target"].isin(SHOWN_TARGETS), "reached"].fillna(value=False).any():
        yield Drawing("run-time-distributions", "run-time-distributions", (tried, runs.methods))
    rows = dict(zip(suite.runs.index, suite.rows, strict=True))
    yield from _of_single_runs(runs, {index: _identified(row) for index, row in rows.items()})
    yield from prediction_drawings(suite, controls)
    tracked = tracked_examples(suite.runs, rows, controls)
    for example in tracked:
        name = "tracked-moments" if len(tracked) == 1 else f"tracked-moments-{example.problem}"
        yield Drawing(name, "tracked-moments", (example,))


def speed_drawings(timings: StoredTimings) -> Iterator[Drawing]:
    """The figures of timings; none without those on one thread."""
    table = speed_table(timings.blocks)
    if (table["threads"] == THREADS).any():
        yield Drawing("speed", "speed", (table,))
    if rates := exchange_rates(table):
        yield Drawing("exchange-rates", "exchange-rates", (rates,))


def _of_traces(suite: SuiteRuns) -> Iterator[Drawing]:
    for method in suite.methods if len(suite.methods) <= FEW_METHODS else ():
        own = suite.traced_with(method)
        if len(own.traced) > 1:  # there is no spread over starts to show otherwise
            name = "parameters" if len(suite.methods) == 1 else f"parameters-{method}"
            yield Drawing(name, "parameters", (own, method))
    if suite.traced:
        yield Drawing("convergence", "convergence", (suite.without_errors(),))
    yield from _errors(suite)


def _of_results(suite: SuiteRuns) -> Iterator[Drawing]:
    untraced = suite.without_traces()
    if suite.results[["cr2m", "solve_s"]].notna().all(axis=1).any():
        yield Drawing("accuracy-against-time", "accuracy-against-time", (untraced,))
    if suite.results[ERROR_OVER_BOUND].notna().any():
        yield Drawing("efficiency", "efficiency", (untraced,))
    if len(suite.results):
        yield Drawing("boxplots", "boxplots", (untraced,))
    if suite.results["heldout_rmse_nm"].notna().any():
        yield Drawing("heldout", "heldout", (untraced,))
    ended = suite.results.dropna(subset=[OBJECTIVE])
    if ended.duplicated(["problem", "start_level", "method"]).any():  # single runs have no order
        yield Drawing("waterfall", "waterfall", (untraced,))


def _errors(suite: SuiteRuns) -> Iterator[Drawing]:
    """Errors of parameters at the end: of several methods a figure a problem, of one method all problems in one."""
    ends = [
        {"problem": run.problem, "method": run.method} | dict(zip(run.trace.names, run.trace.errors[-1], strict=True))
        for run in suite.traced
    ]
    table = pd.DataFrame(ends)
    compared = [name for name in table if name in SHARED_UNITS or str(name).partition(".")[2] in MUSCLE_UNITS]
    if not compared:
        return
    if len(suite.methods) == 1:
        title = suite.methods[0]
        yield Drawing("parameter-errors", "parameter-errors", (title, table.set_index("problem")[compared]))
        return
    for problem, own in table.groupby("problem"):
        name = f"parameter-errors-{problem}"
        yield Drawing(name, "parameter-errors", (problem, own.set_index("method")[compared]))


def _identified(row: Row) -> Mapping[str, float]:
    """What a run identified of fibres that eq. (15) has; moment tracking has other muscles, and figures of its own."""
    return {} if tracks_moments(row["problem"]) else row.get("identified") or {}


def _of_single_runs(suite: SuiteRuns, identified: Mapping[Hashable, Mapping[str, float]]) -> Iterator[Drawing]:
    for example in examples(suite, identified):
        formulation = example.problem.partition("-")[0]
        yield Drawing(f"muscle-curves-{formulation}", "muscle-curves", (example,))
        yield Drawing(f"heldout-torque-{formulation}", "heldout-torque", (example,))
