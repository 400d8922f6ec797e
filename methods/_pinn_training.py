"""How `pinn` trains: Adam, then L-BFGS, on terms in balance."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from benchmark.harness.view import ProblemView
from methods._loss_balance import balanced
from methods._pinn_objective import Objective
from methods._torch_optimisers import LBFGS, Adam, LinearLR, Optimizer

BALANCED_EVERY = 20  # of Adam's epochs
LAST_RATE = 0.02  # of Adam's learning rates, at its end


class Training:
    """Training of an objective.

    Parameters
    ----------
    view
        What the harness shows of the stage; it is told the parameters every epoch.
    objective
        What is trained.
    options
        Those of the method.
    """

    def __init__(self, view: ProblemView, objective: Objective, options: Mapping[str, Any]) -> None:
        self._view, self._objective, self._options = view, objective, options
        self._balance = balanced(objective.terms(), objective.weights)

    def by_adam(self) -> None:
        """Adam on the weights, and with small steps on the parameters; learning rates fall to nearly nothing."""
        objective, options = self._objective, self._options
        groups: list[dict[str, Any]] = [{"params": objective.weights, "lr": options["learning_rate"]}]
        if options["train_parameters"]:
            groups.append({"params": [objective.moved], "lr": options["parameter_learning_rate"]})
        adam = Adam(groups)
        slower = LinearLR(adam, 1.0, LAST_RATE, options["adam_epochs"])
        for epoch in range(options["adam_epochs"]):
            if epoch % BALANCED_EVERY == 0:
                self._balance = balanced(objective.terms(), objective.weights, self._balance)
            self._epoch(adam)
            adam.step()
            slower.step()

    def by_lbfgs(self, epochs: int, *, trains_parameters: bool) -> None:
        """L-BFGS from scratch on the weights and, if asked for, on the parameters, for at most so many epochs."""
        objective = self._objective
        optimiser: Any = LBFGS(
            [*objective.weights, *([objective.moved] if trains_parameters else [])],
            max_iter=epochs,
            max_eval=epochs,
            history_size=self._options["memory"],
            line_search_fn="strong_wolfe",
        )
        optimiser.step(partial(self._epoch, optimiser))

    def _epoch(self, optimiser: Optimizer) -> Any:
        """The weighted loss, with its gradient; the harness is told the parameters."""
        optimiser.zero_grad()
        loss = self._balance @ self._objective.terms()
        loss.backward()
        self._view.report(self._objective.point, 1, "network")
        return loss
