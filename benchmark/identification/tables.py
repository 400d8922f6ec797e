"""Tables of an identification: parameters with their intervals, how well recordings are explained, and the searches."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from benchmark.harness.row import Row
from benchmark.identifiability.classes import IDENTIFIABLE, NOT, WEAK
from benchmark.identifiability.directions import plain_name
from benchmark.identifiability.quantities import COEFFICIENT, quantity_values
from benchmark.identification.identification import Identification
from benchmark.identification.search import Attempt, explains_as_much
from benchmark.problem.own_problem import OwnProblem
from benchmark.report.formats import figure
from benchmark.report.report_table import Format, ReportTable, shown_table
from benchmark.uncertainty.digits import digits_of, interval_text, with_digits
from benchmark.uncertainty.estimates import Estimate
from benchmark.uncertainty.table import INTERVAL, OPEN
from datasets.parameters import SHARED_UNITS

WRITTEN: tuple[Format, ...] = ("csv", "md")
BONES, MUSCLES, SHARED, COEFFICIENTS = "bones", "muscles", "shared", "dynamic coefficients"
GROUPS = (MUSCLES, SHARED, COEFFICIENTS, BONES)
OF = "Of"
CLASS_WORDS = {IDENTIFIABLE: "identifiable", WEAK: "weakly identifiable", NOT: "not identifiable"}
IDENTIFIED_FROM, HELD_OUT = "identified from", "held out"
PARAMETERS_NOTE = (
    "Identified values with the digits that their intervals need, the file `parameters.csv` has all. An interval that "
    f"is *{OPEN}* has no end that the recordings tell. Where the identified value is -, none was identified, and the "
    "model's stays."
)
FIT_NOTE = (
    "Torques are those that the eliminated muscles cannot give, about all coordinates together; R2 is 1 where they are "
    "explained entirely, and 0 where no better than by the mean of each. The residual is that of eq. (14)."
)
SEARCHES_NOTE = (
    "Residuals are root mean squares of eq. (14), before bones are made physically consistent. Searches that found the "
    "same explain as much as the best one, whose result is shown, to a thousandth of the sum of squares."
)


def group_of(estimate: Estimate, problem: OwnProblem) -> str:
    """Which of `GROUPS` a quantity belongs to."""
    if estimate.name.startswith(COEFFICIENT):
        return COEFFICIENTS
    if estimate.name in SHARED_UNITS:
        return SHARED
    return BONES if _owner(estimate) in problem.identified_bodies else MUSCLES


def sorted_estimates(found: Identification) -> list[Estimate]:
    """Estimates owner by owner: muscles, what all of them share, dynamic coefficients, and bones, mostly open, last."""
    owners = (*found.problem.identified_bodies, *found.problem.coupled[0].recording.muscles)
    places = {owner: place for place, owner in enumerate(owners)}

    def place(estimate: Estimate) -> tuple[int, int]:
        return GROUPS.index(group_of(estimate, found.problem)), places.get(_owner(estimate), 0)

    return sorted(found.estimates, key=place)


def is_open(estimate: Estimate) -> bool:
    """Whether the recordings tell no interval of a quantity."""
    return not (math.isfinite(estimate.lower) and math.isfinite(estimate.upper))


def parameters_table(found: Identification, estimates: Sequence[Estimate] | None = None) -> ReportTable:
    """A line an estimate: the model's value, the identified one, its interval, class and cause.

    Parameters
    ----------
    found
        What was identified.
    estimates
        The estimates to show; None for all, sorted.
    """
    shown = sorted_estimates(found) if estimates is None else estimates
    model = quantity_values(found.problem, found.problem.nominal)
    raw = pd.DataFrame(
        {
            "parameter": entry.name,
            "unit": entry.unit,
            "model": model[entry.name],
            "identified": entry.value,
            "standard_deviation": entry.standard_deviation,
            INTERVAL[0]: entry.lower,
            INTERVAL[1]: entry.upper,
            "class": entry.determined,
            "cause": entry.cause,
        }
        for entry in shown
    )
    lines = [_parameter_line(entry, model[entry.name], found.problem) for entry in shown]
    return ReportTable(
        name="parameters",
        title="Parameters and dynamic coefficients",
        raw=raw,
        shown=shown_table(lines, list(lines[0])),
        note=PARAMETERS_NOTE,
        sort_by={"Model": "model", "Identified": "identified"},
        formats=WRITTEN,
    )


def fit_table(found: Identification) -> ReportTable:
    """A line for the recordings that were identified from, and one for those held out."""
    raw = pd.DataFrame(
        {
            "recordings": ", ".join(entry.recordings),
            "use": HELD_OUT if entry.is_held_out else IDENTIFIED_FROM,
            "rmse_n_m": entry.rmse_n_m,
            "r2_1": entry.r2,
            "residual_rad_per_s2": entry.rms_rad_per_s2,
            "samples": entry.samples,
            "equations_a_sample": entry.equations,
        }
        for entry in found.fits
    )
    headings = {
        "recordings": "Recordings",
        "use": "Use",
        "rmse_n_m": "RMSE (N m)",
        "r2_1": "R2 (1)",
        "residual_rad_per_s2": "Residual (rad/s2)",
        "samples": "Samples (1)",
        "equations_a_sample": "Equations a sample (1)",
    }
    return _plain_table("fit", "How well the recordings are explained", FIT_NOTE, raw, headings)


def searches_table(found: Identification) -> ReportTable:
    """A line a start: how its search ended, what it left and what it took."""
    residuals = found.fits[0].samples * found.fits[0].equations
    raw = pd.DataFrame(_search_line(attempt, found.best, residuals) for attempt in found.attempts)
    headings = {
        "search": "Search",
        "start": "Start",
        "status": "Status",
        "message": "Message",
        "residual_start_rad_per_s2": "Residual before (rad/s2)",
        "residual_rad_per_s2": "Residual after (rad/s2)",
        "seconds": "Time (s)",
        "evaluations": "Evaluations (1)",
        "same_as_best": "The same as the best",
    }
    return _plain_table("searches", "Searches", SEARCHES_NOTE, raw, headings)


def _owner(estimate: Estimate) -> str:
    return estimate.name.partition(".")[0]


def _parameter_line(entry: Estimate, model: float, problem: OwnProblem) -> Row:
    digits = digits_of(entry.value, entry.standard_deviation)
    return {
        "Parameter": plain_name(entry.name),
        OF: group_of(entry, problem),
        "Unit": entry.unit,
        "Model": figure(model),
        "Identified": with_digits(entry.value, digits),
        "95 % interval": OPEN if is_open(entry) else interval_text((entry.lower, entry.upper), digits),
        "Class": entry.determined,
        "Cause": entry.cause,
    }


def _search_line(attempt: Attempt, best: Attempt, residuals: int) -> Row:
    return {
        "search": attempt.start + 1,
        "start": "around the model" if attempt.start else "the model",
        "status": attempt.status,
        "message": attempt.message,
        "residual_start_rad_per_s2": math.sqrt(attempt.sum_of_squares_start / residuals),
        "residual_rad_per_s2": math.sqrt(attempt.sum_of_squares / residuals) if attempt.delivered else math.nan,
        "seconds": attempt.seconds,
        "evaluations": attempt.evaluations,
        "same_as_best": explains_as_much(attempt, best),
    }


def _plain_table(name: str, title: str, note: str, raw: pd.DataFrame, headings: Mapping[str, str]) -> ReportTable:
    """A table that shows its columns as they are."""
    lines = list(_shown(raw, headings))
    return ReportTable(name, title, raw, shown_table(lines, list(headings.values())), note, formats=WRITTEN)


def _shown(raw: pd.DataFrame, headings: Mapping[str, str]) -> Iterator[Row]:
    for line in raw.to_dict("records"):
        yield {heading: _cell(line[column]) for column, heading in headings.items()}


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return figure(value) if isinstance(value, float) else str(value)
