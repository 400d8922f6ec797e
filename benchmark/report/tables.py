"""Summary of a suite: medians and quartiles, one line a problem, method and start level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from benchmark.harness.row import Row
from benchmark.identifiability.classes import IDENTIFIABLE_PERCENT, REFERENCE_NOISE_RAD_PER_S2
from benchmark.problem.start_level import start_level_text
from benchmark.report.calibration.problems import all_track_moments
from benchmark.report.endings import OBJECTIVE, SKIPPED, all_statuses, ending_column, endings_text
from benchmark.report.formats import MISSING, figure, quartiles, records, spread
from benchmark.report.material import SuiteMaterial
from benchmark.report.omissions import left_out
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.report.rows import COST, ERROR_OVER_BOUND, IDENTIFIABLE_ERROR, OF_IDENTIFIABLE, delivered

TARGET_HEADING = "Reached target"
FALSE_STOPS_HEADING = "False stops"
GROUP = ["problem", "method", "start_level"]
COMPARED = (
    "Compared are the dynamic coefficients of the bones, the parameters of the muscles that M1 can see, and the shared "
    "ones. Not among them, because no method can know them: TRIlat and BRD (without any influence on M1), the tendon "
    "slack length of PECM1 (a rigid tendon carries any force at the same length, so that eq. (16) does not hold it), "
    "and pennation angles that are zero."
)
NOTE = (
    "Median start → median end [lower quartile, upper quartile] of the runs that delivered a result; quartiles are "
    "left out where they agree; the CSV file has the starts' quartiles too. A run reached the target if its mean "
    "squared unexplained acceleration ended at or below what `benchmark/problem/targets.toml` counts as the best "
    "minimum known. A false stop is a run that its method ended by its own criterion, where it was to do so, without "
    "having reached the target; of all runs that it so ended. Cost weighs each evaluation by what its kind takes, "
    "measured in residual evaluations (`benchmark/harness/prices.toml`); solve time is on the method's clock, without "
    "compiling and loading."
)
TRACKED_COMPARED = (
    "Compared are optimal fibre length, tendon slack length and maximum isometric force of all muscles with the "
    "simulated arm's, whose activation dynamics the calibrated model does not have: the best fit is not the truth, so "
    "there is no target, and no table of success or ranks, for errors of parameters. The loss is the same from all "
    "starts: squared moment errors over the measured moments' variances, and a penalty."
)
IDENTIFIABLE_NOTE = (
    "Identifiable error: root mean square over those orthogonal directions among stage one's relative parameters whose "
    f"95 % interval is within {IDENTIFIABLE_PERCENT:g} % at the problem's noise or, where it has none, at "
    f"{REFERENCE_NOISE_RAD_PER_S2:g} rad/s2. Error over bound: root mean square, over the parameters whose interval is "
    "so narrow, of the error over the least standard deviation of any unbiased estimate (Cramer and Rao)."
)


@dataclass(frozen=True)
class Measure:
    """A column of runs that the summary shows: its heading with the unit, and the column it starts from."""

    column: str
    heading: str
    unit: str
    start: str | None = None

    @property
    def stem(self) -> str:
        """Name of the measure in CSV headers; the unit is added last."""
        return self.column.removesuffix("_nm").removesuffix("_s").removesuffix("_rad2_per_s4").removesuffix("_percent")


SUMMARY = (
    Measure("cr1", "Cr1 (%)", "percent", "cr1_start"),
    Measure("cr2", "Cr2 (%)", "percent", "cr2_start"),
    Measure("cr2m", "Cr2m (%)", "percent", "cr2m_start"),
    Measure(IDENTIFIABLE_ERROR, "Identifiable error (%)", "percent"),
    Measure(ERROR_OVER_BOUND, "Error over bound (1)", "1"),
    Measure("loss", "Loss (1)", "1", "loss_start"),
    Measure(OBJECTIVE, "Objective (rad2/s4)", "rad2_per_s4"),
    Measure("heldout_rmse_nm", "Held-out RMSE (N m)", "nm"),
    Measure("heldout_r2", "Held-out R2 (1)", "1"),
    Measure("evaluations", "Evaluations (1)", "1"),
    Measure(COST, "Cost (residual evaluations)", "residual_evaluations"),
    Measure("solve_s", "Solve time (s)", "s"),
)
ON_PAPER = ("cr2m", COST, "solve_s")
COUNTS = ("Problem", "Method", "Start level", "Runs", "Ended", "Failed", TARGET_HEADING, FALSE_STOPS_HEADING)
COUNTED_BY: Mapping[str, str] = MappingProxyType(
    {
        "Runs": "runs",
        "Failed": "failed_runs",
        TARGET_HEADING: "reached_target_runs",
        FALSE_STOPS_HEADING: "false_convergences",
    }
)


def summarise(runs: pd.DataFrame) -> pd.DataFrame:
    """Median and quartiles of the runs that delivered a result, how all of them ended, and what they reached.

    Parameters
    ----------
    runs
        The runs of one suite, as `runs_table` gives them.

    Returns
    -------
    pd.DataFrame
        One line a problem, method and start level; every header of a measure ends with its unit. Of the runs that can
        be judged, as their problem has a target, ``own_stops`` ended by the method's own criterion, and
        ``false_convergences`` did so before they had reached the target.
    """
    statuses = all_statuses(runs["status"])
    groups = runs.groupby(GROUP, sort=True, observed=True)
    return pd.DataFrame([_summary_line(group, statuses) for _, group in groups])


def _summary_line(group: pd.DataFrame, statuses: Sequence[str]) -> Row:
    first, done, ended = group.iloc[0], delivered(group), Counter(group["status"])
    own = group.loc[(group["status"] == "converged") & (group["stop"] != "target"), "reached_target"]
    line: Row = {
        "problem": first["problem"],
        "method": first["method"],
        "start_level": first["start_level"],
        "runs": len(group),
        "failed_runs": len(group) - len(done) - ended[SKIPPED],
        **{ending_column(status): ended[status] for status in statuses},
        "judged_runs": group["reached_target"].count(),
        "reached_target_runs": group["reached_target"].sum(),
        "own_stops": own.count(),
        "false_convergences": (~own).sum(),
    }
    for measure in SUMMARY:
        if measure.start is not None:
            line |= quartiles(done[measure.start], f"{measure.stem}_start", measure.unit)
        line |= quartiles(done[measure.column], measure.stem, measure.unit)
    return line


def summary_table(suite: SuiteMaterial) -> ReportTable:
    """The summary of a suite, with what it and the figures leave out."""
    raw = summarise(suite.runs)
    measures = _shown_measures(suite.runs)
    of_identifiable = any(measure.column in OF_IDENTIFIABLE for measure in measures)
    return ReportTable(
        name=f"summary-{suite.name}",
        title=f"Results of suite `{suite.name}`",
        raw=raw,
        shown=_shown(raw, all_statuses(suite.runs["status"]), measures),
        note=f"{NOTE} {IDENTIFIABLE_NOTE}" if of_identifiable else NOTE,
        remarks=(*left_out(suite), TRACKED_COMPARED if all_track_moments(suite.runs) else COMPARED),
        essential=tuple(heading for heading in COUNTS if heading != "Ended")
        + tuple(measure.heading for measure in measures if measure.column in ON_PAPER),
        sort_by={**COUNTED_BY} | {measure.heading: f"{measure.stem}_median_{measure.unit}" for measure in measures},
    )


def _shown_measures(runs: pd.DataFrame) -> list[Measure]:
    """The measures of `SUMMARY` less those that not all problems have and no run does."""
    done, known = delivered(runs), not all_track_moments(runs)
    not_everywhere = (*OF_IDENTIFIABLE, *(() if known else (OBJECTIVE,)))
    return [m for m in SUMMARY if m.column not in not_everywhere or done[m.column].notna().any()]


def _shown(raw: pd.DataFrame, statuses: Sequence[str], measures: Sequence[Measure]) -> pd.DataFrame:
    lines = [
        {
            "Problem": line["problem"],
            "Method": line["method"],
            "Start level": start_level_text(line["start_level"]),
            "Runs": line["runs"],
            "Ended": endings_text({status: line[ending_column(status)] for status in statuses}),
            "Failed": line["failed_runs"],
            TARGET_HEADING: reached_text(line),
            FALSE_STOPS_HEADING: false_stops_text(line),
        }
        | {measure.heading: _cell(line, measure) for measure in measures}
        for line in records(raw)
    ]
    return shown_table(lines, [*COUNTS, *(measure.heading for measure in measures)])


def reached_text(line: Row) -> str:
    """Runs that reached the target of all that can be judged, failed ones too; a dash where there is no target."""
    return _share(line["reached_target_runs"], line["judged_runs"])


def false_stops_text(line: Row) -> str:
    """Runs that their method ended too early, of all that it ended and that can be judged; a dash without such."""
    return _share(line["false_convergences"], line["own_stops"])


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole}" if whole else MISSING


def _cell(line: Row, measure: Measure) -> str:
    return _from_start(line, measure, spread(line, measure.stem, measure.unit))


def _from_start(line: Row, measure: Measure, end: str) -> str:
    """`end`, with the median start before it if the measure has one."""
    if measure.start is None or end == MISSING:
        return end
    return f"{figure(line[f'{measure.stem}_start_median_{measure.unit}'])} → {end}"
