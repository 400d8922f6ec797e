"""Errors of predictions run by run: those that rows have, and those of the forces that identified parameters give."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from benchmark.analysis.predictions import ANGLE, FORCE, HELD_OUT, TRAINING, Errors, model_errors
from benchmark.harness.row import Row
from benchmark.problem.problem import Problem, UnknownProblemError, load_problem
from benchmark.problem.start_level import start_level_order
from benchmark.report.calibration.problems import tracks_moments
from benchmark.report.rows import KEYS
from datasets.recording_files import RecordingError

PREDICTIONS: Final = "predictions"  # of a row
NETWORK, MODEL = "network", "model"
ANGLES, SEEN, UNSEEN, DEEP = "angles", "measured_forces", "unseen_forces", "deep_forces"
SOURCES: Final = (NETWORK, MODEL)
MOVEMENTS: Final = (TRAINING, HELD_OUT)
QUANTITIES: Final = (ANGLES, SEEN, UNSEEN, DEEP)
FIGURES: Final = ("rmse_deg", "rmse_n", "r2_1")
ORDERED: Final[Mapping[str, Sequence[str]]] = {"source": SOURCES, "movement": MOVEMENTS, "quantity": QUANTITIES}
COLUMNS: Final = [*KEYS, *ORDERED, "name", *FIGURES]

_log = logging.getLogger(__name__)


def run_errors(rows: Sequence[Row]) -> pd.DataFrame:
    """Errors of each coordinate and muscle: a line a run, source, movement and coordinate or muscle.

    Parameters
    ----------
    rows
        Rows of a suite that delivered a result.

    Returns
    -------
    pd.DataFrame
        `COLUMNS`: the run; the source, ``network`` of what the method itself predicts and ``model`` of what its
        identified parameters give; the movement; the quantity, a category in the order of `QUANTITIES` as the former
        two are in theirs; coordinate or muscle; root mean square error, in degrees of angles and in N of forces,
        missing of the other; and R2. Of the problems and start levels that a method predicts anything of, and whose
        recordings are there; not of moment tracking; empty without such.
    """
    predicted = [row for row in rows if row.get(PREDICTIONS) and not tracks_moments(row["problem"])]
    cases = {(row["problem"], row["start_level"]) for row in predicted}
    found = []
    for name in sorted({problem for problem, _ in cases}):
        own = [row for row in rows if row["problem"] == name and (name, row["start_level"]) in cases]
        problem = _problem(name)
        if problem is not None:
            found += [line for row in own for line in _of_run(row, problem)]
    orders = {**ORDERED, "start_level": sorted({level for _, level in cases}, key=start_level_order)}
    ordered = {name: pd.CategoricalDtype([*order], ordered=True) for name, order in orders.items()}
    return pd.DataFrame(found, columns=COLUMNS).astype(ordered | dict.fromkeys(FIGURES, float))


def _problem(name: str) -> Problem | None:
    """The problem of this name; None, with a warning, where it cannot be had."""
    try:
        return load_problem(name)
    except (UnknownProblemError, RecordingError) as error:
        _log.warning("no table and figure of predictions of %s: %s", name, error)
        return None


def _of_run(row: Row, problem: Problem) -> Iterator[Row]:
    """The lines of a run; what is not predicted has none."""
    values = problem.start(row["start_level"], row["seed"]) | row["identified"]
    by_source = {
        NETWORK: row.get(PREDICTIONS) or {},
        MODEL: model_errors(problem.replicate(row["seed"]), values),
    }
    run = {key: row[key] for key in KEYS}
    for source, by_movement in by_source.items():
        for movement, errors in by_movement.items():
            line = run | {"source": source, "movement": movement}
            yield from (line | own for own in _of_movement(errors, problem))


def _of_movement(errors: Mapping[str, Errors], problem: Problem) -> Iterator[Row]:
    for name, (rmse, r2) in errors.get(ANGLE, {}).items():
        yield {"quantity": ANGLES, "name": name, "rmse_deg": np.degrees(rmse), "r2_1": r2}
    for name, (rmse, r2) in errors.get(FORCE, {}).items():
        yield {"quantity": _of_force(name, problem), "name": name, "rmse_n": rmse, "r2_1": r2}


def _of_force(muscle: str, problem: Problem) -> str:
    """Which quantity a muscle's force is."""
    if muscle in problem.deep_muscles:
        return DEEP
    return SEEN if muscle in problem.projection.muscles else UNSEEN
