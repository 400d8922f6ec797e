"""IPOPT on CasADi's expressions, with a Hessian of the caller's choice; iterates are reported to the view.

All in coordinates of order one, and on the loss over its start value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import casadi
import numpy as np
from numpy.typing import NDArray

from benchmark.harness.recorder import BudgetSpent
from benchmark.harness.view import ProblemView
from benchmark.model.backends.casadi_backend import SymbolicLoss

Array = NDArray[np.float64]

OPTIONS: dict[str, Any] = {"tolerance": 1e-10, "iterations": 3000, "initial_barrier": 1e-9}

OUT_OF_TIME = "Maximum_WallTime_Exceeded"
ITERATE = 0  # place of x among the outputs that CasADi hands to an iteration callback


class _Watch(casadi.Callback):
    """Reports every iterate to the view; raising stops IPOPT, and so does a budget without room for another step."""

    def __init__(self, view: ProblemView, size: int, kind: str) -> None:
        casadi.Callback.__init__(self)
        self._view, self._size, self._kind = view, size, kind
        self._seconds_left = view.seconds_left
        self.stopped_by: Exception | None = None
        self.construct("watch", {})

    def get_n_in(self) -> int:
        return int(casadi.nlpsol_n_out())

    def get_n_out(self) -> int:
        return 1

    def get_sparsity_in(self, i: int) -> Any:
        shapes = {"x": self._size, "lam_x": self._size, "f": 1}
        return casadi.Sparsity.dense(shapes.get(casadi.nlpsol_out(i), 0), 1)

    def eval(self, arguments: Any) -> list[int]:
        try:
            self._view.report(self._view.space.scale * np.array(arguments[ITERATE]).ravel(), 1, self._kind)
        except Exception as reason:
            self.stopped_by = reason
            return [1]
        before, self._seconds_left = self._seconds_left, self._view.seconds_left
        if before - self._seconds_left > self._seconds_left:  # another step like this one would end too late
            self.stopped_by = BudgetSpent()
            return [1]
        return [0]


def minimise(view: ProblemView, symbolic: SymbolicLoss, hessian: Any, kind: str, options: Mapping[str, Any]) -> Array:
    """Minimise a loss within the bounds of the view's parameters, from their start.

    Parameters
    ----------
    view
        The problem; its budget's end is raised.
    symbolic
        Symbols of the parameters, (p, 1), and the loss in them.
    hessian
        The Hessian in them, (p, p), that IPOPT is to believe in.
    kind
        What the harness calls an evaluation of loss, gradient and this Hessian.
    options
        ``tolerance``, ``iterations`` and ``initial_barrier`` of IPOPT.
    """
    space, first = view.space, view.loss(view.space.start)
    z = casadi.MX.sym("z", space.size)
    loss_at_z, hessian_at_z = (
        casadi.Function("at", [symbolic.x], [expression])(space.scale * z) / first
        for expression in (symbolic.loss, hessian)
    )
    weight, parameters, multipliers = casadi.MX.sym("w"), casadi.MX.sym("p", 0), casadi.MX.sym("m", 0)
    curvature = casadi.triu(weight * hessian_at_z * np.outer(space.scale, space.scale))
    watch = _Watch(view, space.size, kind)
    solver = casadi.nlpsol(
        "solver",
        "ipopt",
        {"x": z, "f": loss_at_z},
        {
            "hess_lag": casadi.Function("hess_lag", [z, parameters, weight, multipliers], [curvature]),
            "iteration_callback": watch,
            "print_time": False,
            "ipopt.print_level": 0,
            "ipopt.sb": "yes",
            "ipopt.tol": options["tolerance"],
            "ipopt.mu_init": options["initial_barrier"],
            "ipopt.max_iter": options["iterations"],
            "ipopt.max_wall_time": max(view.seconds_left, 1e-3),
            "ipopt.bound_relax_factor": 0.0,
        },
    )
    found = solver(x0=space.start / space.scale, lbx=space.lower / space.scale, ubx=space.upper / space.scale)
    if watch.stopped_by is not None:
        raise watch.stopped_by
    if solver.stats()["return_status"] == OUT_OF_TIME:
        raise BudgetSpent
    return space.clip(space.scale * np.array(found["x"]).ravel())
