"""The table of profile likelihoods: 95 % intervals beside those of linear theory."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from benchmark.harness.row import Row
from benchmark.identifiability.profile import LIKE_A_PARABOLA, THRESHOLD, Profile
from benchmark.report.formats import MISSING, figure, records
from benchmark.report.report_table import ReportTable, shown_table

NOISE = "Noise (rad/s2)"
ESTIMATE, INTERVAL, LINEAR = "Estimate (in its unit)", "95 % interval (in its unit)", "Linear interval (in its unit)"
HEADINGS = ("Problem", NOISE, "Parameter", "Unit", ESTIMATE, INTERVAL, LINEAR, "Profile")
COLUMNS = (
    "problem",
    "noise_rad_per_s2",
    "parameter",
    "unit",
    "estimate",
    "lower",
    "upper",
    "lower_is_open",
    "upper_is_open",
    "linear_lower",
    "linear_upper",
    "standard_deviation",
    "largest_rise_1",
    "profile",
)
NOTE = (
    "95 % intervals by profile likelihood: as far as a parameter can move, all others identified anew, until the sum "
    f"of squares rises by {THRESHOLD:.3g} times the noise's variance (chi-square, one degree of freedom). A round "
    "bracket: open, the rise stays below that up to the parameter's bound. Beside them the linear (Wald) intervals, "
    "which know neither curvature nor bounds. Profile: a *parabola* has both ends within "
    f"{100.0 * LIKE_A_PARABOLA:g} % of the linear ones; a *curved* one not; an *open* one reaches a bound; a *flat* "
    "one does not rise over most of its width: the data do not see the parameter. "
    f"{MISSING}: no information at the estimate. Estimates and bounds are in the parameter's unit, and so are those "
    "in the CSV file."
)


def profiles_table(found: Mapping[str, Sequence[Profile]]) -> ReportTable:
    """The table of all profiles.

    Parameters
    ----------
    found
        Profiles by the problem's name.
    """
    raw = pd.DataFrame([_line(profile) for own in found.values() for profile in own], columns=list(COLUMNS))
    return ReportTable(
        name="identifiability-profiles",
        title="Profile likelihoods of chosen parameters",
        raw=raw,
        shown=shown_table([_cells(line) for line in records(raw)], HEADINGS),
        note=NOTE,
        sort_by={NOISE: "noise_rad_per_s2"},
    )


def _line(profile: Profile) -> Row:
    interval, linear = profile.interval, profile.linear_interval
    figures = (profile.estimate, *interval, *linear, profile.standard_deviation, float(profile.rises.max()))
    names = (profile.problem, profile.noise_rad_per_s2, profile.parameter, profile.unit)
    return dict(zip(COLUMNS, (*names, *figures, profile.shape), strict=True))


def _cells(line: Row) -> Row:
    left, right = "(" if line["lower_is_open"] else "[", ")" if line["upper_is_open"] else "]"
    known = math.isfinite(line["standard_deviation"])
    cells = (
        line["problem"],
        f"{line['noise_rad_per_s2']:g}",
        line["parameter"],
        line["unit"],
        _digits(line["estimate"]),
        f"{left}{_digits(line['lower'])}, {_digits(line['upper'])}{right}",
        f"[{_digits(line['linear_lower'])}, {_digits(line['linear_upper'])}]" if known else MISSING,
        line["profile"],
    )
    return dict(zip(HEADINGS, cells, strict=True))


def _digits(value: float) -> str:
    """Five significant digits: intervals may be a hundredth of a percent wide."""
    return f"{value:.5g}" if abs(value) < 1e5 else figure(value)
