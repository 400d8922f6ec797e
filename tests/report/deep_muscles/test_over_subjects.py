"""Means over subjects against closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from benchmark.report.deep_muscles.over_subjects import OverSubjects, over_subjects, told_apart

BOOTSTRAP = 0.05  # of 2000 resamples a standard deviation is known to 1.6 %: three times that


def figures(by_subject: dict[str, list[float]], **more: list[float]) -> pd.DataFrame:
    index = [(subject, seed) for subject, values in by_subject.items() for seed in range(len(values))]
    values = [value for values in by_subject.values() for value in values]
    return pd.DataFrame({"own": values} | more, index=pd.MultiIndex.from_tuples(index, names=["subject", "seed"]))


def test_a_subject_counts_once_however_many_runs_it_has() -> None:
    found = over_subjects(figures({"a": [1.0, 2.0, 3.0], "b": [6.0], "c": [7.0]}))["own"]
    assert (found.mean, found.median, found.subjects) == (5.0, 6.0, 3)


def test_the_interval_is_students_over_subjects() -> None:
    own = np.array([1.0, 4.0, 2.0, 8.0, 5.0, 7.0])
    found = over_subjects(figures({f"s{place}": [value, value] for place, value in enumerate(own)}))["own"]
    reach = t.ppf(0.975, 5) * own.std(ddof=1) / np.sqrt(6.0)
    assert found.high - found.mean == pytest.approx(reach, rel=BOOTSTRAP)
    assert found.mean - found.low == pytest.approx(reach, rel=BOOTSTRAP)
    assert (found.p < 0.05) == (found.low > 0.0)


def test_of_less_than_six_there_is_no_interval() -> None:
    found = over_subjects(figures({f"s{place}": [1.0 + place] for place in range(5)}))["own"]
    assert (found.mean, found.subjects) == (3.0, 5)
    assert np.isnan([found.low, found.high, found.p]).all()
    assert over_subjects(figures({}))["own"].subjects == 0


def test_what_is_missing_in_one_figure_is_missing_in_that_one_alone() -> None:
    table = figures({f"s{place}": [float(place), 1.0] for place in range(7)})
    table["holed"] = table["own"].mask(table.index.get_level_values("subject") == "s3")
    found = over_subjects(table)
    assert (found["own"].subjects, found["holed"].subjects) == (7, 6)
    assert found["holed"] == over_subjects(table[["holed"]].dropna())["holed"]
    assert found["own"] == over_subjects(table[["own"]])["own"]


def test_telling_apart_is_corrected_for_the_number_of_comparisons() -> None:
    """After Holm 0.01, 0.03 and 0.04 are 0.03, 0.06 and 0.06."""
    differences = {
        name: OverSubjects(1.0, 1.0, 0.0, 2.0, p, 6) for name, p in zip("abc", (0.04, 0.01, 0.03), strict=True)
    }
    differences["d"] = OverSubjects(1.0, 1.0, np.nan, np.nan, np.nan, 5)
    assert told_apart(differences) == {"b"}
    assert told_apart({}) == set()
