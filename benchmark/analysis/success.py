"""How often, how soon and at what expense methods reach targets, at each problem and start level."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from benchmark.analysis.attempts import INSTANCE, judged
from benchmark.analysis.resampling import LEVEL, expanded_interval, seed_weights
from benchmark.harness.row import DELIVERED

Array = NDArray[np.float64]
Resource = Literal["seconds", "cost"]

RESOURCES: tuple[Resource, ...] = ("seconds", "cost")
GROUP = [*INSTANCE, "target", "method"]
UNITS: Mapping[str, str] = MappingProxyType({"cr2m": "percent", "objective_rad2_per_s4": "rad2_per_s4"})
QUARTILES = (0.5, 0.25, 0.75)
EXPENSES = ("median", "lower_quartile", "upper_quartile", "spent", "expected", "expected_lower", "expected_upper")


def success_table(attempts: pd.DataFrame) -> pd.DataFrame:
    """Success rates, times and costs to the targets, and expected running times.

    Parameters
    ----------
    attempts
        The attempts of one suite, as `attempts` gives them.

    Returns
    -------
    pd.DataFrame
        A line a problem, start level, target and method. Of ``runs``, ``skipped_runs`` and ``unjudged_runs``, which
        delivered a result but not the figure, count nowhere else. ``success_rate_1`` with Wilson's interval; for each
        of ``seconds`` and ``cost`` (residual evaluations), `EXPENSES`: median and quartiles of the runs that reached
        the target; ``spent``, what all runs took until they reached it or ended; and ``expected``, that over the number
        of runs that reached it (the expected running time of Hansen et al. 2010, with a new start after each run that
        fails), with a bootstrap interval; infinite where no run reached it.
    """
    known = attempts["reached"].notna()
    reached = attempts["reached"].fillna(False).astype(bool)
    skipped, delivered = attempts["status"] == "skipped", attempts["status"].isin(DELIVERED)
    flags: dict[str, pd.Series] = {
        "runs": pd.Series(True, index=attempts.index),
        "skipped_runs": skipped,
        "unjudged_runs": ~known & ~skipped,
        "failed_runs": known & ~delivered,
        "judged_runs": known,
        "reached_runs": reached,
        "reached_at_start_runs": attempts["reached_at_start"].astype(bool),
        "untraced_reached_runs": reached & ~attempts["traced"].astype(bool),
    }
    units = attempts["measure"].map(UNITS)
    counts = attempts[[*GROUP, "threshold"]].assign(threshold_unit=units, **flags)
    groups = counts.groupby([*GROUP, "threshold", "threshold_unit"], sort=True, observed=True)
    table = groups.sum().reset_index()
    intervals = [success_interval(*counts) for counts in zip(table["reached_runs"], table["judged_runs"], strict=True)]
    table["success_rate_1"] = table["reached_runs"] / table["judged_runs"].where(table["judged_runs"] > 0)
    table[["success_rate_lower_1", "success_rate_upper_1"]] = np.array(intervals).reshape(-1, 2)
    return table.merge(_expenses(judged(attempts)), how="left", on=GROUP)


def success_interval(reached: int, runs: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a success rate; missing without runs."""
    if not runs:
        return np.nan, np.nan
    found = binomtest(reached, runs).proportion_ci(LEVEL, method="wilson")
    return float(found.low), float(found.high)


def expected_running_time(spent: Array, reached: NDArray[np.bool_]) -> tuple[float, float, float]:
    """All that runs spent over the number of those that reached the target, with its 95 % bootstrap interval.

    Parameters
    ----------
    spent
        What each run took until it reached the target, or in all, (n,).
    reached
        Whether it did, (n,).

    Returns
    -------
    tuple
        The ratio, infinite where no run reached the target, and its interval, missing for less than two runs or none
        that reached it; its upper end may be infinite.
    """
    if not reached.any():
        return np.inf, np.nan, np.nan
    weights = seed_weights(len(spent))
    successes = weights @ reached
    resampled = np.divide(weights @ spent, successes, out=np.full(len(weights), np.inf), where=successes > 0)
    return float(spent.sum() / reached.sum()), *expanded_interval(resampled, len(spent))


def expense_column(resource: Resource, name: str) -> str:
    """The column of `success_table` that has one of the `EXPENSES`; it ends with its unit."""
    return f"time_{name}_s" if resource == "seconds" else f"cost_{name}_residual_evaluations"


def spent_until(attempts: pd.DataFrame, resource: Resource) -> pd.Series:
    """What each attempt took until the target was reached, or in all where it was not."""
    return attempts[f"{resource}_to_target"].where(attempts["reached"], attempts[f"{resource}_spent"])


def _expenses(counted: pd.DataFrame) -> pd.DataFrame:
    """What the judged attempts of each line took of each resource; of costs that are not known, nothing."""
    spent = {resource: spent_until(counted, resource) for resource in RESOURCES}
    groups = counted[[*GROUP, "reached"]].assign(**spent).groupby(GROUP, sort=True, observed=True)
    lines = []
    for keys, group in groups:
        reached = group["reached"].to_numpy(dtype=bool)
        figures = [_expense(group[resource].to_numpy(dtype=np.float64), reached) for resource in RESOURCES]
        lines.append([*keys, *np.concatenate(figures)])
    names = [expense_column(resource, name) for resource in RESOURCES for name in EXPENSES]
    return pd.DataFrame(lines, columns=[*GROUP, *names]).astype({name: counted[name].dtype for name in GROUP})


def _expense(spent: Array, reached: NDArray[np.bool_]) -> Array:
    """The `EXPENSES` of a line."""
    to_target = spent[reached]
    known = len(to_target) > 0 and not np.isnan(to_target).any()
    middle = np.quantile(to_target, QUARTILES) if known else np.full(len(QUARTILES), np.nan)
    expected = (np.nan,) * 3 if np.isnan(spent).any() else expected_running_time(spent, reached)
    return np.array([*middle, spent.sum(), *expected])
