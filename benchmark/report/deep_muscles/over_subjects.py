"""Means over subjects, who are what is drawn from a population: a subject's runs are averaged first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmark.analysis.paired import ALPHA, FEWEST, holm, paired_difference

Array = NDArray[np.float64]

DECIMALS = 9  # what is smaller, in any unit, is the rounding of a search that has ended


class OverSubjects(NamedTuple):
    """A mean over subjects of their own means.

    Attributes
    ----------
    mean, median
        Over subjects.
    low, high
        The mean's 95 % interval over subjects; missing of less than `FEWEST`.
    p
        Two-sided, of no difference from zero; missing of less than `FEWEST` subjects.
    subjects
        How many there are.
    """

    mean: float
    median: float
    low: float
    high: float
    p: float
    subjects: int


def over_subjects(figures: pd.DataFrame) -> dict[str, OverSubjects]:
    """Average figures of runs, or differences of paired runs, over each run's subject and then over subjects.

    Parameters
    ----------
    figures
        A line a run, with a level ``subject`` in its index; missing figures do not count.

    Returns
    -------
    dict
        By the figures' columns.
    """
    subject, _ = pd.factorize(figures.index.get_level_values("subject"))
    order = np.argsort(subject, kind="stable")
    values, subject = figures.to_numpy(dtype=np.float64)[order].round(DECIMALS), subject[order]
    known, found = ~np.isnan(values), dict[int, OverSubjects]()
    for lines in np.unique(known, axis=1).T:  # figures of the same runs, all at once
        places = np.flatnonzero((known == lines[:, None]).all(axis=0))
        found |= zip(places.tolist(), _of_known(values[np.ix_(lines, places)], subject[lines]), strict=True)
    return {str(name): found[place] for place, name in enumerate(figures)}


def _of_known(values: Array, subject: NDArray[np.intp]) -> Iterator[OverSubjects]:
    """The same of k figures without gaps, (n, k), and the subject of each line, (n,), rising."""
    subjects, instance = np.unique(subject, return_inverse=True)
    count, missing = len(subjects), np.full(values.shape[1], np.nan)
    own = np.stack([values[instance == each].mean(axis=0) for each in range(count)]) if count else missing[None]
    low = high = p = missing
    if count >= FEWEST:
        difference = paired_difference(values, instance)
        (low, high), p = difference.interval(), difference.p
    for each in zip(own.mean(axis=0), np.median(own, axis=0), low, high, p, strict=True):
        mean, median, lower, upper, own_p = map(float, each)
        yield OverSubjects(mean, median, lower, upper, own_p, count)


def told_apart(differences: Mapping[str, OverSubjects]) -> set[str]:
    """Names of the differences that are not zero at a level of 5 %, after Holm over all that can be judged."""
    judged = {name: found.p for name, found in differences.items() if not np.isnan(found.p)}
    corrected = holm(np.array(list(judged.values()), dtype=np.float64))
    return {name for name, p in zip(judged, corrected, strict=True) if p < ALPHA}
