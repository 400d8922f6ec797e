"""The small view of a problem that a method gets: values and derivatives, counted and timed by the harness."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.point import point_of
from benchmark.harness.recorder import StageRecorder
from benchmark.problem.parameters import ParameterSpace
from benchmark.problem.stage import Stage, collocation_of
from benchmark.problem.stage_loss import loss_and_gradient, torch_loss

if TYPE_CHECKING:
    from benchmark.analysis.predictions import Predictor
    from benchmark.model.backends.casadi_backend import SymbolicLoss
    from benchmark.problem.collocation import Collocation
    from benchmark.problem.equation_of_motion import EquationOfMotion

Array = NDArray[np.float64]


class ProblemView:
    """What a method sees of a stage of a problem.

    Every evaluation is counted. The one that spends the budget, or reaches the target of a run that is to stop there,
    raises :class:`benchmark.harness.recorder.StageEnded`, which a method need not catch: the harness keeps the best
    point.

    Parameters
    ----------
    stage
        The stage to solve.
    recorder
        The harness's record of the run.
    seed
        Seed of :attr:`rng`.
    truth
        True values of the stage's parameters, (p,), for control methods only.
    """

    def __init__(self, stage: Stage, recorder: StageRecorder, seed: int, truth: Array | None = None) -> None:
        self._stage = stage
        self._space = copy.deepcopy(stage.space)  # a method may work in its arrays, and the harness measures by its own
        self._recorder = recorder
        self._literal: Callable[[Any], Any] | None = None
        self._truth = truth
        self.rng = np.random.default_rng(seed)
        self.predictor: Predictor | None = None

    @property
    def stage(self) -> str:
        """Name of the stage: ``fibre`` or ``tendon``; with unknown fibres ``equilibrium``; ``moment``."""
        return self._stage.name

    @property
    def space(self) -> ParameterSpace:
        """Names, units, bounds, start and scale of the parameters."""
        return self._space

    @property
    def has_truth(self) -> bool:
        """Whether the true values are there to be seen."""
        return self._truth is not None

    @property
    def truth(self) -> Array:
        """True values of the parameters, (p,).

        Raises
        ------
        PermissionError
            If the method has not declared itself a control.
        """
        if self._truth is None:
            raise PermissionError("only control methods (CONTROL = True) may see the true parameters")
        return self._truth

    @property
    def seconds_left(self) -> float:
        """Seconds left of the budget."""
        return self._recorder.seconds_left

    @property
    def evaluations_left(self) -> int | None:
        """Evaluations left of the budget; None without such a limit."""
        limit = self._recorder.limits.evaluations
        return None if limit is None else max(0, limit - self._recorder.evaluations)

    def residual(self, x: Array) -> Array:
        """Residual, (n,), at `x`, (p,); the loss is the sum of its squares."""
        x = self._point(x)
        residual = self._stage.residual(x)
        self._recorder.record("residual", x, float(residual @ residual))
        return residual

    def loss(self, x: Array) -> float:
        """Loss at `x`, (p,)."""
        x = self._point(x)
        residual = self._stage.residual(x)
        loss = float(residual @ residual)
        self._recorder.record("loss", x, loss)
        return loss

    def residual_and_jacobian(self, x: Array) -> tuple[Array, Array]:
        """Residual, (n,), and its exact Jacobian, (n, p), at `x`, (p,): one evaluation."""
        x = self._point(x)
        residual, jacobian = self._stage.residual_and_jacobian(x)
        self._recorder.record("jacobian", x, float(residual @ residual))
        return residual, jacobian

    def gradient(self, x: Array) -> Array:
        """Gradient of the loss, (p,), at `x`, (p,)."""
        return self.loss_and_gradient(x)[1]

    def loss_and_gradient(self, x: Array) -> tuple[float, Array]:
        """Loss and its gradient, (p,), at `x`, (p,): one evaluation."""
        x = self._point(x)
        loss, gradient = loss_and_gradient(self._stage, x)
        self._recorder.record("gradient", x, loss)
        return loss, gradient

    def torch_loss(self, x: Any) -> Any:
        """Loss as a differentiable torch scalar, at a float64 tensor `x`, (p,); counted as one evaluation."""
        point = self._point(x.detach().numpy().copy())
        loss = torch_loss(self._stage, x)
        self._recorder.record("torch", point, loss.item())
        return loss

    def literal(self) -> Callable[[Any], Any]:
        """The loss written out as the paper has it, for automatic differentiation: a baseline, slow on purpose.

        Takes and gives what :meth:`torch_loss` does; each of its calls is counted as one evaluation. What no parameter
        changes is computed here, off the method's clock.

        Raises
        ------
        NoSuchFormError
            If the loss has no such form: the run is then told as skipped.
        """
        self._recorder.check()
        if self._literal is None:
            with self._recorder.aside():
                self._literal = self._stage.literal()
        literal = self._literal

        def counted(x: Any) -> Any:
            point = self._point(x.detach().numpy().copy())
            loss = literal(x)
            self._recorder.record("literal", point, loss.item())
            return loss

        return counted

    def incremental(self) -> Callable[[Array], float]:
        """The loss at x, (p,), computed anew for muscles whose parameters have changed alone: one evaluation a call.

        Raises
        ------
        NoSuchFormError
            If the loss has no such form: the run is then told as skipped, unless the method has another way.
        """
        loss_at = self._stage.incremental()

        def counted(x: Array) -> float:
            point = self._point(x)
            loss = loss_at(point)
            self._recorder.record("incremental", point, loss)
            return loss

        return counted

    def casadi(self) -> SymbolicLoss:
        """The loss in CasADi, for symbolic derivatives; report iterates with :meth:`report`.

        Raises
        ------
        NoSuchFormError
            If the loss has no such form: the run is then told as skipped.
        """
        return self._stage.symbolic()

    def collocation(self) -> Collocation:
        """The loss in CasADi, fibre states being unknowns, and their equilibrium constraints; report iterates.

        Raises
        ------
        NoSuchFormError
            If no fibre states are to be found: the run is then told as skipped.
        """
        return collocation_of(self._stage)

    def equation_of_motion(self, stride: int = 1, device: str = "cpu") -> EquationOfMotion:
        """The equation of motion along a motion that is sought itself, in torch; report iterates with :meth:`report`.

        Parameters
        ----------
        stride
            Every how many samples there is one that it is asked for.
        device
            Where torch holds it.

        Raises
        ------
        NoSuchFormError
            If other equations hold: the run is then told as skipped.
        """
        from benchmark.problem.equation_of_motion import EquationOfMotion  # which few methods need

        with self._recorder.aside():
            return EquationOfMotion(self._stage, stride, device)

    def offer(self, predictor: Predictor) -> None:
        """Say how motion and muscle forces are predicted: the harness asks it once the run has ended, off the clock."""
        self.predictor = predictor

    def report(self, x: Array, evaluations: int, kind: str) -> None:
        """Report an iterate of a solver that evaluates by itself.

        The harness evaluates the loss at `x` off the method's clock.

        Parameters
        ----------
        x
            The iterate, (p,).
        evaluations
            How often the solver has evaluated since the last report.
        kind
            What one of these evaluations was, as prices.toml names it.
        """
        x = self._point(x)
        self._recorder.check()
        with self._recorder.aside():
            residual = self._stage.residual(x)
        self._recorder.record(kind, x, float(residual @ residual), evaluations)

    def _point(self, x: Any) -> Array:
        return point_of(x, self.space)
