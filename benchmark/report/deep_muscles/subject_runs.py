"""Runs of virtual subjects: their cases, and what they measured, to be averaged and paired by subject."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from benchmark.problem.formulations import FORMULATIONS
from benchmark.problem.imperfections import IMPERFECTIONS
from benchmark.problem.problem_name import NONE, ProblemName, known_problem
from benchmark.report.deep_muscles.problems import imperfection_words
from benchmark.report.rows import delivered
from benchmark.report.tables import Measure
from datasets.subjects import SUBJECTS

SETTING: Final = ["method", "start_level"]
FACTOR: Final = ["imperfection", "factor", "size", "unit", "words"]
SEVERAL: Final = "several"  # the factor of imperfections that come together
PAIRED_BY: Final = ["subject", "movements", "seed"]
MEASURES: Final = (
    Measure("cr2m", "Cr2m (%)", "percent"),
    Measure("cr2", "Cr2 (%)", "percent"),
    Measure("heldout_rmse_nm", "Held-out RMSE (N m)", "nm"),
    Measure("heldout_r2", "Held-out R2 (1)", "1"),
    Measure("deep_force_error_percent", "Deep force error (%)", "percent"),
    Measure("solve_s", "Solve time (s)", "s"),
)
COLUMNS: Final = [measure.column for measure in MEASURES]
KEPT: Final = ["problem", "formulation", "subject", "seed", "status", "message", *SETTING, *COLUMNS]


def subject_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs of virtual subjects, with formulations and imperfections as ordered categories.

    Parameters
    ----------
    runs
        The runs of a suite, as `runs_table` gives them.

    Returns
    -------
    pd.DataFrame
        Its lines, with the columns of `KEPT`, ``movements`` and those of `FACTOR`: the imperfection as problems' names
        have it, its factor (``none``, its name, or ``several``), size (0 for none, missing of several), unit, and
        words for people.
    """
    own = runs.loc[runs["subject"].isin(SUBJECTS), KEPT]
    parsed = {name: known for name in sorted(set(own["problem"])) if (known := known_problem(name)) is not None}
    factors = {name: _factor(known) for name, known in parsed.items()}
    columns: dict[str, Any] = {
        key: [factors[name][place] for name in own["problem"]] for place, key in enumerate(FACTOR)
    }
    columns["movements"] = ["".join(parsed[name].movements) for name in own["problem"]]
    ordered = sorted(parsed.values(), key=_imperfection_order)
    columns["imperfection"] = pd.Categorical(columns["imperfection"], _unique(known.imperfection for known in ordered))
    ordered = sorted(parsed.values(), key=_formulation_order)
    columns["formulation"] = pd.Categorical(own["formulation"], _unique(known.treatment for known in ordered))
    return own.assign(**columns)


def measured(runs: pd.DataFrame) -> pd.DataFrame:
    """What runs of one case measured: a line each that delivered a result, a column a measure."""
    return delivered(runs).set_index(PAIRED_BY)[COLUMNS].astype(float)


def _factor(name: ProblemName) -> tuple[str, str, float, str, str]:
    words = imperfection_words(name.imperfections)
    if len(name.imperfections) > 1:
        return name.imperfection, SEVERAL, float("nan"), "", words
    factor, size = name.imperfections[0] if name.imperfections else (NONE, 0.0)
    return name.imperfection, factor, size, "" if factor == NONE else IMPERFECTIONS[factor].unit, words


def _imperfection_order(name: ProblemName) -> tuple[int, list[tuple[int, float]]]:
    """None, each alone by its size, and then several together."""
    places = list(IMPERFECTIONS)
    return len(name.imperfections), [(places.index(factor), size) for factor, size in name.imperfections]


def _formulation_order(name: ProblemName) -> tuple[int, str]:
    return list(FORMULATIONS).index(name.formulation.name), name.treatment


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
