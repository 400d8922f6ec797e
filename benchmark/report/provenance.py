"""Where a suite's numbers come from: code, machine, packages, dates and budgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from tabulate import tabulate

from benchmark.harness.row import Row

UNKNOWN = "unknown"


def provenance_markdown(rows: Sequence[Row], suite: str) -> str:
    """What the rows of one suite were made with; where runs differ, each value with its number of runs."""
    entries: list[tuple[str, Callable[[Row], str]]] = [
        ("Commit", commit),
        ("Machine", machine),
        ("Python", lambda row: str(_of(row, "python"))),
        ("Budget", _budget),
    ]
    packages = sorted({name for row in rows for name in _packages(row)})
    lines = [(label, _values(rows, value)) for label, value in entries]
    lines.append(("Dates", _dates(rows)))
    lines += [(name, _values(rows, partial(_version, name=name))) for name in packages]
    table = tabulate(lines, ("What", "Value"), "github", disable_numparse=True)
    return f"# Provenance of suite `{suite}`\n\nRuns: {len(rows)}\n\n{table}\n"


def commit(row: Row) -> str:
    """The code that a run was made with."""
    return f"{_of(row, 'commit')}{' with uncommitted changes' if _of(row, 'dirty') is True else ''}"


def machine(row: Row) -> str:
    """The machine that a run was made on."""
    return f"{_of(row, 'cpu')}, {_of(row, 'cores')} cores"


def _of(row: Row, name: str) -> object:
    value = (row.get("provenance") or {}).get(name)
    return UNKNOWN if value is None else value


def _packages(row: Row) -> dict[str, str]:
    packages = (row.get("provenance") or {}).get("packages") or {}
    return {name: version or "not installed" for name, version in packages.items()}


def _version(row: Row, name: str) -> str:
    return _packages(row).get(name, UNKNOWN)


def _budget(row: Row) -> str:
    seconds, evaluations = row.get("budget_s"), row.get("budget_evaluations")
    limits = [f"{seconds:g} s"] if seconds is not None else []
    limits += [f"{evaluations} evaluations"] if evaluations is not None else []
    return " or ".join(limits) or "none"


def _dates(rows: Sequence[Row]) -> str:
    dates = sorted(date for row in rows if (date := str(_of(row, "date"))) != UNKNOWN) or [UNKNOWN]
    return dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"


def _values(rows: Sequence[Row], value: Callable[[Row], str]) -> str:
    counts = Counter(value(row) for row in rows)
    if len(counts) == 1:
        return next(iter(counts))
    return "; ".join(f"{text} ({count} of {len(rows)} runs)" for text, count in sorted(counts.items()))
