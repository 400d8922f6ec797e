"""M2: the EMG of all muscles is known, the paper's ideal."""

from __future__ import annotations

from benchmark.problem.formulations.formulation import ModelledFormulation


class AllMeasured(ModelledFormulation):
    """M2: the deep muscles are measured and modelled as all others are."""

    name = "m2"
    summary = "all EMG measured, the paper's ideal"
    is_of_eq_14 = True


ALL_MEASURED = AllMeasured()
