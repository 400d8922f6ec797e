"""How the tables write figures: median and quartiles, three significant digits, Markdown."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from tabulate import tabulate

from benchmark.harness.row import Row

MISSING = "-"
QUARTILES = {"median": 0.5, "lower_quartile": 0.25, "upper_quartile": 0.75}


def quartiles(values: pd.Series, stem: str, unit: str) -> dict[str, float]:
    """Median and quartiles of a column, by the names of its columns in a CSV file."""
    numbers = values.dropna().astype(float)
    return {f"{stem}_{name}_{unit}": float(numbers.quantile(share)) for name, share in QUARTILES.items()}


def figure(value: float) -> str:
    """Three significant digits, thousands in full; a dash for what is missing."""
    if pd.isna(value):
        return MISSING
    return f"{value:.0f}" if 1000.0 <= abs(value) < 1e6 else f"{value:.3g}"


def spread(line: Row, stem: str, unit: str) -> str:
    """Median with its quartiles behind it, if they differ."""
    median, lower, upper = (figure(line[f"{stem}_{name}_{unit}"]) for name in QUARTILES)
    return median if lower == upper else f"{median} [{lower}, {upper}]"


def records(table: pd.DataFrame) -> list[Row]:
    """The lines of a table, as dicts."""
    return [{str(key): value for key, value in record.items()} for record in table.to_dict("records")]


def pipe(lines: Sequence[Row]) -> str:
    """Lines as a Markdown table."""
    return tabulate(lines, headers="keys", tablefmt="github", disable_numparse=True) or "No run delivered a result."
