"""How the tables of statistics write estimates, and which targets they show."""

from __future__ import annotations

import pandas as pd

from benchmark.analysis.attempts import BEST_MINIMUM
from benchmark.report.formats import figure

SHOWN_TARGETS = ("error 1 %", BEST_MINIMUM)
ENDS = ("", "_lower", "_upper")  # of the names of an estimate's columns, and of those of its interval
TARGETS_NOTE = (
    "A target of error is a mean error of the muscle parameters (Cr2m) that a run keeps until its end, tendons of "
    "stage two and all; the best minimum is that of `benchmark/problem/targets.toml`."
)


def shown_targets(table: pd.DataFrame) -> pd.DataFrame:
    """The lines of the targets that are shown to people; files for programs have them all."""
    return table[table["target"].isin(SHOWN_TARGETS)]


def with_interval(value: float, low: float, high: float) -> str:
    """An estimate with its interval or its quartiles behind it, if there are any and they differ."""
    shown, *ends = (number(each) for each in (value, low, high))
    return shown if ends[0] == ends[1] else f"{shown} [{', '.join(ends)}]"


def number(value: float) -> str:
    """Three significant digits, as `figure`, or infinity."""
    return figure(value).replace("inf", "∞")
