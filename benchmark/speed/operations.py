"""What is timed: the same loss and its derivatives, in every back end and as the paper has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import casadi
import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.model.backends.casadi_backend import SymbolicLoss
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.problem.equation_of_motion import EquationOfMotion
from benchmark.problem.stage import Stage, collocation_of
from benchmark.problem.stage_loss import loss_and_gradient, torch_loss

Array = NDArray[np.float64]
Call = Callable[[], Any]
Prepare = Callable[[Stage, Array], Call]

CASADI_BACKEND = "casadi"
STEP = 0.01  # of a parameter's scale, of a move


@dataclass(frozen=True)
class Operation:
    """Something that a method may ask for again and again.

    Attributes
    ----------
    name, backend
        What it computes, and in which back end.
    prepare
        Does what is done once, and returns the operation at a point as a function without arguments. Raises
        NoSuchFormError where a stage's loss has no such form.
    is_sweep
        Whether the function evaluates once for each parameter; the operation is one of these evaluations.
    """

    name: str
    backend: str
    prepare: Prepare
    is_sweep: bool = False

    @property
    def is_built(self) -> bool:
        """Whether preparing it takes the building of a symbolic function, which is worth a time of its own."""
        return self.backend == CASADI_BACKEND


def _compiled_residual(stage: Stage, x: Array) -> Call:
    return lambda: stage.residual(x)


def _numpy_residual(stage: Stage, x: Array) -> Call:
    return lambda: stage.rows(x, NUMPY)


def _torch_residual(stage: Stage, x: Array) -> Call:
    at = torch.tensor(x)
    return lambda: torch_loss(stage, at)


def _compiled_gradient(stage: Stage, x: Array) -> Call:
    return lambda: loss_and_gradient(stage, x)[1]


def _torch_gradient(stage: Stage, x: Array) -> Call:
    return _by_backpropagation(lambda at: torch_loss(stage, at), x)


def _compiled_jacobian(stage: Stage, x: Array) -> Call:
    return lambda: stage.residual_and_jacobian(x)


def _incremental_sweep(stage: Stage, x: Array) -> Call:
    """Losses after a change of one parameter, which is then taken back, of one after the other."""
    loss = stage.incremental()
    moves = STEP * stage.space.scale * np.where(x + STEP * stage.space.scale <= stage.space.upper, 1.0, -1.0)
    moved = x + np.diag(moves)
    return lambda: [loss(point) for point in moved]


def _literal_residual(stage: Stage, x: Array) -> Call:
    loss, at = stage.literal(), torch.tensor(x)
    return lambda: loss(at)


def _literal_epoch(stage: Stage, x: Array) -> Call:
    return _by_backpropagation(stage.literal(), x)


def _network_epoch(stage: Stage, x: Array) -> Call:
    """The terms of the physics-informed network's loss with their gradient, by the network as it begins."""
    from methods._pinn_objective import Objective
    from methods.pinn import OPTIONS  # the one method whose epochs are none of the loss's own evaluations

    objective = Objective(EquationOfMotion(stage, OPTIONS["stride"]), stage.space, x, OPTIONS, seed=0)
    trained = [objective.moved, *objective.weights]
    return lambda: torch.autograd.grad(objective.terms().sum(), trained)[0]


def _by_backpropagation(loss: Callable[[Any], Any], x: Array) -> Call:
    at = torch.tensor(x, requires_grad=True)
    return lambda: torch.autograd.grad(loss(at), at)[0]


def _casadi_function(expression: Callable[[SymbolicLoss], Any]) -> Prepare:
    """An expression as a function of its own, built from the start: nothing is shared with other operations."""

    def prepare(stage: Stage, x: Array) -> Call:
        symbolic = stage.symbolic()
        function = casadi.Function("function", [symbolic.x], [expression(symbolic)])
        return lambda: function(x)

    return prepare


def _collocation(stage: Stage, x: Array) -> Call:
    """Loss, constraints and their Jacobian in parameters and fibre states, at the stage's start."""
    problem = collocation_of(stage)
    function = casadi.Function("function", [problem.unknowns], [problem.loss, problem.constraints, problem.jacobian])
    return lambda: function(problem.start)


RESIDUAL = Operation("residual", "compiled", _compiled_residual)
OPERATIONS = (
    RESIDUAL,
    Operation("residual", "numpy", _numpy_residual),
    Operation("residual", "torch", _torch_residual),
    Operation("residual", CASADI_BACKEND, _casadi_function(lambda symbolic: symbolic.loss)),
    Operation("gradient", "compiled", _compiled_gradient),
    Operation("gradient", "torch", _torch_gradient),
    Operation(
        "gradient", CASADI_BACKEND, _casadi_function(lambda symbolic: casadi.gradient(symbolic.loss, symbolic.x))
    ),
    Operation("residual and Jacobian", "compiled", _compiled_jacobian),
    Operation("Gauss-Newton Hessian", CASADI_BACKEND, _casadi_function(lambda symbolic: symbolic.gauss_newton_hessian)),
    Operation("exact Hessian", CASADI_BACKEND, _casadi_function(lambda symbolic: symbolic.hessian)),
    Operation("collocation", CASADI_BACKEND, _collocation),
    Operation("incremental loss", "compiled", _incremental_sweep, is_sweep=True),
    Operation("literal residual", "torch", _literal_residual),
    Operation("literal epoch", "torch", _literal_epoch),
    Operation("network epoch", "torch", _network_epoch),
)
