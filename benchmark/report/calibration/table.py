"""How long calibration by moment tracking takes with each method, for people."""

from __future__ import annotations

import math
from collections.abc import Mapping

from benchmark.harness.methods import PRESET_MARK
from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.report.calibration.findings import findings
from benchmark.report.calibration.times import LOOSER, NEAR, REFERENCE, annealers, calibration_times, looser_column
from benchmark.report.formats import MISSING, figure, records
from benchmark.report.material import SuiteMaterial
from benchmark.report.report_table import ReportTable, name_in_suite, shown_table

NAME = "calibration"
SUITE = "moment-tracking"  # whose tables carry no suite's name
TIME, OVER_REFERENCE = f"Time to {NEAR:g} times lowest (s)", "Over Gauss-Newton's (1)"
LOSS, TIME_TO_END, BUDGET = "Loss over lowest (1)", "Calibration time (s)", "Budget (s)"
COLUMNS: Mapping[str, str] = {
    "Runs": "runs",
    "Loss (1)": "loss_median_1",
    LOSS: "loss_over_lowest_median_1",
    TIME_TO_END: "calibration_time_median_s",
    "Evaluations (1)": "evaluations_median_1",
    "Evaluation (ms)": "evaluation_median_ms",
    "Reached": "reached_runs",
    TIME: "time_to_loss_least_s",
    "Evaluations to it (1)": "evaluations_to_loss_median_1",
    **{f"To {factor:g} times (s)": looser_column(factor, "least") for factor in LOOSER},
    BUDGET: "budget_s",
}
NOTE = (
    "Medians over runs. Calibration time is what a method took to its own end or to that of its budget. Then, how long "
    f"it took to a loss that is the same for all: {NEAR:g} times the lowest one that any run of the suite has on the "
    "problem, from traces of at most 256 points; of all runs, those that failed, too. Where half of a method's runs or "
    "more did not get there it has no time: ≥ where their budget ended them before, ∞ where they ended themselves. The "
    f"same to {' and '.join(f'{factor:g}' for factor in LOOSER)} times the lowest. "
    f"{OVER_REFERENCE}: that time over {REFERENCE}'s; X over it: that of annealing with preset X over that time. These "
    "ratios depend on the budget, on what computes a loss (the engine), and on what is to end a search (the stopping "
    "rule, with annealing's schedule), so all three are named. Times are on a method's own clock, one core, without "
    "compiling and loading. The paper (Hambly et al.) gives 40 min for CEINMS's annealing and 3 min for AdamW with "
    "automatic differentiation, 13 times less, with a model of 16 muscles on three trials, on another machine and of "
    "another person, until each method's own end."
)


def calibration_table(suite: SuiteMaterial, settings: Mapping[str, Mapping[str, str]]) -> ReportTable | None:
    """The table of a suite's calibrations; None where no run that tracks moments delivered a result.

    Parameters
    ----------
    suite
        The runs of a suite.
    settings
        Each method's options by name, as code.
    """
    raw = calibration_times(suite, settings)
    if raw.empty:
        return None
    annealing = {f"{_preset(method)} over it (1)": f"{method}_over_it" for method in annealers(raw)}
    over = {OVER_REFERENCE: "time_over_gauss_newton", **annealing}
    lines = [_shown(line, over) for line in records(raw)]
    headings = ["Problem", "Start level", "Method", *COLUMNS, *over, "Ended", "Engine", "Stopping rule"]
    headings.insert(headings.index(BUDGET), headings.pop(headings.index("Ended")))
    return ReportTable(
        table_name(NAME, suite.name),
        f"Calibration by moment tracking on suite `{suite.name}`: how long it takes",
        raw,
        shown_table(lines, headings),
        NOTE,
        findings(raw),
        essential=("Method", LOSS, TIME_TO_END, TIME, OVER_REFERENCE, "Ended", "Engine"),
        sort_by=dict(COLUMNS) | {heading: f"{stem}_least_1" for heading, stem in over.items()},
    )


def table_name(name: str, suite: str) -> str:
    """Name of a table's files: that of another suite than `SUITE` says whose it is."""
    return name_in_suite(name, suite, SUITE)


def at_least(value: float, least: float) -> str:
    """A figure, or with ≥ what it is at least, or ∞ where it is never reached."""
    if not math.isnan(value):
        return figure(value)
    return "∞" if math.isinf(least) else MISSING if math.isnan(least) else f"≥ {figure(least)}"


def _shown(line: Row, over: Mapping[str, str]) -> Row:
    cells = {heading: figure(line[column]) for heading, column in COLUMNS.items()}
    cells |= {"Runs": line["runs"], "Reached": f"{line['reached_runs']}/{line['runs']}"}
    cells |= {heading: at_least(line[f"{stem}_1"], line[f"{stem}_least_1"]) for heading, stem in over.items()}
    cells |= {
        f"To {factor:g} times (s)": at_least(line[looser_column(factor)], line[looser_column(factor, "least")])
        for factor in LOOSER
    }
    return cells | {
        "Problem": line["problem"],
        "Start level": start_level_text(line["start_level"]),
        "Method": line["method"],
        TIME: at_least(line["time_to_loss_median_s"], line["time_to_loss_least_s"]),
        "Ended": line["ended"],
        "Engine": line["engine"],
        "Stopping rule": line["stopping_rule"],
    }


def _preset(method: str) -> str:
    return method.partition(PRESET_MARK)[2] or method
