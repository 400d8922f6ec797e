"""What a method returns, looked at before anything is made of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.recorder import StageRecorder
from benchmark.harness.row import Ending
from benchmark.problem.stage import Stage
from benchmark.problem.stage_loss import stage_loss

Array = NDArray[np.float64]

AGREEMENT = 1e-4  # relative, of losses: back ends agree to 1e-10, the literal form to 1e-6
NEGLIGIBLE = 1e-12  # a loss is 1 where nothing is explained
NO_NUMBERS = (TypeError, ValueError, RuntimeError)  # the last one is torch's, for a tensor that still has its gradient


def judge(returned: Any, stage: Stage, recorder: StageRecorder) -> Ending:
    """Look at what a method returned, and let the harness consider the point.

    Parameters
    ----------
    returned
        None, a point, (p,), or anything with a point ``x``, and with its own claim ``fun`` of the loss there, such as
        scipy's ``OptimizeResult``.
    stage
        The stage that it is a solution of.
    recorder
        The harness's record of it.
    """
    if returned is None:
        return Ending("converged")
    point, claim = getattr(returned, "x", returned), getattr(returned, "fun", None)
    ending = _as_point(point, recorder)
    if ending is not None:
        return ending
    x = np.asarray(point, dtype=np.float64)
    loss = stage_loss(stage, x)
    recorder.consider(x, loss)
    if claim is not None and not agree(claim, loss):
        return Ending("converged", f"the method claims a loss of {claim}: the harness finds {loss:.6g}")
    return Ending("converged")


def agree(told: Any, loss: float) -> bool:
    """Whether a loss that was told, or a residual, is what the harness finds."""
    try:
        told = np.asarray(told, dtype=np.float64)
    except NO_NUMBERS:
        return False
    return bool(np.isclose(told if told.size == 1 else np.sum(told**2), loss, rtol=AGREEMENT, atol=NEGLIGIBLE).all())


def _as_point(point: Any, recorder: StageRecorder) -> Ending | None:
    """What is wrong with a point; None if it can be evaluated."""
    space = recorder.space
    try:
        x = np.asarray(point, dtype=np.float64)
    except NO_NUMBERS:
        return Ending("failed", f"the method returned {type(point).__name__}: expected {space.size} numbers")
    if x.shape != (space.size,):
        return Ending("failed", f"the method returned an array of shape {x.shape}: expected ({space.size},)")
    if (bad := ~np.isfinite(x)).any():
        return Ending("diverged", f"the method returned {_first(bad, recorder, x)}, which is no finite number")
    if (bad := recorder.out_of_bounds(x)).any():
        i = int(np.argmax(bad))
        bounds = f"[{space.lower[i]:.6g}, {space.upper[i]:.6g}]"
        return Ending("failed", f"the method returned {_first(bad, recorder, x)}, out of its bounds {bounds}")
    return None


def _first(bad: NDArray[np.bool_], recorder: StageRecorder, x: Array) -> str:
    i, others = int(np.argmax(bad)), int(bad.sum()) - 1
    return f"{recorder.space.names[i]} = {x[i]:.6g}{f' (and {others} others like it)' if others else ''}"
