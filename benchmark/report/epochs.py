"""Seconds an epoch takes, beside the paper's."""

from __future__ import annotations

import pandas as pd

from benchmark.report.formats import QUARTILES, figure, quartiles, records, spread
from benchmark.report.material import SuiteMaterial
from benchmark.report.provenance import machine
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.report.rows import delivered

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
HEADINGS = (
    "Problem",
    "Method",
    "Runs",
    "Epoch (s)",
    "Paper's epoch (s)",
    "Ratio to the paper's (1)",
    "Machine",
)
NOTE = (
    "Solve time over evaluations, of both stages together as in the paper, median [lower quartile, upper quartile] of "
    f"the runs that delivered a result. The paper (Sanderink et al.) gives about {PAPER_SECONDS_PER_EPOCH} s on an "
    f"{PAPER_MACHINE}: another machine, so the ratio compares the two as they ran, not the two implementations alone."
)


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
    for (problem, method, computer), group in done.groupby(["problem", "method", "machine"], sort=True):
        seconds = group["seconds_per_evaluation"]
        lines.append(
            {"problem": problem, "method": method, "runs": len(group)}
            | quartiles(seconds, "epoch", "s")
            | {"paper_epoch_s": PAPER_SECONDS_PER_EPOCH, "ratio_to_paper_1": seconds.median() / PAPER_SECONDS_PER_EPOCH}
            | {"machine": computer, "paper_machine": PAPER_MACHINE}
        )
    return pd.DataFrame(lines, columns=EPOCH_COLUMNS)


def epochs_table(suite: SuiteMaterial) -> ReportTable:
    """The table of `epochs` of the paper's suite."""
    machines = pd.Series([machine(row) for row in suite.rows], index=suite.runs.index, dtype=str)
    raw = epochs(suite.runs, machines)
    lines = [
        {
            "Problem": line["problem"],
            "Method": line["method"],
            "Runs": line["runs"],
            "Epoch (s)": spread(line, "epoch", "s"),
            "Paper's epoch (s)": figure(line["paper_epoch_s"]),
            "Ratio to the paper's (1)": figure(line["ratio_to_paper_1"]),
            "Machine": line["machine"],
        }
        for line in records(raw)
    ]
    sort_by = {"Runs": "runs", "Epoch (s)": "epoch_median_s", "Ratio to the paper's (1)": "ratio_to_paper_1"}
    return ReportTable("epochs", "Seconds per epoch", raw, shown_table(lines, HEADINGS), NOTE, sort_by=sort_by)
