"""What a design can detect: the smallest differences that its runs would show in four of five repetitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import nctdtrinc
from scipy.stats import beta, norm, t

from benchmark.analysis.comparison import SMALLEST_RATIO, can_differ
from benchmark.analysis.paired import ALPHA, FEWEST, ROUNDING, Array, two_sided
from benchmark.analysis.ranking import told_apart
from benchmark.harness.row import Row

POWER = 0.8
COLUMNS = [
    "target",
    "methods",
    "pairs",
    "pairs_told_apart",
    "instances",
    "starts",
    "generalises",
    "alpha_1",
    "smallest_success_difference_1",
    "smallest_time_ratio_1",
]


def detectable(comparisons: pd.DataFrame) -> pd.DataFrame:
    """The smallest differences that a suite's runs tell apart with a power of 80 %, a line a target.

    Of times: by the noncentral t distribution, with the median standard error of the pairs that differ at all, and not
    less than what always counts as equal. Of success rates: between a method that always succeeds and one that does
    less often, where it is the smallest; exact for the test of few instances, and not less than the same as of times.
    Alpha is 5 % over the number of p corrected, Holm's first step.

    Parameters
    ----------
    comparisons
        What `compare` gives.

    Returns
    -------
    pd.DataFrame
        `COLUMNS`; ``pairs`` are those that can differ. Of different numbers of starts in common, the median pair's;
        ``generalises`` says whether there are instances enough to say anything of others. A difference is missing where
        no difference would be detected, or none was seen to judge by.
    """
    lines = [_line(group) | {"target": target} for target, group in comparisons.groupby("target", observed=True)]
    table = pd.DataFrame(lines, columns=COLUMNS)
    return table.astype({"target": comparisons["target"].dtype})


def smallest_success_difference(starts: int, alpha: float, freedom: float = np.inf) -> float:
    """How much less than always a method must succeed to be told apart from one that always does; NaN if it never is.

    Parameters
    ----------
    starts
        Number of paired starts.
    alpha
        Of the two-sided test of Bonett and Price (2012).
    freedom
        Degrees of freedom that it is judged with.
    """
    lost = np.arange(starts + 1.0)
    centre = lost / (starts + 2.0)
    error = np.sqrt(((lost + 2.0) / (starts + 2.0) - centre**2) / (starts + 2.0))
    enough = np.flatnonzero(two_sided(centre, error, freedom) < alpha)
    if not len(enough):
        return np.nan
    return float(beta.ppf(POWER, enough[0], starts - enough[0] + 1))  # then as many are lost with this probability


def _line(pairs: pd.DataFrame) -> Row:
    tested = pairs[can_differ(pairs)]
    line: Row = {
        "methods": len({*pairs["method"], *pairs["other"]}),
        "pairs": len(tested),
        "pairs_told_apart": len(told_apart(tested)),
        "instances": int(pairs["instances"].median()),
        "starts": int(pairs["starts"].median()),
        "generalises": bool(pairs["instances"].median() >= FEWEST),
    }
    return line | (_smallest(tested, line) if len(tested) else {})


def _smallest(tested: pd.DataFrame, line: Row) -> Row:
    alpha, freedom = ALPHA / (2.0 * len(tested)), float(tested["degrees_of_freedom"].median())
    time = _smallest_mean(tested["log10_time_ratio_standard_error_1"].to_numpy(dtype=np.float64), alpha, freedom)
    freedom = freedom if line["generalises"] else np.inf
    spread = _smallest_mean(tested["success_difference_standard_error_1"].to_numpy(dtype=np.float64), alpha, freedom)
    sure = smallest_success_difference(line["starts"], alpha, freedom)
    success = float(np.maximum(sure, spread))
    return {
        "alpha_1": alpha,
        "smallest_success_difference_1": success if success <= 1.0 else np.nan,
        "smallest_time_ratio_1": float(np.maximum(10.0**time, SMALLEST_RATIO)),
    }


def _smallest_mean(errors: Array, alpha: float, freedom: float) -> float:
    """The smallest mean that is detected at the median standard error of those that differ; NaN if none does."""
    spread = errors[errors > ROUNDING]
    if not len(spread):
        return np.nan
    limit = t.ppf(1.0 - alpha / 2.0, freedom)
    shift = limit + norm.ppf(POWER) if np.isinf(freedom) else nctdtrinc(freedom, 1.0 - POWER, limit)
    return float(shift * np.median(spread))
