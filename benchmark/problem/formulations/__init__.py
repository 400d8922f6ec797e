"""Formulations: how the muscles that cannot be measured are treated, a file each and a line in the list below."""

from __future__ import annotations

from typing import Final

from benchmark.problem.formulations.all_measured import ALL_MEASURED
from benchmark.problem.formulations.bounded import BOUNDED
from benchmark.problem.formulations.eliminated import ELIMINATED
from benchmark.problem.formulations.emg_assisted import EMG_ASSISTED
from benchmark.problem.formulations.formulation import Formulation
from benchmark.problem.formulations.ignored import IGNORED
from benchmark.problem.formulations.moment_tracking import MOMENT_TRACKING
from benchmark.problem.formulations.static_optimisation import STATIC_OPTIMISATION
from benchmark.problem.formulations.synergy_extrapolation import SYNERGY_NMF, SYNERGY_PCA

FORMULATIONS: Final[dict[str, Formulation]] = {
    formulation.name: formulation
    for formulation in (
        ELIMINATED,
        ALL_MEASURED,
        BOUNDED,
        STATIC_OPTIMISATION,
        EMG_ASSISTED,
        SYNERGY_PCA,
        SYNERGY_NMF,
        IGNORED,
        MOMENT_TRACKING,
    )
}
