"""Run-time distributions: the share of runs that have reached a target, over seconds or over cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import CensoredData, ecdf

from benchmark.analysis.attempts import judged
from benchmark.analysis.success import Resource, spent_until

Array = NDArray[np.float64]

BY = ("target", "method")
STAIRCASE = ["amount", "share", "runs"]


def run_time_distributions(attempts: pd.DataFrame, resource: Resource, by: Sequence[str] = BY) -> pd.DataFrame:
    """Share of runs that reached a target within an amount of a resource, as a staircase.

    A run that its budget ended might have reached the target with more: it is censored at what it spent (Kaplan and
    Meier 1958), which counts where budgets differ, as those of seconds do in cost. All others that did not reach it
    never will: a method that ended by its own criterion, failed or was killed stays among those that have not, for
    ever. The distribution levels off below one by their share.

    Parameters
    ----------
    attempts
        As `attempts` gives them, with any further columns to group by.
    resource
        ``seconds``, or ``cost`` in residual evaluations.
    by
        What is told apart; all else is taken together.

    Returns
    -------
    pd.DataFrame
        Columns `by`, ``amount``, ``share`` and ``runs``: the first point of each staircase is at nothing, the last at
        the largest amount that any run of it spent. Groups with a run whose amount is not known are left out.
    """
    groups = judged(attempts).groupby(list(by), sort=True, observed=True)
    found = {keys: stairs for keys, group in groups if (stairs := _staircase(group, resource)) is not None}
    if not found:
        return pd.DataFrame(columns=[*by, *STAIRCASE])
    return pd.concat(found, names=list(by)).reset_index(list(by)).reset_index(drop=True)


def _staircase(group: pd.DataFrame, resource: Resource) -> pd.DataFrame | None:
    spent, reached = spent_until(group, resource).to_numpy(dtype=np.float64), group["reached"].to_numpy(dtype=bool)
    unbounded = ~reached & (group["status"] != "budget").to_numpy(dtype=bool)
    if np.isnan(spent[~unbounded]).any():
        return None
    end = float(np.nanmax(spent, initial=0.0))
    times, censored = spent[reached], np.where(unbounded, end, spent)[~reached]
    shares = ecdf(CensoredData(uncensored=times, right=censored)).cdf
    steps = np.unique(times)
    amounts = np.concatenate([[0.0], steps, [end]])
    heights = np.concatenate([[0.0], shares.evaluate(steps), shares.evaluate([end])])
    return pd.DataFrame({"amount": amounts, "share": heights, "runs": len(group)})
