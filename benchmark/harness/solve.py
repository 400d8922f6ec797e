"""A method at work on a stage: whatever it raises or returns becomes an ending."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.harness.measures import StageResult
from benchmark.harness.methods import Method
from benchmark.harness.recorder import BudgetSpent, NotFinite, StageRecorder, TargetReached
from benchmark.harness.returned import judge
from benchmark.harness.row import DELIVERED, Ending
from benchmark.harness.view import ProblemView
from benchmark.problem.stage import NoSuchFormError, Stage
from benchmark.problem.stage_loss import stage_loss, torch_loss

Array = NDArray[np.float64]


def solve_stage(
    stage: Stage,
    method: Method,
    options: Mapping[str, Any],
    seed: int,
    recorder: StageRecorder,
    truth: Array | None = None,
) -> StageResult:
    """Let a method solve a stage.

    Parameters
    ----------
    stage
        The stage.
    method
        The method.
    options
        Its options, where they are not its own defaults.
    seed
        Seed of its random numbers.
    recorder
        The harness's record of it, with its budget.
    truth
        True values of the parameters, (p,), for control methods only.
    """
    view = ProblemView(stage, recorder, seed, truth)
    ending = _attempt(method, view, options, stage, recorder)
    recorded = recorder.close()
    if ending.status in DELIVERED and recorded.best is None:
        ending = Ending("diverged", "no point within the bounds had a finite loss")
    return StageResult(stage, recorded, ending, view.predictor)


def warm_up(stage: Stage) -> float:
    """Compile and load what any method may use, before its clock starts; return the loss at the start."""
    start = stage.space.start
    torch_loss(stage, torch.tensor(start, requires_grad=True)).backward()
    stage.residual(start)
    stage.residual_and_jacobian(start)
    return stage_loss(stage, start)


def _attempt(
    method: Method, view: ProblemView, options: Mapping[str, Any], stage: Stage, recorder: StageRecorder
) -> Ending:
    try:
        chosen = method.with_defaults(options)
        if method.is_control and not view.has_truth:
            return Ending("skipped", "some parameters of this problem have no true value")
        if method.skip is not None and (reason := method.skip(view, chosen)):
            return Ending("skipped", str(reason))
        returned = method.solve(view, chosen)
    except NoSuchFormError as reason:
        return Ending("skipped", str(reason))
    except BudgetSpent:
        return Ending("budget")
    except NotFinite as lost:
        return Ending("diverged", str(lost))
    except TargetReached:
        return Ending("converged", "stopped at the target")
    except (Exception, SystemExit) as error:
        status = "out of memory" if _is_out_of_memory(error) else "failed"
        return Ending(status, _what_and_where(error, method))
    with recorder.aside():
        return judge(returned, stage, recorder)


def _what_and_where(error: BaseException, method: Method) -> str:
    """What was raised, and the last line of the method's own file on the way there."""
    what = traceback.format_exception_only(error)[-1].strip()
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == method.path]
    return f"{what} ({method.path.name}, line {lines[-1]})" if lines else what


def _is_out_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or "can't allocate memory" in str(error)  # numpy's, and torch's
