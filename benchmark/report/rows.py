"""Stored rows as a table: one line a run, the columns that anyone who analyses results can rely on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmark.harness.prices import NO_PRICES, Prices, cost_of
from benchmark.harness.row import ACCURACY_MEASURES, COSTS, DELIVERED, Row
from benchmark.problem.problem_name import known_problem
from benchmark.problem.start_level import start_level_order
from benchmark.problem.targets import NO_TARGETS, Targets
from benchmark.report.endings import OBJECTIVE

if TYPE_CHECKING:
    from benchmark.analysis.identifiable_error import Yardstick

KEYS = ["suite", "problem", "method", "start_level", "seed"]
OF_PROBLEM = ["formulation", "subject", "imperfection"]  # as its name has them
AMOUNTS = [name for name in COSTS if name != "evaluations"]  # of time and memory, and what evaluations cost
TEXTS = ["commit", "message"]
RATE = "seconds_per_evaluation"
COST = "cost"
IDENTIFIABLE_ERROR = "identifiable_error_percent"
ERROR_OVER_BOUND = "error_over_bound"
OF_IDENTIFIABLE = [IDENTIFIABLE_ERROR, ERROR_OVER_BOUND]
ACCURACIES = [*ACCURACY_MEASURES, *OF_IDENTIFIABLE]
COLUMNS = [
    *KEYS,
    *OF_PROBLEM,
    "status",
    "stop",
    "reached_target",
    *ACCURACIES,
    "evaluations",
    COST,
    *AMOUNTS,
    RATE,
    *TEXTS,
]
COUNT_PREFIX = "evaluations_"
NOTHING_PRICED: Mapping[str, Prices] = MappingProxyType({})
NO_YARDSTICKS: Mapping[str, Yardstick] = MappingProxyType({})


def runs_table(
    rows: Sequence[Row],
    targets: Targets = NO_TARGETS,
    prices: Mapping[str, Prices] = NOTHING_PRICED,
    yardsticks: Mapping[str, Yardstick] = NO_YARDSTICKS,
) -> pd.DataFrame:
    """One line a run, sorted by suite, problem, method, start level and seed.

    Parameters
    ----------
    rows
        Stored rows.
    targets
        What counts as reaching a problem's best minimum.
    prices
        What evaluations cost, by the problem's name.
    yardsticks
        What errors of identifiable parameters are measured by, by the problem's name.

    Returns
    -------
    pd.DataFrame
        `COLUMNS`, with formulation, subject and imperfection by the problem's name; then one column
        ``evaluations_<kind>`` a kind of evaluation. Start levels as a share (0.1 is 10 %)
        or ``uniform``, in this order; Cr in percent, times in s, torques in N m, costs in residual evaluations; what a
        failed run does not have is missing, as is ``reached_target`` where a problem has no target or the run was
        skipped, and ``cost`` where a kind of evaluation has no price. ``identifiable_error_percent`` and
        ``error_over_bound`` are those of `benchmark.analysis.identifiable_error`, missing where a problem has no
        yardstick, the latter also where it has no noise.
    """
    rows = sorted(rows, key=row_order)
    kinds = sorted({kind for row in rows for kind in row.get("counts") or {}})
    columns = [*COLUMNS, *(COUNT_PREFIX + kind for kind in kinds)]
    lines = [_flat(row) | _of_identifiable(row, yardsticks.get(row["problem"])) for row in rows]
    table = pd.DataFrame(lines).reindex(columns=columns)
    table[COST] = [_cost(row, prices.get(row["problem"], NO_PRICES)) for row in rows]
    numbers = [*ACCURACIES, *AMOUNTS, COST]
    table[numbers] = table[numbers].astype(float)
    levels = sorted(set(table["start_level"]), key=start_level_order)
    table["start_level"] = pd.Categorical(table["start_level"], levels, ordered=True)
    whole = [column for column in columns if column == "seed" or column.startswith("evaluations")]
    table[whole] = table[whole].astype("Int64")
    evaluations = table["evaluations"].astype(float)
    table[RATE] = table["solve_s"] / evaluations.where(evaluations > 0)
    table["reached_target"] = pd.array([_reached(row, targets) for row in rows], dtype="boolean")
    return table


def row_order(row: Row) -> tuple[Any, ...]:
    """What rows are sorted by: suite, problem, method, start level and seed."""
    return tuple(start_level_order(row[key]) if key == "start_level" else row[key] for key in KEYS)


def _reached(row: Row, targets: Targets) -> bool | None:
    """Whether a run delivered an objective at or below its problem's target; None where that cannot be judged."""
    delivered = row["status"] in DELIVERED
    if row["problem"] not in targets or row["status"] == "skipped" or (delivered and row.get(OBJECTIVE) is None):
        return None
    return delivered and row[OBJECTIVE] <= targets[row["problem"]].target_rad2_per_s4


def _of_identifiable(row: Row, yardstick: Yardstick | None) -> Row:
    """Errors of what is identifiable; nothing where they cannot be known."""
    identified = row.get("identified")
    if yardstick is None or not identified:
        return {}
    errors = yardstick.error_percent(identified), yardstick.error_over_bound(identified)
    return dict(zip(OF_IDENTIFIABLE, errors, strict=True))


def _cost(row: Row, prices: Prices) -> float:
    return math.nan if row.get("evaluations") is None else cost_of(row.get("counts"), prices)


def _flat(row: Row) -> Row:
    counts = {COUNT_PREFIX + kind: count for kind, count in (row.get("counts") or {}).items()}
    message = " ".join(str(row.get("message") or "").split())
    return (
        row
        | of_problem(row["problem"])
        | counts
        | {"commit": (row.get("provenance") or {}).get("commit"), "message": message}
    )


def of_problem(problem: str) -> dict[str, str | None]:
    """Formulation, subject and imperfection by a problem's name; missing of what nobody calls a problem any more."""
    parsed = known_problem(problem)
    if parsed is None:
        return dict.fromkeys(OF_PROBLEM)
    return dict(zip(OF_PROBLEM, (parsed.treatment, parsed.variant, parsed.imperfection), strict=True))


def delivered(table: pd.DataFrame) -> pd.DataFrame:
    """The runs that converged or spent their budget; all others failed, even where a best point is left of them."""
    return table[table["status"].isin(DELIVERED) & table["cr2"].notna()]


def to_csv(table: pd.DataFrame) -> bytes:
    """The table as CSV: floats by their shortest exact form, the same bytes from the same table."""
    return table.to_csv(index=False, lineterminator="\n").encode()
