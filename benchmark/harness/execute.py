"""One run from start to row: a method on a problem's stages, from one start, and how accurate its result is."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.analysis.accuracy import Accuracy, DynamicCoefficients, accuracy, dynamic_coefficients
from benchmark.analysis.heldout import held_out_fit
from benchmark.harness.methods import Method, load_method
from benchmark.harness.recorder import BudgetSpent, StageRecorder
from benchmark.harness.row import STATUSES, Row, Trace
from benchmark.harness.spec import RunSpec
from benchmark.harness.view import ProblemView, stage_loss, torch_loss
from benchmark.model.compiled import compile_clock
from benchmark.problem.parameters import order_filter
from benchmark.problem.problem import Problem, load_problem
from benchmark.problem.stage import Stage
from datasets.parameters import SHARED_UNITS

Array = NDArray[np.float64]

# The paper's shares: 10,000 of 12,000 epochs go to stage one.
FIBRE_SHARE = 10 / 12


@dataclass
class StageResult:
    """What a method left of a stage."""

    stage: Stage
    recorder: StageRecorder
    status: str
    message: str

    @property
    def x(self) -> Array:
        """The best point that the harness saw; the start where it saw none."""
        best = self.recorder.best_x
        return self.stage.space.start if best is None else best

    @property
    def identified(self) -> dict[str, float]:
        """The parameters at the best point, by name."""
        return order_filter(self.stage.space.values(self.x))


@dataclass
class Run:
    """A run in the making."""

    spec: RunSpec
    method: Method
    problem: Problem
    start: dict[str, float]
    results: list[StageResult] = field(default_factory=list)

    def solve_stage(self, stage: Stage, share: float) -> StageResult:
        """Let the method solve a stage with its share of the budget; whatever it raises becomes a status."""
        spec = self.spec
        evaluations = None if spec.budget_evaluations is None else max(1, round(share * spec.budget_evaluations))
        recorder = StageRecorder(stage.space, share * spec.budget_s, evaluations)
        truth = np.array([self.problem.truth[name] for name in stage.space.names]) if self.method.is_control else None
        view = ProblemView(stage, recorder, spec.seed, truth)
        status, message = "converged", ""
        try:
            self.method.solve(view, self.method.with_defaults(spec.options))
        except BudgetSpent:
            status = "budget"
        except Exception as error:
            status, message = "failed", traceback.format_exception_only(error)[-1].strip()
        recorder.close()
        if status != "failed" and recorder.best_x is None:
            status, message = "diverged", "no point within the bounds had a finite loss"
        result = StageResult(stage, recorder, status, message)
        self.results.append(result)
        return result


def execute(spec: RunSpec) -> tuple[Row, Trace]:
    """Run a method on a problem.

    Returns
    -------
    tuple
        The row of the run and its trace: arrays over the points at which the best point so far was kept.
    """
    began = time.perf_counter()
    with compile_clock() as compiling:
        problem, method = load_problem(spec.problem), load_method(spec.method)
        run = Run(spec, method, problem, problem.start(spec.start_level, spec.seed))
        fibre_stage = problem.fibre_stage(run.start)
        loss_start = _warm_up(fibre_stage)
    loss_truth = stage_loss(fibre_stage, np.array([problem.truth[name] for name in fibre_stage.space.names]))
    build_s = time.perf_counter() - began - compiling.seconds
    fibre = run.solve_stage(fibre_stage, FIBRE_SHARE)
    run.solve_stage(problem.tendon_stage(fibre_stage, fibre.x, run.start), 1.0 - FIBRE_SHARE)
    measures = Measures(run, dynamic_coefficients(problem))
    loss = stage_loss(fibre_stage, fibre.x)
    counts: Counter[str] = sum((result.recorder.counts for result in run.results), Counter())
    worst = max(run.results, key=lambda result: STATUSES.index(result.status))
    row = {
        "suite": spec.suite,
        "problem": spec.problem,
        "method": spec.method,
        "start_level": spec.start_level,
        "seed": spec.seed,
        "status": worst.status,
        "message": worst.message,
        "loss_start": loss_start,
        "loss": loss,
        "loss_truth": loss_truth,
        "loss_unit_rad2_per_s4": fibre_stage.variance,
        "objective_rad2_per_s4": loss * fibre_stage.variance,
        **measures.accuracies(),
        **measures.held_out(),
        "evaluations": sum(counts.values()),
        "counts": dict(counts),
        "build_s": build_s,
        "compile_s": compiling.seconds,
        "solve_s": sum(result.recorder.seconds for result in run.results),
        "identified": measures.identified,
    }
    trace = measures.trace()
    return row | {"wall_s": time.perf_counter() - began}, trace


def _warm_up(stage: Stage) -> float:
    """Compile and load what any method may use, before its clock starts; return the loss at the start."""
    start = stage.space.start
    torch_loss(stage, torch.tensor(start, requires_grad=True)).backward()
    stage.residual(start)
    stage.residual_and_jacobian(start)
    return stage_loss(stage, start)


class Measures:
    """Accuracy of a run's start, end and everything between."""

    def __init__(self, run: Run, coefficients: DynamicCoefficients) -> None:
        self._run = run
        self._coefficients = coefficients
        self._muscles = run.problem.compared_muscles
        spaces = [result.stage.space for result in run.results]
        self._start = {name: value for space in spaces for name, value in space.values(space.start).items()}
        owners = {*self._muscles, *SHARED_UNITS}
        self._names = tuple(name for name in self._start if name.partition(".")[0] in owners)
        found = {name: value for result in run.results for name, value in result.identified.items()}
        known = {name: run.problem.truth[name] for name in run.problem.truth if name not in found}
        self.identified = order_filter(found)
        self._complete = known | self.identified

    def accuracies(self) -> dict[str, float]:
        """Cr1, Cr2 and Cr2m in percent, at the start and at the end."""
        start, end = self._accuracy(self._start), self._accuracy(self.identified)
        return {
            f"{name}{suffix}": getattr(entry, name)
            for name in ("cr1", "cr2", "cr2m")
            for suffix, entry in (("_start", start), ("", end))
        }

    def held_out(self) -> dict[str, float]:
        """Torque error on the held-out movement."""
        fit = held_out_fit(self._complete, self._muscles, self._run.problem.parsed.held_out)
        return {"heldout_rmse_nm": fit.rmse_nm, "heldout_r2": fit.r2}

    def trace(self) -> Trace:
        """Errors of the best point so far, over evaluations and seconds, through both stages."""
        values, names = dict(self._start), tuple[str, ...]()
        rows: list[tuple[float, ...]] = []
        evaluations, seconds = 0, 0.0
        for index, result in enumerate(self._run.results):
            for point in result.recorder.trace:
                values |= result.stage.space.values(point.x)
                now = self._accuracy(values)
                names = tuple(now.errors)
                at = (evaluations + point.evaluations, seconds + point.seconds, point.loss, index)
                rows.append((*at, now.cr1, now.cr2, now.cr2m, *now.errors.values()))
            evaluations += result.recorder.evaluations
            seconds += result.recorder.seconds
        columns = ("evaluations", "seconds", "loss", "stage", "cr1", "cr2", "cr2m")
        table = np.array(rows).reshape(len(rows), len(columns) + len(names))
        trace: Trace = {name: table[:, i] for i, name in enumerate(columns)}
        return trace | {"errors_percent": table[:, len(columns) :].astype(np.float32), "error_names": np.array(names)}

    def _accuracy(self, values: dict[str, float]) -> Accuracy:
        return accuracy(values, self._run.problem, self._coefficients, self._names)
