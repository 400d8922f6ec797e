"""How `pinn` trains its network and, along with it, the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.analysis.predictions import Prediction
from benchmark.harness.view import ProblemView
from benchmark.problem.equation_of_motion import EquationOfMotion, Motion
from benchmark.problem.parameters import ParameterSpace
from methods._loss_balance import balanced
from methods._movement_network import Inputs, InputSettings, MovementNetwork, network_inputs

Array = NDArray[np.float64]

BALANCED_EVERY = 20  # of Adam's epochs
LAST_RATE = 0.02  # of Adam's learning rates, at its end
STEP = 0.1  # of a parameter's scale: what a unit of its coordinate is at first; with 0.3, weak directions run off
NARROWEST = 1e-3  # share of the distance between the bounds that a first point keeps from them


class Training:
    """A network and parameters, and how they are trained.

    Parameters
    ----------
    view
        What the harness shows of the stage.
    physics
        Its equation of motion.
    first
        Where the parameters begin, (p,).
    options
        Those of the method.
    """

    def __init__(self, view: ProblemView, physics: EquationOfMotion, first: Array, options: Mapping[str, Any]) -> None:
        self._view, self._physics, self._options = view, physics, options
        self._settings = InputSettings(**options["inputs"])
        seen = [network_inputs(own.time_s, own.emg, self._settings) for own in physics.signals]
        rows = [own.rows for own in physics.signals]
        learned = Inputs(
            np.concatenate([part.motion[:, own] for part, own in zip(seen, rows, strict=True)], axis=1),
            np.concatenate([part.force[own] for part, own in zip(seen, rows, strict=True)]),
        )
        seed = int(view.rng.integers(2**31))
        self._network = MovementNetwork(learned, options["hidden"], physics.motion, physics.start_strength, seed)
        self._inputs = self._network.scaled(learned)
        self._weights = list(self._network.parameters())
        self._bounded = Bounded(view.space, first)
        self._moved = torch.zeros(view.space.size, dtype=torch.float64, requires_grad=True)
        with torch.no_grad():
            at_first = torch.from_numpy(first)
            self._torque_spread = physics.torque(at_first, physics.motion).std(dim=0)
            self._force_spread = physics.modelled_force(at_first).std(dim=0)
        self._balance = self._balanced(None)

    def point(self) -> Array:
        """The parameters as they are now, (p,)."""
        return np.asarray(self._bounded(self._moved).detach().numpy())

    def predict(self, time_s: Array, emg: Array) -> Prediction:
        """What the network says of a recording; nothing of forces if it has been told nothing of them."""
        with torch.no_grad():
            motion, force = self._network(self._network.scaled(network_inputs(time_s, emg, self._settings)))
        return Prediction(motion.position.cpu().numpy(), force.cpu().numpy() if self._options["physics"] else None)

    def by_adam(self) -> None:
        """Adam on the weights, and with small steps on the parameters; learning rates fall to nearly nothing."""
        epochs = self._options["adam_epochs"]
        groups: list[dict[str, Any]] = [{"params": self._weights, "lr": self._options["learning_rate"]}]
        if self._options["train_parameters"]:
            groups.append({"params": [self._moved], "lr": self._options["parameter_learning_rate"]})
        adam = torch.optim.Adam(groups)
        slower = torch.optim.lr_scheduler.LinearLR(adam, 1.0, LAST_RATE, epochs)
        for epoch in range(epochs):
            if epoch % BALANCED_EVERY == 0:
                self._balance = self._balanced(self._balance)
            self._epoch(adam)
            adam.step()
            slower.step()

    def by_lbfgs(self, epochs: int, *, trains_parameters: bool) -> None:
        """L-BFGS from scratch on the weights and, if asked for, on the parameters, for at most so many epochs."""
        optimiser: Any = torch.optim.LBFGS(
            [*self._weights, *([self._moved] if trains_parameters else [])],
            max_iter=epochs,
            max_eval=epochs,
            history_size=self._options["memory"],
            line_search_fn="strong_wolfe",
        )
        optimiser.step(partial(self._epoch, optimiser))

    def _epoch(self, optimiser: torch.optim.Optimizer) -> Any:
        """The weighted loss, with its gradient; the harness is told the parameters."""
        optimiser.zero_grad()
        loss = self._balance @ torch.stack(self._terms())
        loss.backward()
        self._view.report(self.point(), 1, "network")
        return loss

    def _balanced(self, before: Any) -> Any:
        return balanced(self._terms(), self._weights, before)

    def _terms(self) -> list[Any]:
        """Mean squares, over the spread of what each is a difference of: motion, equation of motion, muscle forces."""
        motion, force = self._network(self._inputs)
        terms = [self._motion_error(motion)]
        if self._options["physics"]:
            x = self._bounded(self._moved)
            terms.append((self._physics.residual(x, motion, force) / self._torque_spread).square().mean())
            from_model = force[:, self._physics.modelled] - self._physics.modelled_force(x)
            terms.append((from_model / self._force_spread).square().mean())
        return terms

    def _motion_error(self, motion: Motion) -> Any:
        shares = (1.0, self._options["rates"], self._options["rates"])
        parts = zip(shares, motion, self._physics.motion, strict=True)
        return sum(share * ((now - then) / then.std(dim=0)).square().mean() for share, now, then in parts)


class Bounded:
    """Parameters within their bounds from coordinates without any, (p,), which are zero at the first point.

    Parameters
    ----------
    space
        Bounds and scales.
    first
        The point at coordinates of zero, (p,).
    """

    def __init__(self, space: ParameterSpace, first: Array) -> None:
        width = space.upper - space.lower
        share = np.clip((first - space.lower) / width, NARROWEST, 1.0 - NARROWEST)
        self._lower, self._width = torch.from_numpy(space.lower), torch.from_numpy(width)
        self._zero = torch.from_numpy(np.log(share / (1.0 - share)))
        self._step = torch.from_numpy(STEP * space.scale / (width * share * (1.0 - share)))

    def __call__(self, moved: Any) -> Any:
        """The parameters at the coordinates `moved`."""
        return self._lower + self._width * torch.sigmoid(self._zero + self._step * moved)
