"""Prices: what one evaluation of each kind costs, in evaluations of the compiled residual, as measured."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmark.harness.errors import HarnessError
from benchmark.problem.problem_name import ProblemName, known_problem

PRICES_FILE = Path(__file__).parent / "prices.toml"

Prices = Mapping[str, float]
NO_PRICES: Prices = MappingProxyType({})


def load_prices(problem: str, path: Path = PRICES_FILE) -> Prices:
    """Prices of a problem's evaluations by kind, in residual evaluations; those of its family of problems.

    A kind of evaluation that the family's loss does not have is not among them.

    Parameters
    ----------
    problem
        The problem's name.
    path
        The file of prices.

    Raises
    ------
    UnknownProblemError
        If there is no problem of that name.
    HarnessError
        If the file has no prices for the problem's family, or one that is no price.
    """
    return load_family_prices(ProblemName.parse(problem).family, path)


def load_family_prices(family: str, path: Path = PRICES_FILE) -> Prices:
    """Prices of the evaluations of a family of problems by kind, in residual evaluations.

    Parameters
    ----------
    family
        As problem names have it.
    path
        The file of prices.

    Raises
    ------
    HarnessError
        If the file has no prices for it, or one that is no price.
    """
    tables = price_tables(path)
    if family not in tables:
        raise _damaged(path, f"nothing says what evaluations of {family} cost")
    prices = tables[family]["prices"]
    for kind, price in prices.items():
        if not (isinstance(price, int | float) and 0.0 < price < math.inf):
            raise _damaged(path, f"{price!r} is no price of {kind}")
    return MappingProxyType({kind: float(price) for kind, price in prices.items()})


def prices_of(problems: Iterable[str], path: Path = PRICES_FILE) -> dict[str, Prices]:
    """Prices by the problem's name; none of those whose family has none, as that of older runs may not."""
    known = price_tables(path)
    return {
        problem: load_prices(problem, path) if _family(problem) in known else NO_PRICES
        for problem in sorted(set(problems))
    }


def cost_of(counts: Mapping[str, float] | None, prices: Prices) -> float:
    """What evaluations of each kind cost together, in residual evaluations; NaN where one has no price."""
    if counts is None:
        return math.nan
    return math.fsum(count * prices.get(kind, math.nan) for kind, count in counts.items() if count)


def price_tables(path: Path = PRICES_FILE) -> dict[str, dict[str, Any]]:
    """What the file of prices says, by family of problems: ``prices``, and where they come from.

    Raises
    ------
    HarnessError
        If the file is missing or cannot be read.
    """
    try:
        tables = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise _damaged(path, str(error)) from error
    for family, table in tables.items():
        if not (isinstance(table, dict) and isinstance(table.get("prices"), dict)):
            raise _damaged(path, f"{family} has no table of prices")
    return tables


def _family(problem: str) -> str | None:
    known = known_problem(problem)
    return None if known is None else known.family


def _damaged(path: Path, why: str) -> HarnessError:
    return HarnessError(f"{path} is damaged ({why}): restore it, then python -m benchmark speed --update-prices")
