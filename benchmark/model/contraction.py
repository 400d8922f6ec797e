"""Muscle contraction: the musculotendon force from the fibre's side, eq. (15), and from the tendon's, eq. (16).

With the fibre damping of the simulated muscles (Millard et al. 2013), which eq. (15) leaves out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmark.model.backends.backend import Backend
from benchmark.model.backends.numpy_backend import NUMPY
from benchmark.model.bisection import bisect
from benchmark.model.curves import muscle_curves
from datasets.arm_files import load_arm

FIBRE_DAMPING: float = load_arm().physiology["fibre_damping"]
MAXIMUM_SINE = math.sin(load_arm().physiology["maximum_pennation_rad"])


class FibreParameters(NamedTuple):
    """Parameters of eq. (15), arrays over muscles: f_mo (N), l_o (m), v_max (m/s), phi_o (rad)."""

    maximum_isometric_force: Any
    optimal_fibre_length: Any
    maximum_contraction_velocity: Any
    pennation_at_optimal: Any


class MuscleParameters(NamedTuple):
    """Parameters of eq. (15) and (16), arrays over muscles: those of eq. (15), and l_ts (m)."""

    maximum_isometric_force: Any
    optimal_fibre_length: Any
    maximum_contraction_velocity: Any
    pennation_at_optimal: Any
    tendon_slack_length: Any


def fibre_parameters(values: Mapping[str, float], muscles: Sequence[str]) -> FibreParameters:
    """Parameters of eq. (15) of `muscles`, from parameters by name."""
    return FibreParameters(
        *(np.array([values[f"{name}.{kind}"] for name in muscles]) for kind in FibreParameters._fields)
    )


def pennation_cosine(length: Any, muscle: FibreParameters, xp: Backend = NUMPY) -> Any:
    """Cosine of the pennation angle of a fibre of `length` (m); the muscle's thickness is constant."""
    sine = muscle.optimal_fibre_length * xp.sin(muscle.pennation_at_optimal) / length
    sine = xp.minimum(sine, MAXIMUM_SINE)
    return xp.sqrt(1.0 - sine * sine)


def fibre_force(
    activation: Any,
    length: Any,
    velocity: Any,
    muscle: FibreParameters,
    xp: Backend = NUMPY,
) -> Any:
    """Force (N) of the fibre along the tendon, eq. (15), elementwise.

    Parameters
    ----------
    activation, length, velocity
        Activation (1), fibre length (m) and fibre velocity (m/s, lengthening positive).
    muscle
        Parameters of eq. (15), broadcast against the arrays.
    xp
        The array back end.
    """
    curves = muscle_curves()
    norm_length = length / muscle.optimal_fibre_length
    norm_velocity = velocity / muscle.maximum_contraction_velocity
    active = curves.active_force_length(norm_length, xp) * curves.force_velocity(norm_velocity, xp)
    passive = curves.passive_force_length(norm_length, xp)
    norm_force = activation * active + passive + FIBRE_DAMPING * norm_velocity
    return muscle.maximum_isometric_force * norm_force * pennation_cosine(length, muscle, xp)


def tendon_stretch(norm_force: NDArray[np.float64]) -> NDArray[np.float64]:
    """Normalised tendon length that carries a force: the inverse of f^T in eq. (16); 1 where the force is not positive.

    Parameters
    ----------
    norm_force
        Tendon force over the maximum isometric force (1), any shape.
    """
    curve = muscle_curves().tendon_force_length
    line = curve.upper + (norm_force - curve(np.float64(curve.upper))) / curve.upper_slope
    return np.asarray(np.where(line > curve.upper, line, bisect(curve, norm_force, curve.lower, curve.upper)))
