"""A generic model of an arm: the arm with muscles and bones that are not quite its own.

A laboratory scales a model from the literature to a person; it knows the geometry, and the rest roughly.
"""

from __future__ import annotations

from benchmark.problem.parameters import draw_start
from datasets.description import ArmDescription
from datasets.parameters import true_parameters
from datasets.valued import arm_with


def generic_arm(arm: ArmDescription, error: float, seed: int) -> ArmDescription:
    """The arm with every parameter of its muscles and identified bodies drawn anew.

    Parameters
    ----------
    arm
        The arm.
    error
        Standard deviation of the (normal) draws as a share of each value, as eq. (24) has it for starts; none is drawn
        beyond its bounds (:func:`benchmark.problem.parameters.draw_start`). 0 gives the arm itself.
    seed
        Seed of the draws.

    Returns
    -------
    ArmDescription
        The same skeleton, paths and physiology.
    """
    if error == 0.0:
        return arm
    return arm_with(arm, draw_start(true_parameters(arm), error, seed))
