"""As how many independent residuals those of a laboratory's recordings count.

Motion and EMG are low-passed, and what is left of them is correlated from sample to sample. Noise that is white up to
the filters' cut-off, and sensitivities that have nothing above it either, are as informative as independent residuals
of a smaller number: N over the sum of the squared autocorrelations of all lags (Bartlett 1946).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from benchmark.problem.problem import Problem
from benchmark.problem.remaining_torque import remaining_torques
from benchmark.uncertainty.fit import Fit

Array = NDArray[np.float64]

LONGEST_LAG_S = 0.5  # beyond it correlations are those of slow misfits, and their estimates noise themselves


def independent_residuals(problem: Problem, fit: Fit) -> int:
    """As how many independent ones the residuals of a result count.

    Parameters
    ----------
    problem
        The problem.
    fit
        The result.
    """
    parts = [torque.measured - torque.predicted for torque in remaining_torques(problem, fit.stage, fit.point)]
    lags = max(1, round(LONGEST_LAG_S / fit.stage.projection.sample_time_s))
    return max(1, round(len(fit.residual) / correlated_samples(parts, lags)))


def correlated_samples(parts: Sequence[Array], lags: int) -> float:
    """Sum of squared autocorrelations, over positive and negative lags: 1 for independent samples.

    Parameters
    ----------
    parts
        Series of vectors, (T, n) each, that follow one another in no way.
    lags
        Longest lag, in samples.
    """
    sums = np.zeros(lags + 1)
    for series in parts:
        for column in series.T:
            whole = correlate(column, column, method="fft")[len(column) - 1 :][: lags + 1]
            sums[: len(whole)] += whole
    return float(1.0 + 2.0 * ((sums[1:] / sums[0]) ** 2).sum()) if sums[0] > 0.0 else 1.0
