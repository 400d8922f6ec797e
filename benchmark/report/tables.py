"""Summary of a suite: medians and quartiles, one line a problem, method and start level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from tabulate import tabulate

from benchmark.harness.row import Row
from benchmark.report.rows import delivered, runs_table

MISSING = "-"
GROUP = ["problem", "method", "start_level"]
QUARTILES = {"median": 0.5, "lower_quartile": 0.25, "upper_quartile": 0.75}
PAPER_SUITE = "paper"
PAPER_SECONDS_PER_EPOCH = 0.77
PAPER_MACHINE = "Intel Core i9-14900KS"
EPOCH_COLUMNS = [
    "problem",
    "method",
    "runs",
    *(f"epoch_{name}_s" for name in QUARTILES),
    "paper_epoch_s",
    "ratio_to_paper_1",
    "machine",
    "paper_machine",
]


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
        return self.column.removesuffix("_nm").removesuffix("_s")


SUMMARY = (
    Measure("cr1", "Cr1 (%)", "percent", "cr1_start"),
    Measure("cr2", "Cr2 (%)", "percent", "cr2_start"),
    Measure("cr2m", "Cr2m (%)", "percent", "cr2m_start"),
    Measure("loss", "Loss (1)", "1", "loss_start"),
    Measure("heldout_rmse_nm", "Held-out RMSE (N m)", "nm"),
    Measure("heldout_r2", "Held-out R2 (1)", "1"),
    Measure("evaluations", "Evaluations (1)", "1"),
    Measure("solve_s", "Solve time (s)", "s"),
)
TERMINAL = ("cr1", "cr2", "cr2m", "heldout_rmse_nm", "heldout_r2", "solve_s")  # what fits its width


def summarise(runs: pd.DataFrame) -> pd.DataFrame:
    """Median and quartiles of the runs that delivered a result, and how many did not.

    Parameters
    ----------
    runs
        The runs of one suite, as `runs_table` gives them.

    Returns
    -------
    pd.DataFrame
        One line a problem, method and start level; every header of a measure ends with its unit.
    """
    return pd.DataFrame([_summary_line(group) for _, group in runs.groupby(GROUP, sort=True)])


def _summary_line(group: pd.DataFrame) -> Row:
    first, done = group.iloc[0], delivered(group)
    line: Row = {
        "problem": first["problem"],
        "method": first["method"],
        "start_level_percent": 100.0 * first["start_level"],
        "runs": len(group),
        "failed_runs": len(group) - len(done),
    }
    for measure in SUMMARY:
        if measure.start is not None:
            line |= _quartiles(done[measure.start], f"{measure.stem}_start", measure.unit)
        line |= _quartiles(done[measure.column], measure.stem, measure.unit)
    return line


def _quartiles(values: pd.Series, stem: str, unit: str) -> dict[str, float]:
    numbers = values.dropna().astype(float)
    return {f"{stem}_{name}_{unit}": float(numbers.quantile(share)) for name, share in QUARTILES.items()}


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
    lines = [
        {
            "Problem": line["problem"],
            "Method": line["method"],
            "Start level (%)": _figure(line["start_level_percent"]),
            "Runs": line["runs"],
            "Failed": line["failed_runs"],
        }
        | {measure.heading: _cell(line, measure) for measure in SUMMARY}
        for line in _records(summarise(runs))
    ]
    text = (
        "Median start → median end [lower quartile, upper quartile] of the runs that delivered a result; quartiles are "
        f"left out where they agree. `summary-{suite}.csv` has the starts' quartiles too."
    )
    return "\n\n".join([f"# Results of suite `{suite}`", text, _pipe(lines), *_left_out(runs, untraced)]) + "\n"


def _cell(line: Row, measure: Measure) -> str:
    return _from_start(line, measure, _spread(line, measure.stem, measure.unit))


def _from_start(line: Row, measure: Measure, end: str) -> str:
    """`end`, with the median start before it if the measure has one."""
    if measure.start is None or end == MISSING:
        return end
    return f"{_figure(line[f'{measure.stem}_start_median_{measure.unit}'])} → {end}"


def _spread(line: Row, stem: str, unit: str) -> str:
    median, lower, upper = (_figure(line[f"{stem}_{name}_{unit}"]) for name in QUARTILES)
    return median if lower == upper else f"{median} [{lower}, {upper}]"


def _figure(value: float) -> str:
    """Three significant digits, thousands in full; a dash for what is missing."""
    if pd.isna(value):
        return MISSING
    return f"{value:.0f}" if 1000.0 <= abs(value) < 1e6 else f"{value:.3g}"


def _left_out(runs: pd.DataFrame, untraced: int) -> list[str]:
    """A paragraph that counts the statuses, a list of what failed and why, and what the figures lack."""
    counts = ", ".join(f"{count} {status}" for status, count in runs["status"].value_counts().sort_index().items())
    failed = runs.drop(delivered(runs).index)
    paragraphs = [
        f"Runs: {len(runs)} ({counts}). Failed, that is neither converged nor at the end of the budget: {len(failed)}."
    ]
    if len(failed):
        entries = [
            f"- `{row['problem']}`, `{row['method']}`, start level {100.0 * row['start_level']:g} %, "
            f"seed {row['seed']}: {row['status']}{': ' + row['message'] if row['message'] else ''}"
            for row in _records(failed)
        ]
        paragraphs.append("\n".join(entries))
    if len(failed) == len(runs):
        paragraphs.append("There are no figures, as no run delivered a result.")
    if untraced:
        paragraphs.append(f"Runs without a trace: {untraced}. Figures of convergence and parameters leave them out.")
    return paragraphs


def summary_text(rows: Sequence[Row], suite: str) -> str:
    """The medians of a suite as a plain table, for a terminal.

    Parameters
    ----------
    rows
        Stored rows, of any suites.
    suite
        The suite to show.
    """
    runs = runs_table([row for row in rows if row["suite"] == suite])
    shown = [
        {"Problem": line["problem"], "Method": line["method"], "Start (%)": _figure(line["start_level_percent"])}
        | {"Runs": line["runs"], "Failed": line["failed_runs"]}
        | {measure.heading: _median_text(line, measure) for measure in SUMMARY if measure.column in TERMINAL}
        for line in _records(summarise(runs))
    ]
    return f"{suite}: medians, start → end\n" + tabulate(shown, headers="keys", disable_numparse=True)


def _median_text(line: Row, measure: Measure) -> str:
    return _from_start(line, measure, _figure(line[f"{measure.stem}_median_{measure.unit}"]))


def epochs(runs: pd.DataFrame, machines: pd.Series) -> pd.DataFrame:
    """Seconds an epoch beside the paper's, one line a problem, method and machine.

    Parameters
    ----------
    runs
        The runs of the paper's suite.
    machines
        The machine of each run, with the same index.
    """
    done = delivered(runs).assign(machine=machines)
    lines = []
    for (problem, method, machine), group in done.groupby(["problem", "method", "machine"], sort=True):
        seconds = group["seconds_per_evaluation"]
        lines.append(
            {"problem": problem, "method": method, "runs": len(group)}
            | _quartiles(seconds, "epoch", "s")
            | {"paper_epoch_s": PAPER_SECONDS_PER_EPOCH, "ratio_to_paper_1": seconds.median() / PAPER_SECONDS_PER_EPOCH}
            | {"machine": machine, "paper_machine": PAPER_MACHINE}
        )
    return pd.DataFrame(lines, columns=EPOCH_COLUMNS)


def epochs_markdown(table: pd.DataFrame) -> str:
    """The table of `epochs` for reading."""
    lines = [
        {
            "Problem": line["problem"],
            "Method": line["method"],
            "Runs": line["runs"],
            "Epoch (s)": _spread(line, "epoch", "s"),
            "Paper's epoch (s)": _figure(line["paper_epoch_s"]),
            "Ratio to the paper's (1)": _figure(line["ratio_to_paper_1"]),
            "Machine": line["machine"],
        }
        for line in _records(table)
    ]
    text = (
        "Solve time over evaluations, median [lower quartile, upper quartile]. The paper (Sanderink et al.) gives "
        f"about {PAPER_SECONDS_PER_EPOCH} s on an {PAPER_MACHINE}: another machine, so the ratio compares the two as "
        "they ran, not the two implementations alone."
    )
    return "\n\n".join(["# Seconds per epoch", text, _pipe(lines)]) + "\n"


def _records(table: pd.DataFrame) -> list[Row]:
    return [{str(key): value for key, value in record.items()} for record in table.to_dict("records")]


def _pipe(lines: Sequence[Row]) -> str:
    return tabulate(lines, headers="keys", tablefmt="github", disable_numparse=True) or "No run delivered a result."
