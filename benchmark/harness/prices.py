"""Prices: what one evaluation of each kind costs, in evaluations of the compiled residual, as measured."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmark.harness.errors import HarnessError, check_known

PRICES_FILE = Path(__file__).parent / "prices.toml"

Prices = Mapping[str, float]
NO_PRICES: Prices = MappingProxyType({})


def load_prices(problem: str, path: Path = PRICES_FILE) -> Prices:
    """Prices of a problem's evaluations by kind, in residual evaluations; those of its formulation.

    Parameters
    ----------
    problem
        The problem's name.
    path
        The file of prices.

    Raises
    ------
    HarnessError
        If the file has no prices for the problem's formulation, or one that is no price.
    """
    formulation = problem.partition("-")[0]
    tables = price_tables(path)
    check_known("formulation in prices.toml", [formulation], tables)
    prices = tables[formulation]["prices"]
    for kind, price in prices.items():
        if not (isinstance(price, int | float) and 0.0 < price < math.inf):
            raise _damaged(path, f"{price!r} is no price of {kind}")
    return MappingProxyType({kind: float(price) for kind, price in prices.items()})


def prices_of(problems: Iterable[str], path: Path = PRICES_FILE) -> dict[str, Prices]:
    """Prices by the problem's name; none of those whose formulation has none, as that of older runs may not."""
    known = price_tables(path)
    return {
        problem: load_prices(problem, path) if problem.partition("-")[0] in known else NO_PRICES
        for problem in sorted(set(problems))
    }


def cost_of(counts: Mapping[str, float] | None, prices: Prices) -> float:
    """What evaluations of each kind cost together, in residual evaluations; NaN where one has no price."""
    if counts is None:
        return math.nan
    return math.fsum(count * prices.get(kind, math.nan) for kind, count in counts.items() if count)


def price_tables(path: Path = PRICES_FILE) -> dict[str, dict[str, Any]]:
    """What the file of prices says, by formulation: ``prices``, and where they come from.

    Raises
    ------
    HarnessError
        If the file is missing or cannot be read.
    """
    try:
        tables = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise _damaged(path, str(error)) from error
    for formulation, table in tables.items():
        if not (isinstance(table, dict) and isinstance(table.get("prices"), dict)):
            raise _damaged(path, f"{formulation} has no table of prices")
    return tables


def _damaged(path: Path, why: str) -> HarnessError:
    return HarnessError(f"{path} is damaged ({why}): restore it, then python -m benchmark speed --update-prices")
