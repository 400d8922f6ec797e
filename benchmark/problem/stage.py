"""What a method solves: a least-squares problem over a parameter space, in every back end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.problem.parameters import ParameterSpace

if TYPE_CHECKING:
    from benchmark.model.backends.casadi_backend import SymbolicLoss
    from benchmark.problem.collocation import Collocation

Array = NDArray[np.float64]


class NoSuchFormError(Exception):
    """A stage's loss has no such form, for the reason in the message; a method that needs it does not apply."""


class Stage(Protocol):
    """A least-squares problem over a parameter space."""

    name: str
    space: ParameterSpace

    def rows(self, x: Any, xp: Backend = NUMPY) -> list[Any]:
        """Rows of the residual at `x`, in the back end `xp`; the loss is the sum of all their squares."""

    def left_range(self, x: Array) -> tuple[str, ...]:
        """Names of the muscles that leave at `x`, (p,), what the model is made for; none where fibres are known."""

    def residual(self, x: Array) -> Array:
        """The residual, (n,), at `x`."""

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """The residual, (n,), and its exact Jacobian, (n, p), at `x`."""

    def symbolic(self) -> SymbolicLoss:
        """The loss in CasADi, with its exact Hessian.

        Raises
        ------
        NoSuchFormError
            If it has no such form.
        """

    def incremental(self) -> Callable[[Array], float]:
        """The loss as a function of x, (p,), that computes anew only muscles whose parameters have changed.

        What it remembers of its last calls is its own: each function that this returns starts afresh.

        Raises
        ------
        NoSuchFormError
            If it has no such form.
        """

    def literal(self) -> Callable[[Any], Any]:
        """The loss as the paper's equations have it, from a float64 tensor, (p,), to a differentiable torch scalar.

        Raises
        ------
        NoSuchFormError
            If it has no such form.
        """


@runtime_checkable
class CollocatedStage(Protocol):
    """A stage whose fibre states can be unknowns beside its parameters."""

    def collocation(self) -> Collocation:
        """The loss in CasADi, with the fibres' states as unknowns and their equilibrium as constraints."""


def collocation_of(stage: Stage) -> Collocation:
    """The collocation of a stage.

    Raises
    ------
    NoSuchFormError
        If it has no fibre states that could be unknowns.
    """
    if not isinstance(stage, CollocatedStage):
        raise NoSuchFormError(f"the {stage.name} stage has no fibre states that could be unknowns")
    return stage.collocation()
