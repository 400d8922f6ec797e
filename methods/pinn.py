"""A physics-informed network: it learns the motion and all muscle forces, and the model's parameters along with them.

Shi, Ma and Zhao (arXiv 2309.05863) embed a musculoskeletal model in a network's loss and train its parameters with the
weights; Ma et al. (arXiv 2412.04213) add that forces agree with a Hill model. There is no public code of either: this
is a reconstruction on the shared problem.

The papers': a fully connected network from time and EMG to joint angles and muscle forces; a loss of angles' errors, of
the equation of motion of what the network predicts, and of the difference between its forces and a muscle model's of
the muscles that have EMG; parameters that are trained within bounds along with the weights.

Reconstructed: everything else. The equation of motion is that of the constrained arm in all five coordinates, with the
shared model; forces of deep muscles are the network's own. It sees a window of smoothed EMG, and its rates are total
derivatives along the recording, where the published ones hold EMG fixed. Its motion is compared with recorded
velocities and accelerations, too (Sobolev training, Czarnecki et al. 2017), which every method here is given; with
angles alone, as the papers have it (preset ``angles_only``), parameters and deep forces come out somewhat worse. Terms
are balanced by the norms of their gradients (Wang et al. 2023) while Adam trains, and keep that balance. Adam takes
small steps of the parameters, L-BFGS trains the weights alone before it trains both, as a network that has not learned
the motion yet draws parameters away; they are logistic functions between their bounds. Every epoch's parameters are
told to the harness, which keeps those with the least loss of eq. (14).

Stage two, eq. (16), has no motion to learn: it is left to `lbfgs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView
from methods import gauss_newton, lbfgs
from methods._movement_network import InputSettings
from methods._pinn_objective import Objective
from methods._pinn_training import Training

SUMMARY = "physics-informed network: motion, muscle forces and parameters learned together"
SOURCE = "Shi, Ma and Zhao 2023; Ma et al. 2024 (a reconstruction); Wang et al. 2023 (balanced loss)"
INPUTS = InputSettings(smoothing_s=0.1, force_smoothing_s=0.03, window_s=0.6, lags=8, fastest_hz=1.5, frequencies=24)
OPTIONS: dict[str, Any] = {
    "stride": 4,  # samples from one that is learned to the next: 20 ms
    "hidden": (64, 64),
    "inputs": INPUTS._asdict(),
    "rates": 1.0,  # weight of velocities and accelerations beside that of angles
    "physics": True,  # False: the motion alone is learned
    "train_parameters": True,
    "warm_start": False,  # True: parameters begin where gauss_newton ends
    "adam_epochs": 100,
    "learning_rate": 3e-3,
    "parameter_learning_rate": 1e-3,
    "first_epochs": 300,  # of L-BFGS on the weights alone
    "round": 1_000,  # epochs from one beginning of L-BFGS on weights and parameters to the next
    "rounds": 1_000,
    "memory": 50,  # of L-BFGS, in steps
    "device": "cpu",
}
PRESETS: dict[str, dict[str, Any]] = {
    "regression": {"physics": False, "train_parameters": False},
    "fixed_parameters": {"train_parameters": False},
    "angles_only": {"rates": 0.0},
    "warm_started": {"warm_start": True},
}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Train until the rounds or the budget are spent; the harness keeps the best point."""
    view.loss(view.space.start)
    if view.stage == "tendon":
        return lbfgs.solve(view, lbfgs.OPTIONS)
    physics = view.equation_of_motion(options["stride"], options["device"])
    first = gauss_newton.solve(view, gauss_newton.OPTIONS) if options["warm_start"] else view.space.start
    objective = Objective(physics, view.space, first, options, int(view.rng.integers(2**31)))
    view.offer(objective.predict)
    training = Training(view, objective, options)
    training.by_adam()
    training.by_lbfgs(options["first_epochs"], trains_parameters=False)
    for _ in range(options["rounds"]):
        training.by_lbfgs(options["round"], trains_parameters=options["train_parameters"])
    return objective.point
