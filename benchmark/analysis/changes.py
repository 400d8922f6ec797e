"""What changed between two sets of runs, such as those before and after a change, or of two machines.

Runs are paired by suite, problem, method, start level and seed: A is before, or the one machine, B after, or the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from benchmark.analysis.comparison import SMALLEST_RATIO
from benchmark.analysis.paired import (
    ALPHA,
    FEWEST,
    Array,
    Difference,
    Indices,
    holm,
    paired_difference,
    success_difference,
)
from benchmark.harness.row import ACCURACY_MEASURES, DELIVERED
from benchmark.problem.start_level import start_level_order

KEYS = ["suite", "problem", "method", "start_level", "seed"]
NUMBERS = [*ACCURACY_MEASURES, "evaluations"]  # what a run depends on its code, data and libraries for
RATIOS: Mapping[str, str] = MappingProxyType(
    {"objective_ratio_1": "objective_rad2_per_s4", "cr2m_ratio_1": "cr2m", "time_ratio_1": "solve_s"}
)
SIDES = ("a", "b")
TESTS: Mapping[str, str] = MappingProxyType(  # and the figure that each judges
    {
        "success": "success_difference_1",
        "delivery": "delivery_difference_1",
        "cr2m": "cr2m_ratio_1",
        "time": "time_ratio_1",
    }
)
BOTH = "both"

SAME = "same numbers"
BETTER, WORSE, FASTER, SLOWER, MIXED = "better", "worse", "faster", "slower", "mixed"
UNDECIDED = "not told apart"
TOO_FEW = "too few pairs"


def paired_runs(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """One line a run of either, in the order of `runs_table`.

    Parameters
    ----------
    first, second
        The runs of A and of B, as `runs_table` gives them.

    Returns
    -------
    pd.DataFrame
        `KEYS`; ``found_in``: a, b or both; columns of either with ``_a`` and ``_b`` behind their names; ``succeeded``
        of each: whether it reached the target or, unless both are known to have or not, delivered a result;
        ``delivered`` of each; both missing where it was skipped; ``same_status`` and ``same_numbers``, to the last
        digit; ratios, B over A, of runs that both delivered.
    """
    columns = ["status", "reached_target", *NUMBERS, "solve_s"]
    sides = [table[[*KEYS, *columns]].astype({"start_level": object}) for table in (first, second)]
    sides = [table.assign(delivered=_delivered(table)) for table in sides]
    pairs = sides[0].merge(sides[1], on=KEYS, how="outer", suffixes=("_a", "_b"), indicator="found_in", validate="1:1")
    pairs["found_in"] = pairs["found_in"].map({"left_only": "a", "right_only": "b", "both": BOTH}).astype(str)
    is_pair = pairs["found_in"] == BOTH
    judged = pairs["reached_target_a"].notna() & pairs["reached_target_b"].notna()
    for side in SIDES:
        pairs[f"succeeded_{side}"] = pairs[f"delivered_{side}"].mask(judged, pairs[f"reached_target_{side}"])
    same = [_same(pairs[f"{name}_a"], pairs[f"{name}_b"]) for name in ("status", *NUMBERS)]
    pairs["same_status"] = same[0].where(is_pair)
    pairs["same_numbers"] = pd.concat(same, axis=1).all(axis=1).where(is_pair)
    delivered = (pairs["delivered_a"] & pairs["delivered_b"]).fillna(False)
    for ratio, column in RATIOS.items():
        before, after = (pairs[f"{column}_{side}"].astype(float).where(delivered) for side in SIDES)
        pairs[ratio] = after / before.where(before > 0.0)
    order = pairs["start_level"].map(start_level_order)
    return pairs.assign(order=order).sort_values([*KEYS[:3], "order", "seed"], ignore_index=True).drop(columns="order")


def verdicts(pairs: pd.DataFrame) -> pd.DataFrame:
    """What can be said of each method of each suite.

    A method is better if it succeeds more often or, without a difference in that, delivers a result more often or,
    without one in that either, with lower errors of the muscle parameters (Cr2m); faster if its time is shorter. As
    in comparisons of methods, differences are those at the same starts, their p corrected after Holm (1979) for the
    number of methods, and ratios within 20 % and less than six pairs say nothing. Runs that delivered results in both
    have times and errors to compare.

    Parameters
    ----------
    pairs
        The runs of `paired_runs`.

    Returns
    -------
    pd.DataFrame
        One line a suite and method that A and B share: p-values and a ``verdict`` in words, of B.
    """
    common = pairs[pairs["found_in"] == BOTH]
    lines = [_tested(group) for _, group in common.groupby(["suite", "method"], sort=True)]
    table = pd.DataFrame(lines, columns=["suite", "method", *_figures()])
    for name in TESTS:
        tested = table[f"{name}_p_1"].notna()
        table.loc[tested, f"{name}_p_1"] = holm(table.loc[tested, f"{name}_p_1"].to_numpy(dtype=np.float64))
    return table.assign(verdict=[_verdict(line) for _, line in table.iterrows()])


def _delivered(runs: pd.DataFrame) -> pd.Series:
    """Whether runs delivered a result; missing of those that were skipped."""
    return runs["status"].isin(DELIVERED).astype("boolean").mask(runs["status"] == "skipped")


def _same(first: pd.Series, second: pd.Series) -> pd.Series:
    """Whether two columns agree; what is missing in both does."""
    return ((first == second).fillna(False) | (first.isna() & second.isna())).astype("boolean")


def _figures() -> list[str]:
    return ["same_1", *TESTS.values(), *(f"{name}_p_1" for name in TESTS)]


def _tested(group: pd.DataFrame) -> dict[str, object]:
    """Differences of a method's pairs, with p as it is for one method alone."""
    judged = group.dropna(subset=["succeeded_a", "succeeded_b"])
    success, delivery = (
        judged[f"{name}_b"].astype(float) - judged[f"{name}_a"].astype(float) for name in ("succeeded", "delivered")
    )
    logs = [np.log10(group[name].where(group[name] > 0.0)) for name in ("cr2m_ratio_1", "time_ratio_1")]
    found = [_difference(values, judged, success_difference) for values in (success, delivery)]
    found += [_difference(values.dropna(), group.loc[values.dropna().index], paired_difference) for values in logs]
    successes, deliveries, error, time = (estimate for estimate, _ in found)
    figures = (group["same_numbers"].all(), successes, deliveries, 10.0**error, 10.0**time, *(p for _, p in found))
    first = group.iloc[0]
    return {"suite": first["suite"], "method": first["method"], **dict(zip(_figures(), figures, strict=True))}


def _difference(
    values: pd.Series, runs: pd.DataFrame, test: Callable[[Array, Indices], Difference]
) -> tuple[float, float]:
    """Mean difference, and its p; both missing of too few."""
    if len(values) < FEWEST:
        return np.nan, np.nan
    instance = runs.groupby(["problem", "start_level"], sort=False).ngroup().to_numpy().astype(np.intp)
    order = np.argsort(instance, kind="stable")
    found = test(values.to_numpy(dtype=np.float64)[order, None], instance[order])
    return float(found.estimate[0]), float(found.p[0])


def _verdict(line: pd.Series) -> str:
    accuracy = SAME if line["same_1"] else _accuracy(line)
    time = _told(line["time_p_1"], line["time_ratio_1"], FASTER, SLOWER)
    said = [word for word in (accuracy, time) if word not in (UNDECIDED, TOO_FEW)]
    if {*said} in ({BETTER, SLOWER}, {WORSE, FASTER}):
        return f"{MIXED}: {', '.join(said)}"
    return ", ".join(said) or (UNDECIDED if UNDECIDED in (accuracy, time) else TOO_FEW)


def _accuracy(line: pd.Series) -> str:
    """How a method does now: by the first of success, delivery and errors that tells."""
    for name in ("success", "delivery"):
        if line[f"{name}_p_1"] < ALPHA:
            return BETTER if line[TESTS[name]] > 0.0 else WORSE
    by_error = _told(line["cr2m_p_1"], line["cr2m_ratio_1"], BETTER, WORSE)
    return UNDECIDED if by_error == TOO_FEW and not np.isnan(line["success_p_1"]) else by_error


def _told(p: float, ratio: float, less: str, more: str) -> str:
    if np.isnan(p):
        return TOO_FEW
    apart = p < ALPHA and not 1.0 / SMALLEST_RATIO <= ratio <= SMALLEST_RATIO
    return UNDECIDED if not apart else less if ratio < 1.0 else more
