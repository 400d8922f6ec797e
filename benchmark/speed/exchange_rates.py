"""Exchange rates between kinds of evaluations: the prices that a cost budget counts in, from measured times."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark.harness.errors import HarnessError
from benchmark.harness.files import write_atomically
from benchmark.harness.prices import PRICES_FILE, price_tables
from benchmark.harness.provenance import now, provenance
from benchmark.harness.row import Row
from benchmark.problem.targets import leading_comment
from benchmark.report.formats import figure, pipe
from benchmark.report.provenance import machine

DIGITS = 3
THREADS = 1

# The problem that a family's prices come from: the first of these that was timed.
SOURCES: Mapping[str, Sequence[str]] = {
    "m1": ("m1-ab-published", "m1-a-published"),
    "m2": ("m2-ab-published",),
    "m1-fibres_unknown": ("m1-ab-published-fibres_unknown",),
    "m2-fibres_unknown": ("m2-ab-published-fibres_unknown",),
    "moments": ("moments-deg-published",),
    **{
        name: (f"{name}-ab-published",)
        for name in ("bounded", "static_optimisation", "emg_assisted", "synergy_pca", "synergy_nmf", "ignored")
    },
}

_CASADI_VALUE_AND_SLOPE = (("residual", "casadi"), ("gradient", "casadi"))
# What the harness counts as one evaluation of a kind, in operations and back ends of the table of speeds.
KINDS: Mapping[str, Sequence[tuple[str, str]]] = {
    "residual": (("residual", "compiled"),),
    "loss": (("residual", "compiled"),),
    "jacobian": (("residual and Jacobian", "compiled"),),
    "gradient": (("gradient", "compiled"),),
    "torch": (("gradient", "torch"),),
    "incremental": (("incremental loss", "compiled"),),
    "literal": (("literal epoch", "torch"),),
    "network": (("network epoch", "torch"),),
    "casadi_gauss_newton_hessian": (*_CASADI_VALUE_AND_SLOPE, ("Gauss-Newton Hessian", "casadi")),
    "casadi_exact_hessian": (*_CASADI_VALUE_AND_SLOPE, ("exact Hessian", "casadi")),
}
# The same where fibre states are unknowns beside the parameters; the loss's Hessian is constant then.
COLLOCATED: Mapping[str, Sequence[tuple[str, str]]] = {"casadi_gauss_newton_hessian": (("collocation", "casadi"),)}


@dataclass(frozen=True)
class Rates:
    """Prices of a family of problems.

    Attributes
    ----------
    problem
        The problem that they were measured on.
    prices
        By kind, in evaluations of the compiled residual; of the kinds that the family's loss has.
    """

    problem: str
    prices: Mapping[str, float]


def exchange_rates(table: pd.DataFrame) -> dict[str, Rates]:
    """Prices by family of problems, for those whose problem was timed on one thread.

    Parameters
    ----------
    table
        Measured times, as of :func:`benchmark.speed.table.speed_table`.
    """
    timed = table[table["threads"] == THREADS]
    found = {name: _first(sources, set(timed["problem"])) for name, sources in SOURCES.items()}
    return {name: _rates(problem, timed) for name, problem in found.items() if problem is not None}


def check_update(path: Path, problems: Collection[str], threads: Collection[int], quick: bool) -> None:
    """Raise a HarnessError, with what to do, if timing these gives no price for the file `path`."""
    price_tables(path)
    if quick:
        raise HarnessError("one call of each is no measure: leave out --quick to update prices")
    if THREADS not in threads:
        raise HarnessError(f"prices are those on one thread: add {THREADS} to --threads to update them")
    if not any(_first(sources, problems) for sources in SOURCES.values()):
        choices = ", ".join(problem for sources in SOURCES.values() for problem in sources)
        raise HarnessError(f"prices are those of published problems: add one of {choices} to --problems to update them")


def rates_markdown(rates: Mapping[str, Rates]) -> str:
    """Text and table of the rates, a line a kind and a column a family of problems."""
    sources = ", ".join(f"{name} from {own.problem}" for name, own in rates.items())
    text = (
        "What one evaluation of each kind that the harness counts costs, in evaluations of the compiled residual, on "
        f"one thread: {sources}. A CasADi solver's iteration is taken as a loss, a gradient and a Hessian in CasADi; "
        "where fibre states are unknowns, as a loss, constraints and their Jacobian, without the solution of a system. "
        "`network` is an epoch of the physics-informed network, with the equation of motion at every fourth sample; "
        "`incremental` is the loss after a change of one parameter, in the mean over all of them. A dash: there is no "
        "such form of the loss."
    )
    lines: list[Row] = [
        {"Kind": kind} | {f"{name} (1)": figure(own.prices.get(kind)) for name, own in rates.items()} for kind in KINDS
    ]
    return f"{text}\n\n{pipe(lines)}"


def update_prices(table: pd.DataFrame, path: Path = PRICES_FILE) -> list[str]:
    """Write the rates of a table, made just now on this machine, into the file of prices.

    Parameters
    ----------
    table
        Measured times.
    path
        The file. The comment that it begins with stays, as do the prices of families that were not timed.

    Returns
    -------
    list
        Names of the families that have new prices.

    Raises
    ------
    HarnessError
        If the file is damaged.
    """
    rates = exchange_rates(table)
    origin = {"machine": machine({"provenance": provenance()}), "date": now().partition("T")[0]}
    tables = price_tables(path) | {
        name: {"problem": own.problem, **origin, "prices": own.prices} for name, own in rates.items()
    }
    text = [leading_comment(path).rstrip(), *(_toml(name, own) for name, own in sorted(tables.items()))]
    write_atomically(path, ("\n\n".join(text) + "\n").encode())
    return list(rates)


def _first(sources: Sequence[str], problems: Collection[str]) -> str | None:
    return next((problem for problem in sources if problem in problems), None)


def _rates(problem: str, timed: pd.DataFrame) -> Rates:
    own = timed[timed["problem"] == problem].set_index(["operation", "backend"])["ratio_to_residual"]
    timed_parts = set(own.index)
    priced = {kind: parts for kind, parts in [*KINDS.items(), *COLLOCATED.items()] if timed_parts.issuperset(parts)}
    prices = {kind: sum(float(own[part]) for part in parts) for kind, parts in priced.items()}
    return Rates(problem, {kind: float(f"{price:.{DIGITS}g}") for kind, price in prices.items()})


def _toml(family: str, table: Mapping[str, Any]) -> str:
    """A family's table, its prices in one of their own."""
    origin = [f"{name} = {json.dumps(value)}" for name, value in table.items() if name != "prices"]
    prices = [f"{kind} = {price}" for kind, price in table["prices"].items()]
    return "\n".join([f"[{family}]", *origin, "", f"[{family}.prices]", *prices])
