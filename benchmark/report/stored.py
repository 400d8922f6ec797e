"""The stored runs, counted: what is there, how it ended, and the best of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from tabulate import SEPARATING_LINE, tabulate

from benchmark.harness.row import DELIVERED, Row
from benchmark.problem.start_level import start_level_order, start_level_text
from benchmark.report.endings import OBJECTIVE, status_order
from benchmark.report.formats import figure


def stored_runs(rows: Sequence[Row]) -> str:
    """The runs as a plain table: a line a suite, problem, method and start level, and one with the totals.

    Parameters
    ----------
    rows
        Stored rows, of any suites.
    """
    statuses = sorted({row["status"] for row in rows}, key=status_order)
    groups = [list(group) for _, group in groupby(sorted(rows, key=_group), _group)]
    lines = [[*_names(group[0]), *_counts(group, statuses), figure(_best(group))] for group in groups]
    total = ["total", "", "", "", *_counts(rows, statuses), ""]
    headers = ("suite", "problem", "method", "start", "runs", *statuses, "best objective (rad2/s4)")
    return tabulate([*lines, SEPARATING_LINE, total], headers, disable_numparse=True, colalign=_alignment(headers))


def _group(row: Row) -> tuple[str, str, str, float]:
    return row["suite"], row["problem"], row["method"], start_level_order(row["start_level"])


def _names(row: Row) -> list[str]:
    return [row["suite"], row["problem"], row["method"], start_level_text(row["start_level"])]


def _counts(rows: Sequence[Row], statuses: Sequence[str]) -> list[str]:
    """How many there are, and how many with each status; blank for none."""
    counts = Counter(row["status"] for row in rows)
    return [str(len(rows)), *(str(counts[status] or "") for status in statuses)]


def _best(rows: Sequence[Row]) -> float | None:
    """The lowest objective of those that delivered a result; None if none has one."""
    found = (row.get(OBJECTIVE) for row in rows if row["status"] in DELIVERED)
    return min((value for value in found if value is not None), default=None)


def _alignment(headers: Sequence[str]) -> list[str]:
    return ["left"] * 4 + ["right"] * (len(headers) - 4)
