"""The table of methods in short: what each reaches, how exactly and how fast, the best first."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from types import MappingProxyType

import pandas as pd

from benchmark.harness.row import Row
from benchmark.problem.start_level import start_level_text
from benchmark.report.calibration.problems import tracking_runs
from benchmark.report.endings import SKIPPED
from benchmark.report.formats import MISSING, quartiles, records, spread
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.report.rows import ERROR_OVER_BOUND, IDENTIFIABLE_ERROR, OF_IDENTIFIABLE, delivered

REACHED = "Best minimum (runs)"
LOSS = "Loss (1)"  # of moment tracking, where it says the same from all starts
# The column of runs that each is of, and what its columns begin and end with.
MEASURES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "Error over bound (1)": (ERROR_OVER_BOUND, "error_over_bound", "1"),
        "Identifiable error (%)": (IDENTIFIABLE_ERROR, "identifiable_error", "percent"),
        LOSS: ("tracking_loss", "tracking_loss", "1"),
        "Cr2m (%)": ("cr2m", "cr2m", "percent"),
        "Solve time (s)": ("solve_s", "solve", "s"),
        "Held-out R2 (1)": ("heldout_r2", "heldout_r2", "1"),
    }
)
COUNTS = ("Runs", "Failed")
OF_SOME = (*OF_IDENTIFIABLE, "tracking_loss")  # measures that not all problems have
DECIMALS = 2  # of the error over bound, that methods are sorted by: those in one minimum differ by less
NOTE = (
    "Median [quartiles] of the runs that delivered a result. Best first: by the share of runs that end at the best "
    "minimum known, of equal ones by time, of those that never do by the error of the muscle parameters (Cr2m), on "
    "problems with noise by the error over the Cramer-Rao bound, of moment tracking by the loss; controls last."
)


def short_table(runs: pd.DataFrame, suite: str, controls: Collection[str]) -> ReportTable:
    """Methods in short, a line a problem, start level and method.

    Parameters
    ----------
    runs
        The runs of a suite, as `runs_table` gives them.
    suite
        Its name.
    controls
        Names of methods that do not compete; they stand behind the others.
    """
    runs = runs.assign(tracking_loss=tracking_runs(runs)["loss"].reindex(runs.index))
    raw = _sorted(runs, controls)
    settings = {
        "Problem": [f"`{problem}`" for problem in raw["problem"]],
        "Start": [f"{start_level_text(level)} starts" for level in raw["start_level"]],
    }
    common = [texts[0] for texts in settings.values() if len(set(texts)) == 1]
    known = delivered(runs)
    measures = [name for name, (own, *_) in MEASURES.items() if own not in OF_SOME or known[own].notna().any()]
    lines = [_shown(line) for line in records(raw)]
    headings = [
        "Method",
        *(name for name, texts in settings.items() if len(set(texts)) > 1),
        REACHED,
        *measures,
        *COUNTS,
    ]
    sort_by = {heading: "{1}_median_{2}".format(*MEASURES[heading]) for heading in measures}
    return ReportTable(
        name=f"short-{suite}",
        title=f"Suite `{suite}` in short{': ' if common else ''}{', '.join(common)}",
        raw=raw,
        shown=shown_table(lines, headings),
        note=NOTE,
        sort_by=sort_by | {"Runs": "runs", "Failed": "failed_runs", REACHED: "reached_share"},
    )


def _sorted(runs: pd.DataFrame, controls: Collection[str]) -> pd.DataFrame:
    """The lines, the best first in each problem and start level."""
    groups = runs.groupby(["problem", "start_level", "method"], sort=True, observed=True)
    raw = pd.DataFrame([_line(group) for _, group in groups])
    levels = raw["start_level"].astype(runs["start_level"].dtype)
    error = raw["error_over_bound_median_1"].round(DECIMALS).fillna(raw["tracking_loss_median_1"])
    error = error.fillna(raw["cr2m_median_percent"])
    raw = raw.assign(
        start_level=levels,
        is_control=raw["method"].isin(list(controls)),
        error_of_losers=error.where(raw["reached_runs"] == 0, 0.0),
    )
    order = ["problem", "start_level", "is_control", "reached_share", "error_of_losers", "solve_median_s"]
    ascending = [column != "reached_share" for column in order]
    return raw.sort_values(order, ascending=ascending, kind="stable", ignore_index=True)


def _line(group: pd.DataFrame) -> Row:
    first, done, reached = group.iloc[0], delivered(group), group["reached_target"].dropna()
    line: Row = {key: first[key] for key in ("problem", "start_level", "method")}
    failed = len(group) - len(done) - int((group["status"] == SKIPPED).sum())
    line |= {"runs": len(group), "failed_runs": failed, "judged_runs": len(reached), "reached_runs": int(reached.sum())}
    line["reached_share"] = line["reached_runs"] / len(reached) if len(reached) else math.nan
    for column, stem, unit in MEASURES.values():
        line |= quartiles(done[column], stem, unit)
    return line


def _shown(line: Row) -> Row:
    reached = f"{line['reached_runs']}/{line['judged_runs']}" if line["judged_runs"] else MISSING
    names = {"Method": line["method"], "Problem": line["problem"], "Start": start_level_text(line["start_level"])}
    counts = {REACHED: reached, "Runs": line["runs"], "Failed": line["failed_runs"]}
    return names | counts | {heading: spread(line, stem, unit) for heading, (_, stem, unit) in MEASURES.items()}
