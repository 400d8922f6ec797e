"""Where a suite's numbers come from: code, machine, packages, dates and budgets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import pandas as pd

from benchmark.harness.row import Row
from benchmark.report.report_table import ReportTable

UNKNOWN = "unknown"


def provenance_table(rows: Sequence[Row], suite: str) -> ReportTable:
    """What the rows of one suite were made with; where runs differ, each value with its number of runs."""
    table = pd.DataFrame(list(provenance_values(rows).items()), columns=["What", "Value"])
    title = f"Provenance of suite `{suite}`"
    return ReportTable(f"provenance-{suite}", title, table, table, f"Runs: {len(rows)}", formats=("md",))


def provenance_values(rows: Sequence[Row]) -> dict[str, str]:
    """The same by what it is of."""
    values = {label: _values(rows, value) for label, value in _ENTRIES.items()}
    values |= {"Load as runs began (1)": _loads(rows), "Dates": _dates(rows)}
    packages = sorted({name for row in rows for name in _packages(row)})
    return values | {name: _values(rows, partial(_version, name=name)) for name in packages}


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
    seconds, evaluations, cost = (row.get(f"budget_{kind}") for kind in ("s", "evaluations", "cost"))
    limits = [f"{seconds:g} s"] if seconds is not None else []
    limits += [f"{evaluations} evaluations"] if evaluations is not None else []
    limits += [f"a cost of {cost:g} residual evaluations"] if cost is not None else []
    return " or ".join(limits) or "none"


def _setting(row: Row, name: str) -> str:
    value = row.get(name)
    return UNKNOWN if value is None else f"{value}"


def _loads(rows: Sequence[Row]) -> str:
    """The smallest and the largest load of the machine."""
    loads = sorted(load for row in rows if isinstance(load := _of(row, "load"), int | float))
    return f"{loads[0]:g} to {loads[-1]:g}" if loads else UNKNOWN


def _dates(rows: Sequence[Row]) -> str:
    dates = sorted(date for row in rows if (date := str(_of(row, "date"))) != UNKNOWN) or [UNKNOWN]
    return dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"


def _values(rows: Sequence[Row], value: Callable[[Row], str]) -> str:
    counts = Counter(value(row) for row in rows)
    if len(counts) == 1:
        return next(iter(counts))
    return "; ".join(f"{text} ({count} of {len(rows)} runs)" for text, count in sorted(counts.items()))


_ENTRIES: Mapping[str, Callable[[Row], str]] = MappingProxyType(
    {
        "Commit": commit,
        "Machine": machine,
        "Machine's memory (GiB)": lambda row: str(_of(row, "memory_gib")),
        "Platform": lambda row: str(_of(row, "platform")),
        "Python": lambda row: str(_of(row, "python")),
        "Budget": _budget,
        "Stop": partial(_setting, name="stop"),
        "Threads (1)": partial(_setting, name="threads"),
        "Memory allowed (GiB)": partial(_setting, name="memory_gib"),
    }
)
