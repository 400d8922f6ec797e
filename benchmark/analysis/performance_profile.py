"""Performance profiles: how often a method is the best, and how often within a factor of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmark.analysis.attempts import INSTANCE, judged
from benchmark.analysis.success import Resource, spent_until

START = [*INSTANCE, "seed"]


def performance_profiles(attempts: pd.DataFrame, resource: Resource = "seconds") -> pd.DataFrame:
    """Share of starts that a method solves within a factor of the best method there (Dolan and More 2002).

    A start is a problem, a start level and a seed, which all methods share. A method's share is of the starts that it
    ran from; one that nobody solves counts as not solved by anybody, and one where the amount of a run is not known is
    left out. The ratios are those among the methods given: with others the profile is another.

    Parameters
    ----------
    attempts
        As `attempts` gives them.
    resource
        ``seconds``, or ``cost`` in residual evaluations.

    Returns
    -------
    pd.DataFrame
        Columns ``target``, ``method``, ``ratio``, ``share`` and ``starts``, a staircase a target and method from ratio
        one to the largest of the target.
    """
    counted = judged(attempts)
    amount = spent_until(counted, resource).where(counted["reached"], np.inf)
    starts = amount.groupby([counted[name] for name in ["target", *START]], observed=True)
    known, best = ~amount.isna().groupby(starts.ngroup()).transform("any"), starts.transform("min")
    ratio = (amount / best).where(amount > best, 1.0).where(counted["reached"], np.inf)
    lines = counted[["target", "method"]].assign(ratio=ratio)[known]
    found = [
        _staircase(group["ratio"], _largest(of_target["ratio"])).assign(target=target, method=method)
        for target, of_target in lines.groupby("target", observed=True)
        for method, group in of_target.groupby("method")
    ]
    columns = ["target", "method", "ratio", "share", "starts"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _largest(ratios: pd.Series) -> float:
    return float(ratios[np.isfinite(ratios)].to_numpy().max(initial=1.0))


def _staircase(ratios: pd.Series, end: float) -> pd.DataFrame:
    values = ratios.to_numpy(dtype=np.float64)
    steps = np.unique(np.concatenate([[1.0], values[np.isfinite(values)], [end]]))
    shares = np.searchsorted(np.sort(values), steps, side="right") / len(values)
    return pd.DataFrame({"ratio": steps, "share": shares, "starts": len(values)})
