"""Differences of paired runs: means over instances, how far they can be trusted, and corrections for many of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from benchmark.analysis.resampling import LEVEL, instance_weights, stratified_weights

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

ALPHA = 1.0 - LEVEL
FEWEST = 6  # the two-sided sign test of fewer differences is never below 5 %, even if all of them agree
ROUNDING = 1e-12  # smaller differences and errors are none


class Difference(NamedTuple):
    """Mean differences of k pairs of methods.

    Attributes
    ----------
    estimate
        The means, (k,).
    centre, error
        Where their intervals are centred, and standard errors, (k,).
    freedom
        Degrees of freedom of the errors; infinite for the normal distribution.
    p
        Two-sided, each for itself, (k,).
    """

    estimate: Array
    centre: Array
    error: Array
    freedom: float
    p: Array

    def interval(self) -> tuple[Array, Array]:
        """The 95 % interval of each for itself, (k,)."""
        reach = t.ppf(1.0 - ALPHA / 2.0, self.freedom) * self.error
        return self.centre - reach, self.centre + reach


def paired_difference(values: Array, instance: Indices) -> Difference:
    """Means over instances of their mean differences, with bootstrap standard errors.

    Six instances or more are resampled, each with all of its seeds, and the error has as many degrees of freedom less
    one. Of fewer, seeds are resampled within each, which takes one degree of freedom an instance.

    Parameters
    ----------
    values
        Differences at each start, (n, k); n of at least `FEWEST`.
    instance
        Index of the instance of each start from 0, (n,), rising.
    """
    sizes = np.bincount(instance)
    several = len(sizes) >= FEWEST
    units, taken = (len(sizes), 1) if several else (len(instance), len(sizes))
    weights = instance_weights if several else stratified_weights
    resampled = weights(tuple(sizes.tolist())) @ values
    estimate = (values / (len(sizes) * np.repeat(sizes, sizes))[:, None]).sum(axis=0)
    error = resampled.std(axis=0) * np.sqrt(units / (units - taken))  # a bootstrap's spread is that of the sample
    freedom = float(units - taken)
    return Difference(estimate, estimate, error, freedom, two_sided(estimate, error, freedom))


def success_difference(values: Array, instance: Indices) -> Difference:
    """The same of differences of success, each -1, 0 or 1, after Bonett and Price (2012)."""
    plain = paired_difference(values, instance)
    count = len(values) + 2.0
    more, less = ((values == sign).sum(axis=0) + 1.0 for sign in (1.0, -1.0))
    centre = (more - less) / count
    error, freedom = np.sqrt(((more + less) / count - centre**2) / count), np.inf
    if len(np.bincount(instance)) >= FEWEST:
        error, freedom = np.maximum(error, plain.error), plain.freedom
    return Difference(plain.estimate, centre, error, freedom, two_sided(centre, error, freedom))


def two_sided(estimate: Array, error: Array, freedom: float) -> Array:
    """p-values of differences with such standard errors, (k,); 1 where there is no difference at all."""
    ratio = np.abs(estimate) / np.maximum(error, ROUNDING)
    return np.asarray(np.where(np.abs(estimate) > ROUNDING, 2.0 * t.sf(ratio, freedom), 1.0))


def holm(p: Array) -> Array:
    """p-values corrected for their number after Holm (1979), (k,)."""
    order = np.argsort(p)
    corrected = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    found = np.empty_like(p)
    found[order] = np.minimum(corrected, 1.0)
    return found
