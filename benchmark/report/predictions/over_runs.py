"""Errors of predictions over the runs of a method: medians."""

from __future__ import annotations

from typing import Final

import pandas as pd

GROUP: Final = ["suite", "problem", "start_level", "quantity", "movement", "method", "source"]
MEDIANS: Final = ("rmse_median_deg", "rmse_median_n", "r2_median_1", "lowest_r2_median_1")


def over_runs(errors: pd.DataFrame) -> pd.DataFrame:
    """Medians over runs, a line a problem, start level, quantity, movement, method and source.

    Parameters
    ----------
    errors
        Errors of each coordinate and muscle, as `run_errors` gives them.

    Returns
    -------
    pd.DataFrame
        `GROUP`, ``runs`` and `MEDIANS`. Of each run first, over its coordinates or muscles: the root mean square of
        their root mean square errors, in degrees of angles and in N of forces, missing of the other; the median of
        their R2; and the lowest R2.
    """
    squares = errors.assign(rmse_deg=errors["rmse_deg"] ** 2, rmse_n=errors["rmse_n"] ** 2)
    in_run = squares.groupby([*GROUP, "seed"], observed=True, sort=True)
    roots, r2 = in_run[["rmse_deg", "rmse_n"]].mean() ** 0.5, in_run["r2_1"]
    by_run = pd.concat([roots, r2.median(), r2.min()], axis=1).set_axis([*MEDIANS], axis=1)
    groups = by_run.groupby(level=GROUP, observed=True, sort=True)
    return pd.concat([groups.size().rename("runs"), groups.median()], axis=1).reset_index()
