"""Resampling runs: instances, or the seeds within them.

An instance is a problem at a start level; its seeds are different starts. scipy.stats.bootstrap knows no levels, and
the methods that are compared share their starts: hence weights, drawn once for all methods.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

Array = NDArray[np.float64]

RESAMPLES = 2000
LEVEL = 0.95
SEED = 20_260_101


@lru_cache(maxsize=16)
def seed_weights(runs: int) -> Array:
    """How often each of `runs` runs of one instance is drawn, (resamples, runs); the same whenever it is asked for."""
    generator = np.random.default_rng([SEED, runs])
    return _constant(generator.multinomial(runs, np.full(runs, 1.0 / runs), size=RESAMPLES))


@lru_cache(maxsize=16)
def stratified_weights(sizes: tuple[int, ...]) -> Array:
    """Weight of each run in the mean over instances of their means, where runs are drawn within each instance.

    Parameters
    ----------
    sizes
        Runs of each instance, one after the other.

    Returns
    -------
    Array
        (resamples, runs); every line sums to one.
    """
    generator = np.random.default_rng([SEED, *sizes])
    drawn = [generator.multinomial(size, np.full(size, 1.0 / size), size=RESAMPLES) / size for size in sizes]
    return _constant(np.concatenate(drawn, axis=1) / len(sizes))


@lru_cache(maxsize=16)
def instance_weights(sizes: tuple[int, ...]) -> Array:
    """The same where instances are drawn, each with all of its runs.

    Drawing runs again within the instances drawn would count their spread twice (Davison and Hinkley 1997, section
    3.8): one method under two names would then never be told apart, instead of in one case of twenty.
    """
    generator = np.random.default_rng([SEED, *sizes])
    count = len(sizes)
    drawn = generator.multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES) / count
    return _constant(np.repeat(drawn / np.array(sizes), sizes, axis=1))


def expanded_interval(resampled: Array, runs: int) -> tuple[float, float]:
    """Percentile interval of a statistic of so many runs; it may be infinite, and is missing for less than two runs.

    The percentiles lie farther out than 2.5 and 97.5, as far as Student's t and the bootstrap's narrowness with few
    runs ask for: the expanded percentile interval of Hesterberg 2015, "What Teachers Should Know About the Bootstrap".
    """
    if runs < 2:
        return np.nan, np.nan
    tail = norm.cdf(-np.sqrt(runs / (runs - 1)) * t.ppf(0.5 + LEVEL / 2, runs - 1))
    low, high = np.quantile(resampled, [tail, 1.0 - tail], method="inverted_cdf")
    return float(low), float(high)


def _constant(weights: NDArray[Any]) -> Array:
    """The same as floats, not to be written to: it is kept for the next who asks for it."""
    kept = weights.astype(np.float64)
    kept.setflags(write=False)
    return kept
