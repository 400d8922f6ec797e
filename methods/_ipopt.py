"""IPOPT on CasADi's expressions, with a Hessian of the caller's choice; iterates are reported to the view.

All in coordinates of order one, and on the loss over its start value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
ITERATE = 0  # place of the unknowns among the outputs that CasADi hands to an iteration callback


@dataclass(frozen=True, eq=False)
class Programme:
    """What IPOPT is to solve, in unknowns z of order one.

    Attributes
    ----------
    unknowns
        Symbols of z, (N,): the p parameters over their scale, and what else there is.
    loss, hessian
        What is to be least, and the Hessian, (N, N), that IPOPT is to believe in.
    start, lower, upper
        Start and bounds of z, (N,) each.
    constraints, jacobian
        What must be zero, (M,), and its Jacobian, (M, N); none by default.
    settings
        Options of CasADi's interface to IPOPT, beside those that all programmes share.
    """

    unknowns: Any
    loss: Any
    hessian: Any
    start: Array
    lower: Array
    upper: Array
    constraints: Any = field(default_factory=lambda: casadi.MX(0, 1))
    jacobian: Any = None
    settings: Mapping[str, Any] = field(default_factory=dict)


class _Watch(casadi.Callback):
    """Reports every iterate to the view; raising stops IPOPT, and so does a budget without room for another step."""

    def __init__(self, view: ProblemView, unknowns: int, constraints: int, kind: str) -> None:
        casadi.Callback.__init__(self)
        self._view, self._kind = view, kind
        self._shapes = {"x": unknowns, "lam_x": unknowns, "f": 1, "g": constraints, "lam_g": constraints}
        self._seconds_left = view.seconds_left
        self.stopped_by: Exception | None = None
        self.construct("watch", {})

    def get_n_in(self) -> int:
        return int(casadi.nlpsol_n_out())

    def get_n_out(self) -> int:
        return 1

    def get_sparsity_in(self, i: int) -> Any:
        return casadi.Sparsity.dense(self._shapes.get(casadi.nlpsol_out(i), 0), 1)

    def eval(self, arguments: Any) -> list[int]:
        try:
            self._view.report(_parameters(self._view, arguments[ITERATE]), 1, self._kind)
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
    start, lower, upper = (values / space.scale for values in (space.start, space.lower, space.upper))
    scaled = hessian_at_z * np.outer(space.scale, space.scale)
    return solve_programme(view, Programme(z, loss_at_z, scaled, start, lower, upper), kind, options)


def solve_programme(view: ProblemView, programme: Programme, kind: str, options: Mapping[str, Any]) -> Array:
    """Parameters, (p,), that solve a programme.

    Parameters
    ----------
    view
        The problem; its budget's end is raised.
    programme
        The programme.
    kind
        What the harness calls the evaluations of an iteration.
    options
        As for :func:`minimise`.
    """
    z, constraints = programme.unknowns, programme.constraints
    weight, parameters = casadi.MX.sym("w"), casadi.MX.sym("p", 0)
    multipliers = casadi.MX.sym("m", constraints.shape[0])
    curvature = casadi.triu(weight * programme.hessian)
    watch = _Watch(view, z.shape[0], constraints.shape[0], kind)
    settings = {
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
        **programme.settings,
    }
    if programme.jacobian is not None:
        settings["jac_g"] = casadi.Function("jac_g", [z, parameters], [constraints, programme.jacobian])
    solver = casadi.nlpsol("solver", "ipopt", {"x": z, "f": programme.loss, "g": constraints}, settings)
    found = solver(x0=programme.start, lbx=programme.lower, ubx=programme.upper, lbg=0.0, ubg=0.0)
    if watch.stopped_by is not None:
        raise watch.stopped_by
    if solver.stats()["return_status"] == OUT_OF_TIME:
        raise BudgetSpent
    return _parameters(view, found["x"])


def _parameters(view: ProblemView, unknowns: Any) -> Array:
    """The parameters, (p,), within their bounds, of unknowns over their scale."""
    return view.space.clip(view.space.scale * np.array(unknowns).ravel()[: view.space.size])
