"""How much of what noisy recordings could tell each method makes use of: errors beside the Cramer-Rao bound."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from benchmark.harness.row import Row
from benchmark.problem.problem_name import ProblemName
from benchmark.problem.start_level import start_level_text
from benchmark.report.endings import OBJECTIVE, SKIPPED
from benchmark.report.formats import MISSING, figure, quartiles, records, spread
from benchmark.report.material import SuiteMaterial
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.report.rows import ERROR_OVER_BOUND, IDENTIFIABLE_ERROR, delivered

NEAR_BOUND = 1.5  # of a hundred draws of the noise, one or two take an estimate as good as the bound beyond it
DECIMALS = 2  # of the error over bound, that methods are sorted by: those in one minimum differ by less
GROUP = ["problem", "start_level", "method"]
NOISE, WITHIN = "Noise (rad/s2)", f"Error within {NEAR_BOUND:g} bounds (runs)"
EXCESS = "excess_objective_percent"
# The column of runs that each is of, and what its columns begin and end with.
MEASURES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "Error over bound (1)": (ERROR_OVER_BOUND, "error_over_bound", "1"),
        "Identifiable error (%)": (IDENTIFIABLE_ERROR, "identifiable_error", "percent"),
        "Cr2m (%)": ("cr2m", "cr2m", "percent"),
        "Excess objective (%)": (EXCESS, "excess_objective", "percent"),
        "Solve time (s)": ("solve_s", "solve", "s"),
    }
)
HEADINGS = ("Problem", NOISE, "Start level", "Method", "Runs", "Failed", WITHIN, *MEASURES)
NOTE = (
    "Error over bound: root mean square, over the parameters of stage one that are identifiable at the problem's "
    "noise, of the error over the Cramer-Rao bound, the least standard deviation of any unbiased estimate. 1 is what "
    "the best estimate has over many draws of the noise. What a run has more it loses, as it has not converged or "
    "ended in a wrong minimum, or all methods lose it, where noise is so large that the residual's curvature matters. "
    f"As far as it does not, hardly any draw takes the best estimate beyond {NEAR_BOUND:g}; of all runs, those within "
    "it are counted, failed ones not among them. A run's seed draws its noise and its start, the same for all methods. "
    "Values below 1 arise by chance, from bounds of parameters that hold an estimate, and from stopping early, as "
    "starts are drawn around the truth: they are no merit. Identifiable error: root mean square over the directions of "
    "relative parameters that are identifiable at this noise. Excess objective: how far the mean squared unexplained "
    "acceleration ended above the lowest that any of these runs has with the same noise; it tells what a method lost "
    "from what the noise took. Median [quartiles] of the runs that delivered a result, the least error over bound "
    "first, of equal ones the fastest."
)


def efficiency(runs: pd.DataFrame) -> pd.DataFrame:
    """Errors beside the Cramer-Rao bound, a line a problem with noise, start level and method, the best first.

    Parameters
    ----------
    runs
        The runs of a suite, as `runs_table` gives them.

    Returns
    -------
    pd.DataFrame
        Empty where no run's error can be compared with a bound. Medians and quartiles are of the runs that delivered a
        result; ``within_runs`` counts those of them within `NEAR_BOUND`.
    """
    done = delivered(runs)
    noisy = done.loc[done[ERROR_OVER_BOUND].notna(), "problem"].unique()
    groups = _with_excess(runs[runs["problem"].isin(noisy)]).groupby(GROUP, sort=True, observed=True)
    lines = pd.DataFrame([_line(group) for _, group in groups])
    if lines.empty:
        return lines
    lines["start_level"] = lines["start_level"].astype(runs["start_level"].dtype)
    order = ["problem", "start_level", "rounded", "solve_median_s"]
    rounded = lines["error_over_bound_median_1"].round(DECIMALS)
    ordered = lines.assign(rounded=rounded).sort_values(order, kind="stable", ignore_index=True)
    return ordered.drop(columns="rounded")


def efficiency_table(suite: SuiteMaterial) -> ReportTable | None:
    """The table of `efficiency`; None of a suite without noisy problems whose bounds are known."""
    raw = efficiency(suite.runs)
    if raw.empty:
        return None
    medians = {heading: f"{stem}_median_{unit}" for heading, (_, stem, unit) in MEASURES.items()}
    return ReportTable(
        name=f"efficiency-{suite.name}",
        title=f"Errors beside the best that noise allows, on suite `{suite.name}`",
        raw=raw,
        shown=shown_table(map(_shown, records(raw)), HEADINGS),
        note=NOTE,
        essential=tuple(heading for heading in HEADINGS if heading not in ("Start level", "Failed")),
        sort_by=medians | {NOISE: "noise_rad_per_s2", "Runs": "runs", "Failed": "failed_runs", WITHIN: "within_runs"},
    )


def _with_excess(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs with their `EXCESS`: a seed's noise is the same for all methods and start levels."""
    lowest = delivered(runs).groupby(["problem", "seed"])[OBJECTIVE].min().rename("lowest")
    of_seed = runs[["problem", "seed"]].join(lowest, on=["problem", "seed"])["lowest"]
    return runs.assign(**{EXCESS: 100.0 * (runs[OBJECTIVE] / of_seed - 1.0)})


def _line(group: pd.DataFrame) -> Row:
    first, done = group.iloc[0], delivered(group)
    counted = group[group["status"] != SKIPPED]
    line: Row = {key: first[key] for key in GROUP}
    line |= {
        "noise_rad_per_s2": ProblemName.parse(first["problem"]).noise_rad_per_s2,
        "runs": len(counted),
        "failed_runs": len(counted) - len(done),
        "within_runs": int((done[ERROR_OVER_BOUND] <= NEAR_BOUND).sum()),
    }
    for column, stem, unit in MEASURES.values():
        line |= quartiles(done[column], stem, unit)
    return line


def _shown(line: Row) -> Row:
    return {
        "Problem": line["problem"],
        NOISE: figure(line["noise_rad_per_s2"]),
        "Start level": start_level_text(line["start_level"]),
        "Method": line["method"],
        "Runs": line["runs"],
        "Failed": line["failed_runs"],
        WITHIN: f"{line['within_runs']}/{line['runs']}" if line["runs"] else MISSING,
    } | {heading: spread(line, stem, unit) for heading, (_, stem, unit) in MEASURES.items()}
