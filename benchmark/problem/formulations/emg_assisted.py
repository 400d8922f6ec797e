"""EMG-assisted modelling (Pizzolato et al. 2015): deep activations synthesised, measured ones adjusted, a sample each.

What is published goes back and forth between synthesis and calibration; here each point of a calibration has its own
synthesis, of which such an alternation would be the fixed point. Differences to CEINMS's hybrid mode: activations are
adjusted and not excitations, so that a sample does not depend on those before; departures from EMG are squared, as its
documentation has them, where its code takes their absolute value; and the squares of activations are those of the
deep muscles alone, as those of measured muscles would draw them away from their EMG even where nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from benchmark.problem.formulations.formulation import NestedFormulation

if TYPE_CHECKING:
    from benchmark.problem.nested.synthesis_stage import SynthesisStage
    from benchmark.problem.problem import Problem

# The published weights are left to the user, to be found by trial. A cost of one is a torque wrong by 0.2 N m, which is
# 2 % of what the shoulder gives here, or a measured activation off by 0.05. Deep muscles' effort only decides between
# solutions that are as good: with a half activated muscle as dear as these, calibration saves effort by shrinking the
# forces that deep muscles hold against, and parameters end 70 % off.
TORQUE_NM = 0.2
DEPARTURE = 0.05
ACTIVATION = 10.0


class EmgAssisted(NestedFormulation):
    """Activations of all muscles weigh torques' errors, deep muscles' effort and departures from EMG against another.

    The bones' and the deep muscles' own parameters stay those of the start.
    """

    name = "emg_assisted"
    summary = "EMG-assisted: deep activations synthesised and measured ones adjusted, sample by sample"
    residual_in_torque = True

    def _stage(self, problem: Problem, start: Mapping[str, float]) -> SynthesisStage:
        from benchmark.problem.nested.synthesis_stage import Allowed, SynthesisStage

        return SynthesisStage(problem, start, Allowed(TORQUE_NM, ACTIVATION, DEPARTURE))


EMG_ASSISTED = EmgAssisted()
