"""What `pinn` trains: a network and parameters, and the terms of their loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.analysis.predictions import Prediction
from benchmark.problem.equation_of_motion import EquationOfMotion, Motion
from benchmark.problem.parameters import ParameterSpace
from methods._movement_network import Inputs, InputSettings, MovementNetwork, network_inputs

Array = NDArray[np.float64]

STEP = 0.1  # of a parameter's scale: what a unit of its coordinate is at first; with 0.3, weak directions run off
NARROWEST = 1e-3  # share of the distance between the bounds that a first point keeps from them


class Objective:
    """A network and parameters that learn recordings together.

    Parameters
    ----------
    physics
        The equation of motion.
    space
        The parameters' bounds and scales.
    first
        Where the parameters begin, (p,).
    options
        Those of the method.
    seed
        Seed of the network's weights.

    Attributes
    ----------
    weights
        The network's, leaf tensors.
    moved
        Coordinates of the parameters without bounds, zero at `first`: a leaf tensor, (p,).
    """

    def __init__(
        self, physics: EquationOfMotion, space: ParameterSpace, first: Array, options: Mapping[str, Any], seed: int
    ) -> None:
        self._physics, self._options = physics, options
        self._settings = InputSettings(**options["inputs"])
        seen = [network_inputs(own.time_s, own.emg, self._settings) for own in physics.signals]
        rows = [own.rows for own in physics.signals]
        learned = Inputs(
            np.concatenate([part.motion[:, own] for part, own in zip(seen, rows, strict=True)], axis=1),
            np.concatenate([part.force[own] for part, own in zip(seen, rows, strict=True)]),
        )
        self._network = MovementNetwork(learned, options["hidden"], physics.motion, physics.start_strength, seed)
        self._inputs = self._network.scaled(learned)
        self.weights = list(self._network.parameters())
        self._bounded = Bounded(space, first)
        device = physics.start_strength.device  # L-BFGS wants all that it trains in one place
        self.moved = torch.zeros(space.size, dtype=torch.float64, device=device, requires_grad=True)
        with torch.no_grad():
            at_first = torch.from_numpy(first)
            self._torque_spread = physics.torque(at_first, physics.motion).std(dim=0)
            self._force_spread = physics.modelled_force(at_first).std(dim=0)

    @property
    def point(self) -> Array:
        """The parameters as they are now, (p,)."""
        return np.asarray(self._bounded(self.moved).detach().numpy())

    def predict(self, time_s: Array, emg: Array) -> Prediction:
        """What the network says of a recording; nothing of forces if it has been told nothing of them."""
        with torch.no_grad():
            motion, force = self._network(self._network.scaled(network_inputs(time_s, emg, self._settings)))
        return Prediction(motion.position.cpu().numpy(), force.cpu().numpy() if self._options["physics"] else None)

    def terms(self) -> Any:
        """Mean squares, over the spread of what each is a difference of: motion, equation of motion, muscle forces.

        Of the motion alone if that is all that is learned.
        """
        motion, force = self._network(self._inputs)
        terms = [self._motion_error(motion)]
        if self._options["physics"]:
            x = self._bounded(self.moved)
            terms.append((self._physics.residual(x, motion, force) / self._torque_spread).square().mean())
            from_model = force[:, self._physics.modelled] - self._physics.modelled_force(x)
            terms.append((from_model / self._force_spread).square().mean())
        return torch.stack(terms)

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
        """The parameters at the coordinates `moved`, on the processor."""
        return self._lower + self._width * torch.sigmoid(self._zero + self._step * moved.cpu())
