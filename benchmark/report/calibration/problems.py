"""Which problems are calibration by moment tracking: their loss is comparable, and they have no objective."""

from __future__ import annotations

import pandas as pd

from benchmark.problem.problem_name import known_problem


def tracks_moments(problem: str) -> bool:
    """Whether a problem, by its name, is calibration by moment tracking; one of another version is not."""
    parsed = known_problem(problem)
    return parsed is not None and parsed.formulation.tracks_moments


def tracking_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs that track moments; `runs` as `runs_table` gives them, or anything with a column ``problem``."""
    return runs[runs["problem"].map(tracks_moments).astype(bool)]


def all_track_moments(runs: pd.DataFrame) -> bool:
    """Whether there are runs, and all of them track moments."""
    return bool(len(runs)) and all(map(tracks_moments, set(runs["problem"])))
