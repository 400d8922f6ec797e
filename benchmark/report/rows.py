"""Stored rows as a table: one line a run, the columns that anyone who analyses results can rely on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from benchmark.harness.row import ACCURACY_MEASURES, DELIVERED, Row

KEYS = ["suite", "problem", "method", "start_level", "seed"]
TIMES = ["solve_s", "wall_s", "build_s", "seconds_per_evaluation"]
TEXTS = ["commit", "message"]
COLUMNS = [*KEYS, "status", *ACCURACY_MEASURES, "evaluations", *TIMES, *TEXTS]
COUNT_PREFIX = "evaluations_"


def runs_table(rows: Sequence[Row]) -> pd.DataFrame:
    """One line a run, sorted by suite, problem, method, start level and seed.

    Parameters
    ----------
    rows
        Stored rows.

    Returns
    -------
    pd.DataFrame
        `COLUMNS`, then one column ``evaluations_<kind>`` a kind of evaluation. Start levels as a share (0.1 is 10 %),
        Cr in percent, times in s, torques in N m; what a failed run does not have is missing.
    """
    kinds = sorted({kind for row in rows for kind in row.get("counts") or {}})
    columns = [*COLUMNS, *(COUNT_PREFIX + kind for kind in kinds)]
    table = pd.DataFrame([_flat(row) for row in rows]).reindex(columns=columns)
    numbers = [*ACCURACY_MEASURES, *TIMES, "start_level"]
    table[numbers] = table[numbers].astype(float)
    whole = [column for column in columns if column == "seed" or column.startswith("evaluations")]
    table[whole] = table[whole].astype("Int64")
    evaluations = table["evaluations"].astype(float)
    table["seconds_per_evaluation"] = table["solve_s"] / evaluations.where(evaluations > 0)
    return table.sort_values(KEYS, kind="stable", ignore_index=True)


def _flat(row: Row) -> Row:
    counts = {COUNT_PREFIX + kind: count for kind, count in (row.get("counts") or {}).items()}
    message = " ".join(str(row.get("message") or "").split())
    return row | counts | {"commit": (row.get("provenance") or {}).get("commit"), "message": message}


def delivered(table: pd.DataFrame) -> pd.DataFrame:
    """The runs that converged or spent their budget; all others failed, even where a best point is left of them."""
    return table[table["status"].isin(DELIVERED) & table["cr2"].notna()]


def to_csv(table: pd.DataFrame) -> bytes:
    """The table as CSV: floats by their shortest exact form, the same bytes from the same table."""
    return table.to_csv(index=False, lineterminator="\n").encode()
