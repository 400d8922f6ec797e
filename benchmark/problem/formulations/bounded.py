"""Bounded elimination: M1 with deep muscles that pull, and no more than they can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from benchmark.problem.formulations.formulation import NestedFormulation

if TYPE_CHECKING:
    from benchmark.problem.nested.bounded_stage import BoundedStage
    from benchmark.problem.problem import Problem


class Bounded(NestedFormulation):
    """Deep forces by least squares, between none and what the muscles can give; where no bound is met it is M1."""

    name = "bounded"
    summary = "deep muscles eliminated by least squares within what they can give"

    def _stage(self, problem: Problem, start: Mapping[str, float]) -> BoundedStage:
        from benchmark.problem.nested.bounded_stage import BoundedStage

        return BoundedStage(problem, start)


BOUNDED = Bounded()
