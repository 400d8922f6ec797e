"""Synergy extrapolation (Ao et al. 2022): unmeasured muscles share the synergies of the measured ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from benchmark.problem.formulations.formulation import ModelledFormulation

if TYPE_CHECKING:
    from benchmark.problem.problem import Problem
    from benchmark.problem.synergies.courses import Factorisation
    from benchmark.problem.synergies.synergy_stage import SynergyStage

# Published: 2 N m, extrapolated activations 0.3 to 0.5, residual ones 0.01 to 0.3. The 2 N m are for legs, whose
# moments reach 100 N m; the arm's reach 10 N m, and with 2 N m allowed a model without forces would be nearly as good
# as any. Bounds of 0 and 1 are constraints there and a cost here.
TORQUE_NM: Final = 0.2
EXTRAPOLATED: Final = 0.4
ADDED: Final = 0.1
BEYOND: Final = 0.02


class SynergyExtrapolation(ModelledFormulation):
    """Deep muscles' EMG is a combination of the measured channels' synergies, its weights found with the parameters.

    Parameters
    ----------
    factorisation
        ``pca`` or ``nmf``.
    """

    needs_known_fibres = True
    residual_in_torque = True

    def __init__(self, factorisation: Factorisation) -> None:
        self._factorisation = factorisation
        self.name = f"synergy_{factorisation}"  # type: ignore[misc]
        self.summary = f"synergy extrapolation, {factorisation.upper()}: deep EMG of the measured channels' synergies"  # type: ignore[misc]

    def _stage(self, problem: Problem, start: Mapping[str, float]) -> SynergyStage:
        from benchmark.problem.synergies.costs import AllowedEmg
        from benchmark.problem.synergies.synergy_stage import SynergyStage

        return SynergyStage(problem, start, self._factorisation, AllowedEmg(TORQUE_NM, EXTRAPOLATED, ADDED, BEYOND))


SYNERGY_PCA = SynergyExtrapolation("pca")
SYNERGY_NMF = SynergyExtrapolation("nmf")
