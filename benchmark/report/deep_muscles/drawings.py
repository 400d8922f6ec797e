"""Which figures a suite over virtual subjects has."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from benchmark.problem.start_level import StartLevel, start_level_stem
from benchmark.report.deep_muscles.comparison import comparison
from benchmark.report.deep_muscles.subject_runs import SETTING, subject_runs
from benchmark.report.drawings import Drawing

KIND = "imperfections"


def imperfection_drawings(runs: pd.DataFrame) -> Iterator[Drawing]:
    """Errors over the size of one imperfection at a time: a figure a method and start level that have any.

    Parameters
    ----------
    runs
        The runs of a suite, as `runs_table` gives them.
    """
    lines = comparison(subject_runs(runs))
    single = lines[lines["size"].notna() & (lines["subjects_with_result"] > 0)]
    with_any = single[single["size"] > 0.0].drop_duplicates(SETTING)
    for _, first in with_any.iterrows():
        own = single[(single["method"] == first["method"]) & (single["start_level"] == first["start_level"])]
        yield Drawing(_name(first["method"], first["start_level"], with_any), KIND, (own.reset_index(drop=True),))


def _name(method: str, level: StartLevel, figures: pd.DataFrame) -> str:
    """The figure's name, with what tells it from the others."""
    parts = [method] if figures["method"].nunique() > 1 else []
    parts += [start_level_stem(level)] if figures["start_level"].nunique() > 1 else []
    return "-".join([KIND, *parts])
