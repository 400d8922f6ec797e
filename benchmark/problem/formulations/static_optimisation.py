"""Static optimisation of the deep muscles: of all activations that give the torques, those with the least squares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from benchmark.problem.formulations.formulation import NestedFormulation

if TYPE_CHECKING:
    from benchmark.problem.nested.synthesis_stage import SynthesisStage
    from benchmark.problem.problem import Problem

# The torque balance is a constraint there. Measured muscles with wrong parameters leave no way to keep it, so that it
# is a cost here, so dear that activations hardly ever give way to it: 0.01 N m weigh as much as a full activation.
TORQUE_NM = 0.01
ACTIVATION = 1.0


class StaticOptimisation(NestedFormulation):
    """The deep muscles' activations, between 0 and 1, are those of least squares that give the torques left to them.

    Their own parameters and the bones' stay those of the start: nothing could tell the former from activations.
    """

    name = "static_optimisation"
    summary = "deep muscles by static optimisation: least squared activations that give the torques"
    residual_in_torque = True

    def _stage(self, problem: Problem, start: Mapping[str, float]) -> SynthesisStage:
        from benchmark.problem.nested.synthesis_stage import Allowed, SynthesisStage

        return SynthesisStage(problem, start, Allowed(TORQUE_NM, ACTIVATION))


STATIC_OPTIMISATION = StaticOptimisation()
