"""Which of two methods reaches a target sooner, or more often, as far as the runs can tell.

Methods share their starts: what is compared is the difference at each start. A run that did not reach the target counts
with the whole budget in the comparison of times, so that it says how much sooner a target is reached within that
budget. (The ratio of expected running times stands beside it; it is infinite as soon as one method never gets there at
one instance, and then says nothing of the others.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from benchmark.analysis.attempts import INSTANCE, judged
from benchmark.analysis.paired import (
    ALPHA,
    FEWEST,
    ROUNDING,
    Array,
    Flags,
    Indices,
    holm,
    paired_difference,
    success_difference,
)
from benchmark.analysis.success import spent_until

Pair = tuple[int, int]

SHORTEST_S = 1e-3  # about one evaluation: shorter times count as this
SMALLEST_RATIO = 1.2  # of times; one method under several names showed 1.15 on a busy machine
FASTER, SLOWER, MORE_OFTEN, LESS_OFTEN = "faster", "slower", "more often", "less often"
UNDECIDED = "not told apart"
TOO_FEW = "too few starts"
NAMES = ["target", "method", "other", "instances", "starts"]
FIGURES = [
    "degrees_of_freedom",
    *(f"success_difference{suffix}_1" for suffix in ("", "_lower", "_upper", "_standard_error")),
    "success_p_1",
    *(f"time_ratio{suffix}_1" for suffix in ("", "_lower", "_upper")),
    "log10_time_ratio_standard_error_1",
    "time_p_1",
]
EXPECTED = "expected_time_ratio_1"
COLUMNS = [*NAMES, *FIGURES, EXPECTED, "success_verdict", "time_verdict"]


@dataclass(frozen=True, eq=False)
class Starts:
    """What methods did at each start of one target.

    Attributes
    ----------
    methods
        Their names, m of them.
    instance
        Index of the instance of each start, (n,), rising.
    log_time
        Logarithm to base 10 of the seconds to the target, of the budget where it was not reached; (n, m), NaN where a
        method did not run.
    reached
        1 where the target was reached, else 0; (n, m), NaN likewise.
    spent
        Seconds to the target, or in all where it was not reached; (n, m), NaN likewise.
    """

    methods: tuple[str, ...]
    instance: Indices
    log_time: Array
    reached: Array
    spent: Array


def compare(attempts: pd.DataFrame) -> pd.DataFrame:
    """Compare every two methods at the starts that both ran from, a line a target and pair.

    With six instances (problems at start levels) or more, they stand for others like them, and are resampled. Fewer can
    say nothing of others: seeds are resampled within them, and what is found holds for these instances. Each instance
    counts alike. The difference of log times is judged by its bootstrap standard error, corrected for few instances or
    starts, with Student's distribution: percentiles of so few runs would be too narrow, and of so few resamples too
    coarse for many pairs. The difference of success rates is judged after Bonett and Price (2012), whose interval does
    not vanish where all runs succeed or fail, or by the bootstrap's standard error where instances are resampled and it
    is larger. The p of a target are corrected for their number, two a pair, after Holm (1979); pairs neither of which
    ever reached it cannot differ, and do not count (Tarone 1990). Less than six starts in common are too few, and times
    within 20 % of each other are not told apart, whatever their p.

    Parameters
    ----------
    attempts
        The attempts of one suite, as `attempts` gives them.

    Returns
    -------
    pd.DataFrame
        `COLUMNS`: differences are ``method`` less ``other``, ratios ``method`` over ``other``, with 95 % intervals each
        for itself; p after Holm; all of these missing where there are too few starts. Verdicts in words, of ``method``.
    """
    counted = judged(attempts)
    by_target = [
        _decided(_pairs(starts_of(group))).assign(target=target)
        for target, group in counted.groupby("target", observed=True)
        if group["method"].nunique() > 1
    ]
    table = pd.concat(by_target, ignore_index=True)[COLUMNS] if by_target else pd.DataFrame(columns=COLUMNS)
    return table.astype({"target": attempts["target"].dtype})


def starts_of(counted: pd.DataFrame) -> Starts:
    """The judged attempts at one target, by start and method."""
    unreached = counted["budget_s"].astype(float).max()  # missing where rows are too old to say it
    seconds = counted["seconds_to_target"].where(counted["reached"], unreached).clip(lower=SHORTEST_S)
    columns = {"log_time": np.log10(seconds), "reached": counted["reached"], "spent": spent_until(counted, "seconds")}
    keys = [*INSTANCE, "seed"]
    lines = counted[[*keys, "method"]].assign(**columns)
    wide = lines.pivot(index=keys, columns="method", values=list(columns)).sort_index()
    instance = wide.index.to_frame(index=False).groupby(INSTANCE, observed=True).ngroup().to_numpy().astype(np.intp)
    values = {name: wide[name].to_numpy(dtype=np.float64) for name in columns}
    return Starts(methods=tuple(map(str, wide["reached"].columns)), instance=instance, **values)


def _pairs(starts: Starts) -> pd.DataFrame:
    """A line a pair, with p as it is for one pair alone."""
    parts = [_common(starts, common, pairs) for common, pairs in _by_common_starts(starts)]
    return pd.concat(parts).sort_values(["method", "other"])


def _by_common_starts(starts: Starts) -> Iterator[tuple[Flags, list[Pair]]]:
    """Pairs of methods, by the starts that both ran from."""
    there = ~np.isnan(starts.reached)
    groups: dict[bytes, list[Pair]] = {}
    for pair in combinations(range(len(starts.methods)), 2):
        groups.setdefault(there[:, pair].all(axis=1).tobytes(), []).append(pair)
    for common, pairs in groups.items():
        yield np.frombuffer(common, dtype=np.bool_), pairs


def _common(starts: Starts, common: Flags, pairs: list[Pair]) -> pd.DataFrame:
    """The lines of pairs with these starts in common; without figures if there are too few."""
    first, second = np.array(pairs).T
    instance = np.unique(starts.instance[common], return_inverse=True)[1]
    names = np.array(starts.methods)
    table = pd.DataFrame({"method": names[first], "other": names[second]})
    table = table.assign(instances=len(np.unique(instance)), starts=len(instance))
    if len(instance) < FEWEST:
        return table.assign(**dict.fromkeys((*FIGURES, EXPECTED), np.nan))
    log_time, reached = (values[common] for values in (starts.log_time, starts.reached))
    time = paired_difference(log_time[:, first] - log_time[:, second], instance)
    success = success_difference(reached[:, first] - reached[:, second], instance)
    low, high = (np.clip(end, -1.0, 1.0) for end in success.interval())
    ratios = (10.0**exponent for exponent in (time.estimate, *time.interval()))
    freedom = np.full(len(pairs), time.freedom)
    figures = (freedom, success.estimate, low, high, success.error, success.p, *ratios, time.error, time.p)
    expected = _log_expected(starts.spent[common], reached, instance)
    ratio = _mean_difference(expected[:, first], expected[:, second])
    return table.assign(**dict(zip(FIGURES, figures, strict=True)), **{EXPECTED: 10.0**ratio})


def _log_expected(spent: Array, reached: Array, instance: Indices) -> Array:
    """Logarithms of expected running times, (instances, m); infinite where a method never got there."""
    by_instance = np.eye(instance.max() + 1)[instance].T
    successes = by_instance @ reached
    expected = np.full(successes.shape, np.inf)
    np.divide(by_instance @ spent, successes, out=expected, where=successes > 0.0)
    return np.asarray(np.log10(np.maximum(expected, SHORTEST_S)))


def _mean_difference(first: Array, second: Array) -> Array:
    """Means over instances, (k,), where either is finite; NaN where there are none, or each is infinite somewhere."""
    counted = np.isfinite(first) | np.isfinite(second)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(counted, first - second, 0.0).sum(axis=0) / counted.sum(axis=0))


def can_differ(table: pd.DataFrame) -> pd.Series:
    """Which pairs of `compare` can differ: those with starts enough and a method that ever reached the target."""
    same = (table["time_ratio_1"] - 1.0).abs() <= ROUNDING
    return (table["starts"] >= FEWEST) & ~same


def _decided(table: pd.DataFrame) -> pd.DataFrame:
    """Correct p for the number of pairs, and judge."""
    differ, both = can_differ(table), ["success_p_1", "time_p_1"]
    single = table.loc[differ, both].to_numpy(dtype=np.float64)
    table.loc[differ, both] = holm(single.ravel()).reshape(single.shape)
    more, ratio = table["success_difference_1"], table["time_ratio_1"]
    return table.assign(
        success_verdict=_verdicts(table["success_p_1"], more > 0.0, MORE_OFTEN, LESS_OFTEN),
        time_verdict=_verdicts(
            table["time_p_1"].mask(ratio.between(1.0 / SMALLEST_RATIO, SMALLEST_RATIO), 1.0),
            ratio < 1.0,
            FASTER,
            SLOWER,
        ),
    )


def _verdicts(p: pd.Series, better: pd.Series, good: str, bad: str) -> Array:
    words = np.where(better, good, bad)
    return np.where(p.isna(), TOO_FEW, np.where(p < ALPHA, words, UNDECIDED))
