"""Runs that stand for others in figures of single runs: the median one of the best method, and of a middling one."""

from __future__ import annotations

import logging
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from benchmark.analysis.fibre_forces import FibreForces, fibre_forces
from benchmark.analysis.heldout import HeldOutTorques, held_out_torques
from benchmark.model.contraction import FibreParameters
from benchmark.problem.problem import Problem, UnknownProblemError, load_problem
from benchmark.problem.start_level import start_level_text
from benchmark.report.formats import figure, three_digits
from benchmark.report.suite import SuiteRuns
from datasets.parameters import SHARED_UNITS
from datasets.recording_files import RecordingError

Identified = Mapping[Hashable, Mapping[str, float]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Example:
    """A run, and what its muscles do.

    Attributes
    ----------
    label
        Which run it is, for people.
    forces
        Of the muscles' fibres.
    torques
        On the held-out movement.
    """

    label: str
    forces: FibreForces
    torques: HeldOutTorques


@dataclass(frozen=True, eq=False)
class Examples:
    """Runs of a problem, the best first.

    Attributes
    ----------
    problem
        The problem's name.
    truth
        Forces of the true fibres.
    runs
        One or two.
    """

    problem: str
    truth: FibreForces
    runs: tuple[Example, ...]

    @property
    def note(self) -> str:
        """Which runs these are."""
        if len(self.runs) == 1:
            return "Shown is the median run of the only method, by Cr2m."
        return (
            "Best and middle: the median runs of the method with the lowest median Cr2m and of the one in the middle; "
            "controls do not count."
        )


def examples(suite: SuiteRuns, identified: Identified) -> Iterator[Examples]:
    """The examples of each formulation, on the problem that most of its runs are of; none where nothing is known.

    Parameters
    ----------
    suite
        The runs.
    identified
        Identified parameters of each run by name, by its index among the results.
    """
    known = suite.results.loc[
        [index for index in suite.results.index if any("." in name for name in identified[index])]
    ]
    for _, runs in known.groupby(known["problem"].str.split("-").str[0]):
        name = max(sorted(set(runs["problem"])), key=lambda problem: (runs["problem"] == problem).sum())
        try:
            problem = load_problem(name)
        except (UnknownProblemError, RecordingError) as error:
            _log.warning("no figures of muscle curves and held-out torque of %s: %s", name, error)
            continue
        needed = _needed(problem)
        whole = [index for index in runs.index[runs["problem"] == name] if needed <= identified[index].keys()]
        chosen = typical_runs(runs.loc[whole], suite.controls)
        if chosen:
            yield _made(problem, runs.loc[chosen], identified)


def typical_runs(runs: pd.DataFrame, controls: Collection[str]) -> list[Hashable]:
    """Indices of the median runs of the best method and of the one in the middle, in the order of `by_accuracy`.

    Of two middle methods the worse is taken, as of two middle runs.

    Parameters
    ----------
    runs
        Runs of a problem, as of `runs_table`.
    controls
        Methods that do not compete.
    """
    order = by_accuracy(runs, controls)
    methods = dict.fromkeys([*order[:1], *order[len(order) // 2 :][:1]])
    runs_of = runs.dropna(subset=["cr2m"]).sort_values("cr2m", kind="stable").groupby("method").groups
    return [runs_of[method][len(runs_of[method]) // 2] for method in methods]


def by_accuracy(runs: pd.DataFrame, aside: Collection[str]) -> list[str]:
    """Methods by the median error of muscle parameters, the best first; the faster of those that agree in three digits.

    Parameters
    ----------
    runs
        Runs of a problem, as of `runs_table`.
    aside
        Methods that do not compete.
    """
    competing = runs[~runs["method"].isin(aside)].dropna(subset=["cr2m"])
    medians = competing.groupby("method")[["cr2m", "solve_s"]].median()
    rounded = medians.assign(cr2m=medians["cr2m"].map(three_digits))
    return [str(method) for method in rounded.sort_values(["cr2m", "solve_s"], kind="stable").index]


def _needed(problem: Problem) -> set[str]:
    """What a run must have identified: what eq. (15) has of the compared muscles, but what is known to be zero."""
    fibres = (f"{muscle}.{kind}" for muscle in problem.compared_muscles for kind in FibreParameters._fields)
    return {name for name in fibres if problem.truth[name] != 0.0} | {*SHARED_UNITS}


def _made(problem: Problem, runs: pd.DataFrame, identified: Identified) -> Examples:
    muscles, truth = problem.compared_muscles, problem.truth
    made, places = [], ("best: ", "middle: ") if len(runs) > 1 else ("",)
    for place, (index, run) in zip(places, runs.iterrows(), strict=True):
        values = truth | dict(identified[index])
        label = (
            f"{place}{run['method']}, {start_level_text(run['start_level'])} start, seed {run['seed']}, "
            f"Cr2m {figure(run['cr2m'])} %, held-out RMSE {figure(run['heldout_rmse_nm'])} N m"
        )
        torques = held_out_torques(values, muscles, problem.parsed.held_out[0], problem.parsed.fibres)
        made.append(Example(label, fibre_forces(values, truth, muscles), torques))
    return Examples(problem.name, fibre_forces(truth, truth, muscles), tuple(made))
