"""Seconds an epoch takes, beside the paper's."""

from __future__ import annotations

import pandas as pd

from benchmark.report.formats import QUARTILES, figure, pipe, quartiles, records, spread
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
            | quartiles(seconds, "epoch", "s")
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
            "Epoch (s)": spread(line, "epoch", "s"),
            "Paper's epoch (s)": figure(line["paper_epoch_s"]),
            "Ratio to the paper's (1)": figure(line["ratio_to_paper_1"]),
            "Machine": line["machine"],
        }
        for line in records(table)
    ]
    text = (
        "Solve time over evaluations, of both stages together as in the paper, median [lower quartile, upper "
        "quartile]. The paper (Sanderink et al.) gives "
        f"about {PAPER_SECONDS_PER_EPOCH} s on an {PAPER_MACHINE}: another machine, so the ratio compares the two as "
        "they ran, not the two implementations alone."
    )
    return "\n\n".join(["# Seconds per epoch", text, pipe(lines)]) + "\n"
