"""The identifiability analysis of a problem: its information, the quantities to know, and why some cannot be known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from benchmark.identifiability.causes import causes
from benchmark.identifiability.information import Information
from benchmark.identifiability.quantities import Quantities, all_quantities, kind_of, magnitudes
from benchmark.problem.acceleration_stage import AccelerationStage
from benchmark.problem.problem import Problem
from datasets.parameters import BONE_UNITS

Array = NDArray[np.float64]
REDUNDANT = "redundant: only its combinations with others, the dynamic coefficients, have an effect"
NO_VALUES: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Analysis:
    """What a problem's recordings say about its parameters.

    Attributes
    ----------
    problem
        The problem's name.
    recorded_s
        Seconds of its recordings that count.
    information
        About the parameters of stage one.
    quantities
        Parameters of stage one, tendon slack lengths of stage two where there is one, and dynamic coefficients.
    causes
        Why a parameter, of those that the quantities lack too, cannot be known or is not to be trusted, by name.
    remarks
        What holds for the problem as a whole.
    """

    problem: str
    recorded_s: float
    information: Information
    quantities: Quantities
    causes: Mapping[str, str]
    remarks: tuple[str, ...]

    def percent(self, noise_rad_per_s2: float) -> Array:
        """Cramer-Rao bounds of the quantities' standard deviations in percent of their magnitudes, (q,)."""
        return 100.0 * self.information.standard_deviations(noise_rad_per_s2, self.quantities.matrix)


def analyse(problem: Problem, values: Mapping[str, float] = NO_VALUES) -> Analysis:
    """Analyse a problem, without noise, near a point.

    Parameters
    ----------
    problem
        The problem.
    values
        Values of its parameters by name; those that are not given are true.
    """
    stage = problem.acceleration_stage(problem.nominal)
    near = problem.nominal | dict(values)
    point = stage.space.clip(np.array([near[name] for name in stage.space.names]))
    known = information(stage, point)
    why, remarks = causes(problem, stage, point)
    return Analysis(
        problem=problem.name,
        recorded_s=stage.projection.samples * stage.projection.sample_time_s,
        information=known,
        quantities=all_quantities(problem, stage, point),
        causes=dict.fromkeys(_redundant(known), REDUNDANT) | why,
        remarks=remarks,
    )


def information(stage: AccelerationStage, values: Array) -> Information:
    """Information about a stage's parameters near `values`, (p,)."""
    _, jacobian = stage.residual_and_jacobian(values)
    return Information.of_jacobian(stage.space.names, values, magnitudes(stage.space, values), jacobian / stage.weight)


def _redundant(known: Information) -> list[str]:
    """Bones' parameters that have no effect by themselves."""
    unseen = np.isinf(known.standard_deviations(1.0))
    return [name for name, alone in zip(known.names, unseen, strict=True) if alone and kind_of(name) in BONE_UNITS]
