"""How runs ended: their statuses, in one order everywhere, and the column that says how low they got."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmark.harness.row import STATUSES

OBJECTIVE = "objective_rad2_per_s4"
SKIPPED = "skipped"


def status_order(status: str) -> tuple[int, str]:
    """What statuses are sorted by: from best to worst, and at last those that only other versions know."""
    return STATUSES.index(status) if status in STATUSES else len(STATUSES), status


def all_statuses(found: Iterable[str]) -> list[str]:
    """Every status that there is or was `found`, in order."""
    return sorted({*STATUSES, *found}, key=status_order)


def ending_column(status: str) -> str:
    """Name of the column in a CSV file that counts the runs with a status."""
    return f"ended_{status.replace(' ', '_')}"


def endings_text(counts: Mapping[str, int]) -> str:
    """Numbers of runs by status in words, such as ``3 converged, 1 killed``."""
    return ", ".join(f"{counts[status]} {status}" for status in sorted(counts, key=status_order) if counts[status])
