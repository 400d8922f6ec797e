"""What is made of a run's stages: accuracy, held-out fit, trace, and the row of it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.analysis.accuracy import Accuracy, accuracy
from benchmark.analysis.base_parameters import dynamic_coefficients
from benchmark.analysis.deep_forces import deep_force_errors
from benchmark.analysis.heldout import held_out_fit
from benchmark.analysis.predictions import Predictor, prediction_errors
from benchmark.analysis.tracked_moments import moment_fit, tracked_moments
from benchmark.harness.recorder import StageHistory
from benchmark.harness.row import STATUSES, Ending, Trace
from benchmark.problem.moment_problem import MomentProblem
from benchmark.problem.parameters import order_filter
from benchmark.problem.problem import Problem
from benchmark.problem.projection import couple
from benchmark.problem.stage import Stage
from datasets.parameters import SHARED_UNITS

Array = NDArray[np.float64]


@dataclass(frozen=True)
class StageResult:
    """What a method left of a stage."""

    stage: Stage
    history: StageHistory
    ending: Ending
    predictor: Predictor | None = None

    @property
    def x(self) -> Array:
        """The best point that the harness saw, (p,); the start where it saw none."""
        best = self.history.best
        return self.stage.space.start if best is None else best.x

    @property
    def identified(self) -> dict[str, float]:
        """The parameters at the best point, by name."""
        return order_filter(self.stage.space.values(self.x))


def worst(results: Sequence[StageResult]) -> Ending:
    """The ending of the stage that ended worst."""
    return max((result.ending for result in results), key=lambda ending: STATUSES.index(ending.status))


def costs(results: Sequence[StageResult]) -> dict[str, Any]:
    """Evaluations by kind, and the method's seconds."""
    histories = [result.history for result in results]
    counts: Counter[str] = sum((history.counts for history in histories), Counter())
    cpu = [history.cpu_seconds for history in histories if history.cpu_seconds is not None]
    return {
        "evaluations": counts.total(),
        "counts": dict(counts),
        "solve_s": sum(history.seconds for history in histories),
        "solve_cpu_s": sum(cpu) if len(cpu) == len(histories) else None,
    }


class Measures:
    """Accuracy of a run's start, end and everything between.

    Parameters
    ----------
    problem
        The problem.
    results
        Its stages, solved, in their order.
    start
        Where they started: all parameters by name.
    """

    def __init__(self, problem: Problem, results: Sequence[StageResult], start: Mapping[str, float]) -> None:
        self._problem, self._results = problem, results
        self._coefficients = dynamic_coefficients(problem)
        self._muscles = problem.compared_muscles
        spaces = [result.stage.space for result in results]
        free = {name: value for space in spaces for name, value in space.values(space.start).items()}
        self._start = {**start, **free}
        owners = {*self._muscles, *SHARED_UNITS}
        self._names = tuple(name for name in free if name.partition(".")[0] in owners)
        found = {name: value for result in results for name, value in result.identified.items()}
        self.identified = order_filter(found)
        self._complete = {**self._start, **self.identified}  # what is not identified stays as it is at the start

    def accuracies(self) -> dict[str, float]:
        """Cr1, Cr2 and Cr2m in percent, at the start and at the end."""
        start, end = self._accuracy(self._start), self._accuracy(self._complete)
        return {
            f"{name}{suffix}": getattr(entry, name)
            for name in ("cr1", "cr2", "cr2m")
            for suffix, entry in (("_start", start), ("", end))
        }

    def held_out(self) -> dict[str, Any]:
        """Torque error on the held-out movements; of moment tracking also a coordinate, as (N m, R2)."""
        if isinstance(self._problem, MomentProblem):
            found = moment_fit(tracked_moments(self._problem, self.identified))
            figures = {"heldout_rmse_nm": found.rmse_nm, "heldout_r2": found.r2}
            return figures | {"heldout_by_coordinate": found.by_coordinate}
        parsed = self._problem.parsed
        name = parsed.held_out[0]
        fit = held_out_fit(self._complete, self._muscles, name, parsed.fibres, self._problem.as_seen(couple(name)))
        return {"heldout_rmse_nm": fit.rmse_nm, "heldout_r2": fit.r2}

    def deep_forces(self) -> dict[str, Any]:
        """Error of the deep muscles' forces, in percent of these: their mean, and by muscle."""
        first = self._results[0]
        by_muscle = deep_force_errors(self._problem, first.stage, first.x, self._start)
        mean = float(np.mean(list(by_muscle.values()))) if by_muscle else None
        return {"deep_force_error_percent": mean, "deep_force_error_by_muscle": by_muscle}

    def predictions(self) -> dict[str, Any]:
        """Errors of the angles and forces that the method itself predicts, where it has offered to; else nothing."""
        offered = [result.predictor for result in self._results if result.predictor is not None]
        return {"predictions": prediction_errors(offered[0], self._problem)} if offered else {}

    def left_range(self) -> list[str]:
        """Muscles whose fibres, in equilibrium, leave at the end what their model is made for; none of known fibres."""
        return [name for result in self._results for name in result.stage.left_range(result.x)]

    def trace(self) -> Trace:
        """Errors of the best point so far, over evaluations (of each kind, too) and seconds, through all stages."""
        values, names = dict(self._start), tuple[str, ...]()
        rows: list[tuple[float, ...]] = []
        spent: list[Counter[str]] = []
        before, seconds = Counter[str](), 0.0
        for index, result in enumerate(self._results):
            for point in result.history.trace:
                values |= result.stage.space.values(point.x)
                now = self._accuracy(values)
                names = tuple(now.errors)
                spent.append(before + Counter(point.counts))
                at = (spent[-1].total(), seconds + point.seconds, point.loss, index)
                rows.append((*at, now.cr1, now.cr2, now.cr2m, *now.errors.values()))
            before += result.history.counts
            seconds += result.history.seconds
        columns = ("evaluations", "seconds", "loss", "stage", "cr1", "cr2", "cr2m")
        table = np.array(rows).reshape(len(rows), len(columns) + len(names))
        trace: Trace = {name: table[:, i] for i, name in enumerate(columns)}
        kinds = sorted(before)
        return trace | {
            "errors_percent": table[:, len(columns) :].astype(np.float32),
            "error_names": np.array(names),
            "counts": np.array([[counts[kind] for kind in kinds] for counts in spent]).reshape(len(rows), len(kinds)),
            "kinds": np.array(kinds),
        }

    def _accuracy(self, values: dict[str, float]) -> Accuracy:
        return accuracy(values, self._problem, self._coefficients, self._names)
