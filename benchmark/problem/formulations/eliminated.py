"""M1: the deep muscles' forces are eliminated by least squares, eq. (13) of Sanderink et al."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmark.problem.formulations.formulation import Formulation

if TYPE_CHECKING:
    from benchmark.problem.problem import Problem
    from benchmark.problem.stage import Stage

Array = NDArray[np.float64]

DEPENDENT = 1e-6  # of the largest singular value: TRImed and BRA are collinear, rounding alone tells them apart


class Eliminated(Formulation):
    """M1: whatever the deep muscles can give, in any amount and sign, is left out of the equations."""

    name = "m1"
    summary = "deep muscles eliminated by least squares, eq. (13)"
    deep_muscles = "eliminated"
    is_of_eq_14 = True

    def deep_forces(self, problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> Array:
        """The least-squares solution of eq. (13), of all the one with the smallest forces.

        Muscles that M1 cannot see (TRIlat and BRD) take part in it, with the parameters of the start.
        """
        from benchmark.problem.nested.deep_columns import deep_columns

        values = {**start, **stage.space.values(x)}
        whole = problem.stage_kind(problem.all_equations, problem.arm.identified_bodies, values, variance=1.0)
        point = np.array([values[name] for name in whole.space.names])  # which may lie beyond the bounds of a start
        unexplained = np.transpose(whole.rows(point)) / whole.weight
        columns = deep_columns(whole, point, problem.deep_arms)
        return np.asarray(np.einsum("tnk,tk->tn", np.linalg.pinv(columns, rcond=DEPENDENT), unexplained))


ELIMINATED = Eliminated()
