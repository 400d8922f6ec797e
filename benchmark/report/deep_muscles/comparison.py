"""Formulations beside each other: means over subjects, and paired differences to elimination (M1)."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pandas as pd

from benchmark.harness.row import SETTLED, Row
from benchmark.problem.formulations.eliminated import ELIMINATED
from benchmark.report.deep_muscles.over_subjects import over_subjects
from benchmark.report.deep_muscles.subject_runs import FACTOR, MEASURES, SETTING, measured
from benchmark.report.endings import SKIPPED
from benchmark.report.tables import Measure

REFERENCE: Final = ELIMINATED.name
CUT_OFF: Final = "budget"  # the status of a run that its budget ended
LESS_REFERENCE: Final = f"less_{REFERENCE}"
GROUP: Final = [*SETTING, "imperfection"]


def comparison(runs: pd.DataFrame) -> pd.DataFrame:
    """A line a method, start level, imperfection and formulation.

    Parameters
    ----------
    runs
        The runs of a suite, as `subject_runs` gives them.

    Returns
    -------
    pd.DataFrame
        Counts of subjects (those with a result of all that have run) and runs, ``cut_off`` being those that their
        budget ended; of each measure the mean over subjects of their own means, its 95 % interval and the median; and
        the mean of paired differences to `REFERENCE` with its interval and number of subjects. Pairs have subject,
        movements, seed, method, start level and imperfection in common, and both delivered a result. Units end the
        columns' names.
    """
    lines = [line for _, case in runs.groupby(GROUP, observed=True, sort=True) for line in _of_case(case)]
    return pd.DataFrame(lines)


def column(measure: Measure, what: str) -> str:
    """Name of the column that has `what`, such as ``mean``, of a measure."""
    return f"{measure.stem}_{what}_{measure.unit}"


def is_failure(status: str) -> bool:
    """Whether a run that ended so neither delivered a result nor was skipped."""
    return status not in SETTLED


def _of_case(case: pd.DataFrame) -> list[Row]:
    reference = measured(case[case["formulation"] == REFERENCE])
    return [_line(own, reference) for _, own in case.groupby("formulation", observed=True, sort=True)]


def _line(runs: pd.DataFrame, reference: pd.DataFrame) -> Row:
    first, found = runs.iloc[0], measured(runs)
    line: Row = {name: first[name] for name in ("formulation", *FACTOR, *SETTING)}
    line |= {
        "subjects": runs["subject"].nunique(),
        "subjects_with_result": found.index.get_level_values("subject").nunique(),
        "runs": len(runs),
        "failed_runs": sum(map(is_failure, runs["status"])),
        "cut_off_runs": Counter(runs["status"])[CUT_OFF],
        "skipped_runs": Counter(runs["status"])[SKIPPED],
    }
    means = over_subjects(found)
    differences = over_subjects(found - reference if first["formulation"] != REFERENCE else found.iloc[:0])
    for measure in MEASURES:
        own, less = means[measure.column], differences[measure.column]
        line |= {
            column(measure, "mean"): own.mean,
            column(measure, "mean_lower"): own.low,
            column(measure, "mean_upper"): own.high,
            column(measure, "median"): own.median,
            column(measure, LESS_REFERENCE): less.mean,
            column(measure, f"{LESS_REFERENCE}_lower"): less.low,
            column(measure, f"{LESS_REFERENCE}_upper"): less.high,
            f"{measure.stem}_paired_subjects": less.subjects,
        }
    return line
