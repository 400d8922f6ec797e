"""A load in the hand that nobody knows of."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from benchmark.harness.errors import HarnessError
from benchmark.problem.imperfections.imperfection import Imperfection
from datasets.description import ArmDescription

HAND: Final = "hand"


class HandLoad(Imperfection):
    """A part of the hand's mass, a point at its centre, is not known of.

    The recordings are simulated with all of the hand. To be told of a hand that is lighter by the load is the same as
    to know the hand and not to know of a load at its centre of mass.
    """

    name = "hand_load"
    unit = "kg"
    summary = "mass in the hand that the model does not know of"

    def arm(self, arm: ArmDescription, size: float) -> ArmDescription:
        """The arm with a hand that is too light.

        Raises
        ------
        HarnessError
            If the hand does not weigh as much.
        """
        hand = arm.body(HAND)
        if size >= hand.mass_kg:
            raise HarnessError(f"{self.name}{size:g}: the hand of {arm.variant} has {hand.mass_kg:.3g} kg, give less")
        lighter = replace(hand, mass_kg=hand.mass_kg - size)
        return replace(arm, bodies=tuple(lighter if body.name == HAND else body for body in arm.bodies))


HAND_LOAD = HandLoad()
