"""Formulations in order, as far as paired differences over subjects tell them apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import pandas as pd

from benchmark.problem.formulations.all_measured import ALL_MEASURED
from benchmark.report.deep_muscles.over_subjects import OverSubjects, over_subjects, told_apart
from benchmark.report.deep_muscles.subject_runs import measured

IDEAL: Final = ALL_MEASURED.name
Case = Mapping[str, pd.DataFrame]  # what the runs of each formulation measured


class Ranked(NamedTuple):
    """Formulations by one measure; the ideal does not compete.

    Attributes
    ----------
    best
        The one with the lowest mean over subjects, of those with the most subjects.
    means
        Of all, the ideal too.
    differences
        Of the others to the best, paired.
    apart
        Those of the others that are told apart from the best.
    """

    best: str
    means: Mapping[str, OverSubjects]
    differences: Mapping[str, OverSubjects]
    apart: frozenset[str]

    @property
    def level_with(self) -> list[str]:
        """Those that are not told apart from the best."""
        return [name for name in self.differences if name not in self.apart]


def case_of(runs: pd.DataFrame) -> Case:
    """What runs measured, by formulation; runs of one method, start level and imperfection."""
    groups = runs.groupby("formulation", observed=True, sort=True)
    return {str(name): measured(own) for name, own in groups}


def ranked(case: Case, column: str) -> Ranked | None:
    """Rank formulations by a measure; None where nobody has it.

    The best is chosen by the same subjects that it is then compared on: to be told apart from it takes a difference
    that is not zero at 5 % after Holm over all others.
    """
    means = {name: one(own[column]) for name, own in case.items()}
    means = {name: found for name, found in means.items() if found.subjects}
    competing = [name for name in means if name != IDEAL]
    if not competing:
        return None
    most = max(means[name].subjects for name in competing)
    best = min((name for name in competing if means[name].subjects == most), key=lambda name: means[name].mean)
    others = [name for name in competing if name != best]
    differences = {name: one(case[name][column] - case[best][column]) for name in others}
    return Ranked(best, means, differences, frozenset(told_apart(differences)))


def one(figures: pd.Series) -> OverSubjects:
    """`over_subjects` of one figure."""
    return over_subjects(figures.to_frame("figure"))["figure"]
