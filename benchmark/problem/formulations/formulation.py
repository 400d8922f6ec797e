"""What a formulation is: the one interface that all of them have, so that any method solves any of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.errors import HarnessError

if TYPE_CHECKING:
    from benchmark.problem.acceleration_stage import AccelerationStage
    from benchmark.problem.nested.nested_stage import NestedStage
    from benchmark.problem.problem import Problem
    from benchmark.problem.stage import Stage

Array = NDArray[np.float64]
DeepMuscles: TypeAlias = Literal["eliminated", "modelled", "absent"]


class Formulation(ABC):
    """How a problem treats its deep muscles.

    Attributes
    ----------
    name
        The formulation's name in problem names.
    summary
        What it does, in a line.
    deep_muscles
        What the equations of motion make of the deep muscles' torques: they are ``eliminated`` with every torque that
        they could give, ``modelled`` as the other muscles' are, or ``absent`` and left to the formulation.
    needs_known_fibres
        Whether it is made for known fibres alone.
    residual_in_torque
        Whether its residual is in N m by itself, as its costs are weighed against torques.
    held_out_movements
        The movements to validate on.
    is_of_eq_14
        Whether its residual is that of eq. (14), which noise of the accelerations alone disturbs: what statistics of
        the parameters rest on.
    tracks_moments
        Whether the problem is calibration by moment tracking, without bones, instead of the residual of eq. (14).
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    deep_muscles: ClassVar[DeepMuscles]
    needs_known_fibres: ClassVar[bool] = False
    residual_in_torque: ClassVar[bool] = False
    held_out_movements: ClassVar[tuple[str, ...]] = ("c",)
    is_of_eq_14: ClassVar[bool] = False
    tracks_moments: ClassVar[bool] = False

    def stage(self, problem: Problem, start: Mapping[str, float]) -> AccelerationStage:
        """Stage one of a problem, from `start`: all parameters by name.

        Raises
        ------
        HarnessError
            If the formulation does not go with the problem's fibres.
        """
        if self.needs_known_fibres and problem.parsed.fibres == "unknown":
            raise HarnessError(f"{problem.name} has unknown fibres, and {self.name} is made for known ones")
        return self._stage(problem, start)

    def _stage(self, problem: Problem, start: Mapping[str, float]) -> AccelerationStage:
        """The same where fibres are as they should be: the plain residual, unless a formulation has its own."""
        kind = problem.stage_kind
        return kind(problem.projection, problem.arm.identified_bodies, start, problem.loss_unit(start))

    @abstractmethod
    def deep_forces(self, problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> Array | None:
        """What the formulation thinks that the deep muscles did; None if it does not think about them.

        Parameters
        ----------
        problem
            The problem.
        stage
            Its stage one.
        x
            A point of that stage, (p,).
        start
            Where the identification started: values of what is not identified.

        Returns
        -------
        Array or None
            Forces (N) of the deep muscles along their tendons at the samples that count, (T, deep muscles).
        """


class ModelledFormulation(Formulation):
    """A formulation whose deep muscles are in the equations of motion, as all others are."""

    deep_muscles = "modelled"

    def deep_forces(self, problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> Array:
        """The modelled forces."""
        own = cast("AccelerationStage", stage)
        return np.asarray(own.force(x)[:, own.projection.columns(problem.deep_muscles)])


class NestedFormulation(Formulation):
    """A formulation that finds what the deep muscles did sample by sample, by a problem inside."""

    deep_muscles = "absent"
    needs_known_fibres = True

    def deep_forces(self, problem: Problem, stage: Stage, x: Array, start: Mapping[str, float]) -> Array:
        """Those of the problem inside."""
        return cast("NestedStage", stage).deep_forces(x)
