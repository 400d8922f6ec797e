"""The table of coverage: how often 95 % intervals hold the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from benchmark.harness.row import Row
from benchmark.report.formats import figure
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.uncertainty.covered import Coverage

NOISE, REPLICATES, QUANTITIES = "Noise (rad/s2)", "Replicates (1)", "Quantities (1)"
SHARE, ALLOWED, BEYOND = "Covered [95 % interval] (%)", "Allowed for a single one (%)", "Single ones beyond it (1)"
LOWEST, Z_MEAN, Z_RMS = "Lowest single one (%)", "Largest mean z (1)", "Median root mean square z (1)"
FOUND, AT_BOUNDS = "Noise found (of the true one, 1)", "Replicates at a bound (%)"
HEADINGS = (
    "Problem", NOISE, REPLICATES, QUANTITIES, SHARE, ALLOWED, BEYOND, LOWEST, Z_MEAN, Z_RMS, FOUND, AT_BOUNDS,
)  # fmt: skip
COLUMNS = (
    "problem",
    "noise_rad_per_s2",
    "replicates",
    "quantity",
    "bound_percent",
    "covered_replicates",
    "covered_share_1",
    "covered_share_lower_1",
    "covered_share_upper_1",
    "z_mean_1",
    "z_root_mean_square_1",
    "beyond_chance",
)
NOTE = (
    "Whether 95 % intervals are right: each replicate of the recordings has noise of its own, its parameters are "
    "identified from there, starting at the truth, and its intervals (Gauss-Newton covariance at the estimate, noise "
    "from its residual, Student's t) are compared with the truth. It is the estimator that is tested, not a search for "
    "the best minimum. Quantities are those that are identifiable at the noise by their true Cramer-Rao bound: "
    "parameters, tendon slack lengths, dynamic coefficients. The share is of all intervals, its own interval over "
    "replicates. A single quantity's share lies within what is allowed in 95 of 100 cases if its interval is right. z "
    "is an error over the standard deviation that the replicate itself shows; its root mean square is over replicates, "
    "the median over quantities. All quantities are in the CSV file."
)


def coverage_table(found: Mapping[str, Coverage]) -> ReportTable:
    """The table of coverage: for people a line a problem, for programs a line a quantity.

    Parameters
    ----------
    found
        Coverage by the problem's name.
    """
    return ReportTable(
        name="identifiability-coverage",
        title="How often 95 % intervals hold the truth",
        raw=pd.DataFrame([line for own in found.values() for line in _lines(own)], columns=list(COLUMNS)),
        shown=shown_table([_cells(own) for own in found.values()], HEADINGS),
        note=NOTE,
        remarks=tuple(remark for own in found.values() for remark in _remarks(own)),
        essential=("Problem", NOISE, REPLICATES, QUANTITIES, SHARE, BEYOND, Z_RMS, AT_BOUNDS),
    )


def _lines(own: Coverage) -> Iterator[Row]:
    intervals, beyond = own.share_intervals, own.outside
    for index, name in enumerate(own.names):
        figures = (
            own.bounds_percent[index],
            own.covered[index],
            own.shares[index],
            *intervals[index],
            own.z_means[index],
            own.z_root_mean_squares[index],
        )
        cells = (own.problem, own.noise_rad_per_s2, own.replicates, name, *figures, name in beyond)
        yield dict(zip(COLUMNS, cells, strict=True))


def _cells(own: Coverage) -> Row:
    low, high = own.allowed
    share, start, end = (f"{100.0 * value:.1f}" for value in (own.pooled, *own.pooled_interval))
    cells = (
        own.problem,
        f"{own.noise_rad_per_s2:g}",
        own.replicates,
        len(own.names),
        f"{share} [{start}, {end}]",
        f"{100.0 * low:.1f} to {100.0 * high:.1f}",
        len(own.outside),
        f"{100.0 * own.shares.min():.1f}",
        figure(float(np.abs(own.z_means).max())),
        figure(float(np.median(own.z_root_mean_squares))),
        figure(float(own.noise_found_rad_per_s2.mean()) / own.noise_rad_per_s2),
        figure(100.0 * own.replicates_at_bounds / own.replicates),
    )
    return dict(zip(HEADINGS, cells, strict=True))


def _remarks(own: Coverage) -> Iterator[str]:
    where = f"`{own.problem}` at {own.noise_rad_per_s2:g} rad/s2"
    if own.outside:
        shares = dict(zip(own.names, own.shares.tolist(), strict=True))
        named = ", ".join(f"{name} ({100.0 * shares[name]:.1f} %)" for name in own.outside)
        yield f"{where}: beyond what chance allows are {named}."
    if own.at_bounds:
        named = ", ".join(f"{name} ({count})" for name, count in own.at_bounds.items())
        yield f"{where}: parameters that ended at a bound, with the number of replicates: {named}."
