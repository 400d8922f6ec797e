"""How well calibrated models predict moments on trials that they have not seen, coordinate by coordinate."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

import numpy as np
import pandas as pd

from benchmark.analysis.tracked_moments import MomentFit, moment_fit, tracked_moments
from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.report.calibration.heldout import median_runs, moment_problem, start_fits
from benchmark.report.calibration.table import table_name
from benchmark.report.calibration.times import CASE
from benchmark.report.formats import MISSING, figure, records
from benchmark.report.material import SuiteMaterial
from benchmark.report.report_table import ReportTable, shown_table

NAME = "moment-tracking"
ALL = "all"
UNCALIBRATED = "(uncalibrated model)"
NUMBERS: Mapping[str, str] = {
    "RMSE (N m)": "rmse_nm",
    "R2 (1)": "r2_1",
    "RMSE at the start (N m)": "rmse_start_nm",
    "R2 at the start (1)": "r2_start_1",
}
HEADINGS = ("Problem", "Start level", "Method", "Seed", "Coordinate", *NUMBERS)
NOTE = (
    "Root mean square error and coefficient of determination of the moments about each coordinate over all held-out "
    "trials together, which nothing was calibrated on: of each method's run with the median RMSE over all coordinates. "
    "R2 is 1 less the squared error over the squared distance of each trial's moment from its mean: 0 is no better "
    "than the mean. At the start: the same of the parameters that this run began at, drawn around the uncalibrated "
    "model, which has lines of its own. The paper (Hambly et al.) tells of comparable tracking by both of its methods, "
    "of another person's measured moments, after 40 min and after 3 min, a 13th."
)


def moment_tracking_table(suite: SuiteMaterial) -> ReportTable | None:
    """The table of a suite's moment tracking; None where no run has what it needs."""
    chosen = median_runs(suite.runs)
    if chosen.empty:
        return None
    rows = dict(zip(suite.runs.index, suite.rows, strict=True))
    lines = [line for _, own in chosen.groupby("problem", sort=True) for line in _of_problem(own, rows)]
    if not lines:
        return None
    raw = pd.DataFrame(lines, columns=[*CASE, "method", "seed", "coordinate", *NUMBERS.values()])
    raw["seed"] = raw["seed"].astype("Int64")
    return ReportTable(
        table_name(NAME, suite.name),
        f"Moments on unseen trials, suite `{suite.name}`",
        raw,
        shown_table([_shown(line) for line in records(raw)], HEADINGS),
        NOTE,
        essential=("Method", "Coordinate", *NUMBERS),
        sort_by=NUMBERS,
    )


def _of_problem(runs: pd.DataFrame, rows: Mapping[Hashable, Row]) -> Iterator[Row]:
    """The lines of a problem's runs, then those of the uncalibrated model."""
    told = runs.loc[[index for index in runs.index if rows[index].get("heldout_by_coordinate")]]
    if told.empty:
        return
    problem = moment_problem(str(runs["problem"].iloc[0]), "moments of the starts")
    starts = {} if problem is None else start_fits(problem, told)
    for index, run in told.iterrows():
        own = {name: run[name] for name in (*CASE, "method", "seed")}
        fit = MomentFit(run["heldout_rmse_nm"], run["heldout_r2"], rows[index]["heldout_by_coordinate"])
        yield from _of_fit(own, fit, starts.get(index))
    if problem is not None:
        own = {name: told.iloc[0][name] for name in CASE} | {"method": UNCALIBRATED, "seed": pd.NA, "start_level": None}
        yield from _of_fit(own, moment_fit(tracked_moments(problem, problem.uncalibrated)), None)


def _of_fit(own: Row, fit: MomentFit, start: MomentFit | None) -> Iterator[Row]:
    """A line a coordinate, and one of all together."""
    before = {} if start is None else _figures(start)
    for coordinate, found in _figures(fit).items():
        at_start = before.get(coordinate, (np.nan, np.nan))
        yield own | {"coordinate": coordinate} | dict(zip(NUMBERS.values(), (*found, *at_start), strict=True))


def _figures(fit: MomentFit) -> dict[str, tuple[float, float]]:
    """RMSE (N m) and R2 by coordinate, and of all together."""
    return {name: (pair[0], pair[1]) for name, pair in fit.by_coordinate.items()} | {ALL: (fit.rmse_nm, fit.r2)}


def _shown(line: Row) -> Row:
    level = line["start_level"]
    names = {"Problem": line["problem"], "Method": line["method"], "Coordinate": line["coordinate"]}
    names["Start level"] = MISSING if level is None or pd.isna(level) else start_level_text(level)
    names["Seed"] = MISSING if pd.isna(line["seed"]) else str(line["seed"])
    return names | {heading: figure(line[column]) for heading, column in NUMBERS.items()}
