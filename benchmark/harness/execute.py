"""One run from start to row: a method on a problem's stages, from one start, and how accurate its result is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.limits import Limits
from benchmark.harness.measures import Measures, StageResult, costs, worst
from benchmark.harness.methods import Method, load_method
from benchmark.harness.prices import load_prices
from benchmark.harness.recorder import StageRecorder, Watch
from benchmark.harness.returned import agree
from benchmark.harness.row import Ending, Row, Trace, identity, row_without_result
from benchmark.harness.seen import UNWATCHED, Seen, history
from benchmark.harness.solve import solve_stage, warm_up
from benchmark.harness.spec import RunSpec
from benchmark.model.compiled import compile_clock
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.equilibrium_stage import EquilibriumStage
from benchmark.problem.fibre_stage import FibreStage
from benchmark.problem.moment_stage import MomentStage
from benchmark.problem.problem import FirstStage, Problem, load_problem
from benchmark.problem.stage import Stage
from benchmark.problem.stage_loss import stage_loss
from benchmark.problem.targets import load_targets
from benchmark.problem.tendon_stage import TendonStage

Array = NDArray[np.float64]

# Shares of the budget by stage. The paper's: 10,000 of 12,000 epochs go to stage one; a stage alone gets it all.
FIBRE_SHARE = 10 / 12
STAGE_SHARES = {
    FibreStage.name: FIBRE_SHARE,
    TendonStage.name: 1.0 - FIBRE_SHARE,
    EquilibriumStage.name: 1.0,
    MomentStage.name: 1.0,
}


def execute(spec: RunSpec, watch: Watch = UNWATCHED) -> tuple[Row, Trace]:
    """Run a method on a problem.

    Parameters
    ----------
    spec
        The run.
    watch
        Is told what goes on.

    Returns
    -------
    tuple
        The row of the run and its trace: arrays over the points at which the best point so far was kept.
    """
    method = load_method(spec.method)
    built = _Built.make(spec)
    results = built.through_stages(lambda stage, index: _solve(built, stage, index, method, watch))
    if results[0].ending.status == "skipped":
        return row_without_result(spec, results[0].ending), {}
    return built.row_and_trace(results)


def recover(spec: RunSpec, ending: Ending, seen: Sequence[Seen]) -> tuple[Row, Trace]:
    """Make row and trace of a run whose process is gone, from what a watch was told.

    Parameters
    ----------
    spec
        The run.
    ending
        How it ended.
    seen
        What the watch was told, in its order.
    """
    built = _Built.make(spec)
    return built.row_and_trace(
        built.through_stages(lambda stage, index: StageResult(stage, history(seen, index), ending))
    )


class _Built(NamedTuple):
    """A problem from one start, ready to be solved."""

    spec: RunSpec
    problem: Problem
    start: Mapping[str, float]
    first_stage: FirstStage
    loss_start: float
    loss_truth: float | None
    build_s: float
    compile_s: float

    @classmethod
    def make(cls, spec: RunSpec) -> _Built:
        began = time.perf_counter()
        with compile_clock() as compiling:
            problem = load_problem(spec.problem).replicate(spec.seed)
            start = problem.start(spec.start_level, spec.seed)
            stage = problem.first_stage(start)
            loss_start = warm_up(stage)
        truth = _truth(problem, stage)
        loss_truth = None if truth is None else stage_loss(stage, truth)
        build_s = time.perf_counter() - began - compiling.seconds
        return cls(spec, problem, start, stage, loss_start, loss_truth, build_s, compiling.seconds)

    def through_stages(self, solve: Callable[[Stage, int], StageResult]) -> list[StageResult]:
        """Results of all stages, each built on the one before; no more after one that is skipped."""
        results: list[StageResult] = []
        stage: Stage | None = self.first_stage
        while stage is not None:
            results.append(solve(stage, len(results)))
            if results[-1].ending.status == "skipped":
                break
            stage = self.problem.next_stage(stage, results[-1].x, self.start)
        return results

    def limits(self, stage: Stage) -> Limits:
        """A stage's share of the budget; the target is that of the first one."""
        spec, share = self.spec, STAGE_SHARES[stage.name]
        evaluations = None if spec.budget_evaluations is None else max(1, round(share * spec.budget_evaluations))
        cost = None if spec.budget_cost is None else share * spec.budget_cost
        target = None
        if spec.stop == "target" and stage is self.first_stage and (unit := self._unit_rad2_per_s4) is not None:
            target = load_targets()[spec.problem].target_rad2_per_s4 / unit
        return Limits(share * spec.budget_s, evaluations, cost, target)

    @property
    def _unit_rad2_per_s4(self) -> float | None:
        """The loss's unit, in which the losses of all starts can be given; None where it is none of accelerations."""
        stage = self.first_stage
        if self.problem.parsed.residual_in_torque or not isinstance(stage, AccelerationStage):
            return None
        return stage.variance

    def row_and_trace(self, results: Sequence[StageResult]) -> tuple[Row, Trace]:
        """Measure what came out; the loss is that of the reference back end at the best point."""
        measures = Measures(self.problem, results, self.start)
        losses = [stage_loss(result.stage, result.x) for result in results]
        unit = self._unit_rad2_per_s4
        loss, ending = losses[0], _confirmed(worst(results), results, losses)
        row = identity(self.spec) | {
            **ending._asdict(),
            "loss_start": self.loss_start,
            "loss": loss,
            "loss_truth": self.loss_truth,
            "loss_unit_rad2_per_s4": unit,
            "objective_rad2_per_s4": None if unit is None else loss * unit,
            **measures.accuracies(),
            **measures.held_out(),
            **measures.deep_forces(),
            **measures.predictions(),
            **costs(results),
            "build_s": self.build_s,
            "compile_s": self.compile_s,
            "identified": measures.identified,
            "left_range": measures.left_range(),
        }
        return row, measures.trace()


def _solve(built: _Built, stage: Stage, index: int, method: Method, watch: Watch) -> StageResult:
    """Let the method solve a stage with its share of the budget."""
    spec = built.spec
    recorder = StageRecorder(stage.space, built.limits(stage), load_prices(spec.problem), watch, index)
    truth = _truth(built.problem, stage) if method.is_control else None
    return solve_stage(stage, method, spec.options, spec.seed, recorder, truth)


def _truth(problem: Problem, stage: Stage) -> Array | None:
    """True values of a stage's parameters, (p,); None where some have none."""
    if not problem.truth.keys() >= set(stage.space.names):
        return None
    return np.array([problem.truth[name] for name in stage.space.names])


def _confirmed(ending: Ending, results: Sequence[StageResult], losses: Sequence[float]) -> Ending:
    """`ending`, unless a best point's loss is not what was recorded: then no record of the run can be trusted."""
    for result, loss in zip(results, losses, strict=True):
        told = result.history.best
        if told is not None and not agree(told.loss, loss):
            found = f"the reference back end finds {loss:.6g} there"
            return Ending("failed", f"recorded was a loss of {told.loss:.6g} in stage {result.stage.name}: {found}")
    return ending
