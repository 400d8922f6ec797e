"""Summary of a suite: medians and quartiles, one line a problem, method and start level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from tabulate import tabulate

from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.problem.targets import NO_TARGETS, Targets
from benchmark.report.endings import all_statuses, ending_column, endings_text
from benchmark.report.formats import MISSING, figure, pipe, quartiles, records, spread
from benchmark.report.rows import delivered, runs_table

TARGET_HEADING = "Reached target"
FALSE_STOPS_HEADING = "False stops"
GROUP = ["problem", "method", "start_level"]
COMPARED = (
    "Compared are the dynamic coefficients of the bones, the parameters of the muscles that M1 can see, and the shared "
    "ones. Not among them, because no method can know them: TRIlat and BRD (without any influence on M1), the tendon "
    "slack length of PECM1 (a rigid tendon carries any force at the same length, so that eq. (16) does not hold it), "
    "and pennation angles that are zero."
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
        return self.column.removesuffix("_nm").removesuffix("_s").removesuffix("_rad2_per_s4")


SUMMARY = (
    Measure("cr1", "Cr1 (%)", "percent", "cr1_start"),
    Measure("cr2", "Cr2 (%)", "percent", "cr2_start"),
    Measure("cr2m", "Cr2m (%)", "percent", "cr2m_start"),
    Measure("loss", "Loss (1)", "1", "loss_start"),
    Measure("objective_rad2_per_s4", "Objective (rad2/s4)", "rad2_per_s4"),
    Measure("heldout_rmse_nm", "Held-out RMSE (N m)", "nm"),
    Measure("heldout_r2", "Held-out R2 (1)", "1"),
    Measure("evaluations", "Evaluations (1)", "1"),
    Measure("solve_s", "Solve time (s)", "s"),
)
TERMINAL = ("cr1", "cr2", "cr2m", "heldout_rmse_nm", "heldout_r2", "solve_s")  # what fits its width


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
        "failed_runs": len(group) - len(done),
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


def summary_markdown(runs: pd.DataFrame, suite: str, untraced: int = 0) -> str:
    """The summary for reading, with what it and the figures leave out.

    Parameters
    ----------
    runs
        The runs of one suite, as `runs_table` gives them.
    suite
        Its name.
    untraced
        How many runs delivered a result but no trace.
    """
    statuses = all_statuses(runs["status"])
    lines = [
        {
            "Problem": line["problem"],
            "Method": line["method"],
            "Start level": start_level_text(line["start_level"]),
            "Runs": line["runs"],
            "Ended": endings_text({status: line[ending_column(status)] for status in statuses}),
            "Failed": line["failed_runs"],
            TARGET_HEADING: _reached(line),
            FALSE_STOPS_HEADING: _false_stops(line),
        }
        | {measure.heading: _cell(line, measure) for measure in SUMMARY}
        for line in records(summarise(runs))
    ]
    text = (
        "Median start → median end [lower quartile, upper quartile] of the runs that delivered a result; quartiles are "
        f"left out where they agree. `summary-{suite}.csv` has the starts' quartiles too. A run reached the target if "
        "its mean squared unexplained acceleration ended at or below what `benchmark/problem/targets.toml` counts as "
        "the best minimum known. A false stop is a run that its method ended by its own criterion, where it was to do "
        "so, without having reached the target; of all runs that it so ended."
    )
    paragraphs = [f"# Results of suite `{suite}`", text, pipe(lines), *_left_out(runs, untraced), COMPARED]
    return "\n\n".join(paragraphs) + "\n"


def _reached(line: Row) -> str:
    """Runs that reached the target of all that can be judged, failed ones too; a dash where there is no target."""
    return _share(line["reached_target_runs"], line["judged_runs"])


def _false_stops(line: Row) -> str:
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


def _left_out(runs: pd.DataFrame, untraced: int) -> list[str]:
    """A paragraph that counts the statuses, a list of what failed and why, and what the figures lack."""
    failed = runs.drop(delivered(runs).index)
    endings = endings_text(Counter(runs["status"]))
    paragraphs = [
        f"Runs: {len(runs)} ({endings}). Failed, that is neither converged nor at the end of the budget: {len(failed)}."
    ]
    if len(failed):
        paragraphs.append("\n".join(_failures(failed)))
    if len(failed) == len(runs):
        paragraphs.append("There are no figures, as no run delivered a result.")
    if untraced:
        paragraphs.append(f"Runs without a trace: {untraced}. Figures of convergence and parameters leave them out.")
    return paragraphs


def _failures(failed: pd.DataFrame) -> Iterator[str]:
    """What failed or was skipped, and why: a line for all seeds that ended alike."""
    for _, alike in failed.groupby([*GROUP, "status", "message"], observed=True):
        first, seeds = records(alike)[0], ", ".join(str(seed) for seed in alike["seed"])
        yield (
            f"- `{first['problem']}`, `{first['method']}`, start level {start_level_text(first['start_level'])}, "
            f"{'seed' if len(alike) == 1 else 'seeds'} {seeds}: "
            f"{first['status']}{': ' + first['message'] if first['message'] else ''}"
        )


def summary_text(rows: Sequence[Row], suite: str, targets: Targets = NO_TARGETS) -> str:
    """The medians of a suite as a plain table, for a terminal.

    Parameters
    ----------
    rows
        Stored rows, of any suites.
    suite
        The suite to show.
    targets
        What counts as reaching a problem's best minimum.
    """
    runs = runs_table([row for row in rows if row["suite"] == suite], targets)
    shown = [
        {"Problem": line["problem"], "Method": line["method"], "Start": start_level_text(line["start_level"])}
        | {"Runs": line["runs"], "Failed": line["failed_runs"], TARGET_HEADING: _reached(line)}
        | {FALSE_STOPS_HEADING: _false_stops(line)}
        | {measure.heading: _median_text(line, measure) for measure in SUMMARY if measure.column in TERMINAL}
        for line in records(summarise(runs))
    ]
    return f"{suite}: medians, start → end\n" + tabulate(shown, headers="keys", disable_numparse=True)


def _median_text(line: Row, measure: Measure) -> str:
    return _from_start(line, measure, figure(line[f"{measure.stem}_median_{measure.unit}"]))
