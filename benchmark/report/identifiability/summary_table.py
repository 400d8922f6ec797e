"""The table of what can be known in short: a line a problem."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from benchmark.harness.row import Row
from benchmark.identifiability.analysis import Analysis
from benchmark.identifiability.classes import CLASSES, REFERENCE_NOISE_RAD_PER_S2
from benchmark.identifiability.collinearity import (
    COLLINEAR,
    MUSCLE,
    collinearity_index,
    largest_subset,
    parameter_groups,
)
from benchmark.identifiability.directions import along, common_force_factor, correlation, scale_direction
from benchmark.report.formats import figure, records
from benchmark.report.identifiability.quantities_table import THRESHOLDS
from benchmark.report.identifiability.rows import FAMILIES
from benchmark.report.report_table import ReportTable, shown_table

NAME = "identifiability-summary"
COUNTED = dict(
    zip(FAMILIES, ("Muscle parameters", "Bone parameters", "Dynamic coefficients", "Shared parameters"), strict=True)
)
MEASURES = {
    "Recorded (s)": "recorded_s",
    "Residuals": "residuals",
    "Parameters": "parameters",
    "Rank": "rank",
    "Condition number (1)": "condition_number_1",
    "Without influence": "without_influence",
    "Common factor of forces (%)": "common_force_factor_percent",
    "Scale direction (1)": "scale_direction_strength_1",
    "Correlation of c1 and c2 (1)": "c1_c2_correlation_1",
}
WORST, SUBSET = "Most collinear muscle", "Not collinear"
NOTE = (
    f"{THRESHOLDS} Counts are identifiable / weak / not, of the quantities that the data could depend on; those that "
    "have no influence at all (muscles that are eliminated or hidden behind them, rigid tendons) are counted apart. "
    "Condition number: of the directions that have any effect. Common factor of forces: bound for the mean of all "
    "relative maximum isometric forces, which only the known bodies fix. Scale direction: effect of all maximum "
    "isometric forces, masses and inertias growing together, relative to the strongest direction. Most collinear "
    f"muscle: the one whose parameters have the largest collinearity index, critical from {COLLINEAR:g} on. Not "
    f"collinear: size of a largest subset of parameters with an index of at most {COLLINEAR:g}, found greedily."
)


def summary(analyses: Mapping[str, Analysis], bounds: pd.DataFrame) -> pd.DataFrame:
    """A line a problem.

    Parameters
    ----------
    analyses
        By the problem's name.
    bounds
        Their `bounds_table`.
    """
    return pd.DataFrame([_line(found, bounds[bounds["problem"] == name]) for name, found in analyses.items()])


def summary_table(analyses: Mapping[str, Analysis], bounds: pd.DataFrame) -> ReportTable:
    """The table of `summary`."""
    raw = summary(analyses, bounds)
    lines = [
        {"Problem": line["problem"]}
        | {heading: " / ".join(str(line[counts(of, klass)]) for klass in CLASSES) for of, heading in COUNTED.items()}
        | {heading: figure(line[column]) for heading, column in MEASURES.items()}
        | {WORST: f"{line['most_collinear_muscle']} {figure(line['muscle_collinearity_index_1'])}"}
        | {SUBSET: f"{line['not_collinear']} of {line['parameters']}"}
        for line in records(raw)
    ]
    first = ("Problem", *COUNTED.values())
    return ReportTable(
        NAME,
        "What can be known, in short",
        raw,
        shown_table(lines, [*first, *MEASURES, WORST, SUBSET]),
        NOTE,
        essential=(*first, "Rank", "Condition number (1)", "Common factor of forces (%)"),
        sort_by={heading: counts(of, CLASSES[0]) for of, heading in COUNTED.items()}
        | MEASURES
        | {WORST: "muscle_collinearity_index_1", SUBSET: "not_collinear"},
    )


def _line(found: Analysis, bounds: pd.DataFrame) -> Row:
    known, free = found.information, bounds[bounds["has_influence"]]
    muscles = {
        group.name: collinearity_index(known, group.parameters)
        for group in parameter_groups(known.names)
        if group.scope == MUSCLE
    }
    worst = max(muscles, key=lambda name: muscles[name])
    factor = known.standard_deviations(REFERENCE_NOISE_RAD_PER_S2, common_force_factor(known))
    return {
        "problem": found.problem,
        "recorded_s": found.recorded_s,
        "residuals": known.residuals,
        "parameters": len(known.names),
        "rank": known.rank,
        "condition_number_1": known.spectrum[0] / known.spectrum[known.rank - 1],
        **{
            counts(of, klass): int(((free["family"] == of) & (free["class"] == klass)).sum())
            for of in FAMILIES
            for klass in CLASSES
        },
        "without_influence": len(bounds) - len(free),
        "common_force_factor_percent": 100.0 * float(factor[0]),
        "scale_direction_strength_1": along(known, scale_direction(known)).strength,
        "c1_c2_correlation_1": correlation(known, "c1", "c2"),
        "most_collinear_muscle": worst,
        "muscle_collinearity_index_1": muscles[worst],
        "not_collinear": len(largest_subset(known)),
    }


def counts(of: str, klass: str) -> str:
    """The column that counts the quantities of a family and class."""
    return f"{of.replace(' ', '_')}_{klass}"
