"""Moments of calibrated models on trials that they have not seen: of the runs that stand for their methods."""

from __future__ import annotations

import logging
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from benchmark.analysis.tracked_moments import MomentFit, TrackedMoments, moment_fit, tracked_moments
from benchmark.harness.row import Row
from benchmark.problem.moment_problem import MomentProblem
from benchmark.problem.problem import load_problem
from benchmark.problem.start_level import start_level_text
from benchmark.report.calibration.problems import tracking_runs
from benchmark.report.calibration.times import CASE
from benchmark.report.rows import delivered
from datasets.recording_files import RecordingError

# Shown beside each other: the reference, and the paper's two. Of another suite, the methods with the lowest losses.
FEATURED = ("gauss_newton+calibration", "simulated_annealing+ceinms_rt", "torch_adamw")
MOST_SHOWN = 3

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class TrackedExample:
    """A model's moments on the held-out trials.

    Attributes
    ----------
    label
        Which model it is, for people.
    trials
        Its moments.
    """

    label: str
    trials: tuple[TrackedMoments, ...]


@dataclass(frozen=True, eq=False)
class TrackedExamples:
    """Calibrated models beside the one that their calibration began around.

    Attributes
    ----------
    problem
        The problem's name.
    uncalibrated
        The uncalibrated model.
    runs
        Runs that stand for their methods, one at least.
    """

    problem: str
    uncalibrated: TrackedExample
    runs: tuple[TrackedExample, ...]


def median_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The run of each problem, start level and method with the median pooled RMSE on unseen trials.

    Of two middle ones, the worse. `runs` as `runs_table` gives them; of those that track moments.
    """
    known = delivered(tracking_runs(runs)).dropna(subset=["heldout_rmse_nm"])
    ordered = known.sort_values("heldout_rmse_nm", kind="stable")
    chosen = [own.index[len(own) // 2] for _, own in ordered.groupby([*CASE, "method"], sort=True, observed=True)]
    return runs.loc[chosen]


def moment_problem(name: str, what: str) -> MomentProblem | None:
    """The problem of this name; None, with a warning that there is no `what`, where its recordings are not there."""
    try:
        problem = load_problem(name)
        if not isinstance(problem, MomentProblem) or not problem.held_out_trials:
            return None
    except RecordingError as error:
        _log.warning("no %s of %s: %s", what, name, error)
        return None
    return problem


def start_fits(problem: MomentProblem, runs: pd.DataFrame) -> dict[Hashable, MomentFit]:
    """How well each of some runs' starts predicts moments on unseen trials, by the runs' index."""
    starts = runs[["start_level", "seed"]].drop_duplicates().itertuples(index=False, name=None)
    fits = {
        (level, seed): moment_fit(tracked_moments(problem, problem.start(level, int(seed)))) for level, seed in starts
    }
    return {index: fits[run["start_level"], run["seed"]] for index, run in runs.iterrows()}


def tracked_examples(
    runs: pd.DataFrame, rows: Mapping[Hashable, Row], controls: Collection[str]
) -> list[TrackedExamples]:
    """The models to show of each problem; none where its recordings are not there.

    Parameters
    ----------
    runs
        The runs of a suite, as `runs_table` gives them.
    rows
        Their rows, by index.
    controls
        Methods that do not compete.
    """
    middle = median_runs(runs[~runs["method"].isin(controls)])
    found = []
    for name, own in middle.groupby("problem", sort=True):
        level = own["start_level"].min()  # the one nearest to the uncalibrated model
        problem = moment_problem(str(name), "figure of tracked moments")
        if problem is not None:
            found.append(_examples(problem, own[own["start_level"] == level], rows))
    return found


def _examples(problem: MomentProblem, runs: pd.DataFrame, rows: Mapping[Hashable, Row]) -> TrackedExamples:
    chosen = _shown(runs)
    uncalibrated = TrackedExample("uncalibrated model", tuple(tracked_moments(problem, problem.uncalibrated)))
    examples = [
        TrackedExample(
            f"{run['method']}, {start_level_text(run['start_level'])} start, seed {run['seed']}",
            tuple(tracked_moments(problem, rows[index]["identified"])),
        )
        for index, run in chosen.iterrows()
    ]
    return TrackedExamples(problem.name, uncalibrated, tuple(examples))


def _shown(runs: pd.DataFrame) -> pd.DataFrame:
    """The featured methods' runs, in their order; where none of them ran, those of the lowest losses."""
    featured = [index for method in FEATURED for index in runs.index[runs["method"] == method]]
    return runs.loc[featured] if featured else runs.sort_values("loss", kind="stable").head(MOST_SHOWN)
