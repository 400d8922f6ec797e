"""How the tables write figures: median and quartiles, three significant digits, Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from tabulate import tabulate

from benchmark.harness.row import Row

if TYPE_CHECKING:
    import pandas as pd

MISSING = "-"
QUARTILES = {"median": 0.5, "lower_quartile": 0.25, "upper_quartile": 0.75}


def quartiles(values: pd.Series, stem: str, unit: str) -> dict[str, float]:
    """Median and quartiles of a column, by the names of its columns in a CSV file."""
    numbers = values.dropna().to_numpy(dtype=np.float64)
    found = np.quantile(numbers, list(QUARTILES.values())) if len(numbers) else np.full(len(QUARTILES), np.nan)
    return {f"{stem}_{name}_{unit}": float(value) for name, value in zip(QUARTILES, found, strict=True)}


def figure(value: float | None) -> str:
    """Three significant digits, thousands in full; a dash for what is missing."""
    if value is None or math.isnan(value):
        return MISSING
    return f"{value:.0f}" if 1000.0 <= abs(value) < 1e6 else f"{value:.3g}"


def three_digits(value: float) -> float:
    """What is left of a number where those that agree in three digits count as equal."""
    return float(f"{value:.3g}")


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
