"""Moments of muscles in moment tracking: from calibrated parameters to a trial's moments, with exact partials.

A muscle's parameters are its maximum isometric force, optimal fibre length and tendon slack length; its pennation
angle is known, and its maximum contraction velocity is ten optimal fibre lengths a second, as in CEINMS. All muscles
share c1, c2 and the shape factor. The fibres are in equilibrium with elastic tendons frame by frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmark.model.contraction import MuscleParameters
from benchmark.model.fibres.musculotendon import Drive, FibreStates
from benchmark.model.fibres.states import FibreModel, fibre_states
from benchmark.model.shape_factor import (
    ShapedExcitation,
    excitations,
    excitations_with_sensitivities,
    shaped,
    shaped_with_sensitivities,
)
from benchmark.problem.trial import Trial

Array = NDArray[np.float64]

CALIBRATED: Final = ("maximum_isometric_force", "optimal_fibre_length", "tendon_slack_length")
FASTEST_PER_S = 10.0  # maximum contraction velocity over optimal fibre length
PENALTY, FREE_STRAIN = 100.0, 0.5  # CEINMS's: 100 (l / l_o - 1)^2 where |l / l_o - 1| > 0.5


@dataclass(frozen=True, eq=False)
class MuscleMoments:
    """What some muscles do in a trial.

    Attributes
    ----------
    moment
        Moments (N m) of each muscle about the tracked coordinates, (T, 3, n).
    penalty
        Root of the mean penalty of each muscle, (n,).
    moment_partials, penalty_partials
        Their partial derivatives by a muscle's three parameters and the three shared ones, (6, T, 3, n) and (6, n).
    left_range
        Which muscles leave what their model is made for, or were not solved, (n,).
    """

    moment: Array
    penalty: Array
    moment_partials: Array
    penalty_partials: Array
    left_range: NDArray[np.bool_]


def muscle_moments(
    trial: Trial,
    columns: NDArray[np.intp],
    own: Array,
    shared: ShapedExcitation,
    pennation: Array,
    smooth: bool,
    with_partials: bool = False,
) -> MuscleMoments:
    """Moments of some muscles in a trial.

    Parameters
    ----------
    trial
        The trial.
    columns
        Which of its muscles, (n,).
    own
        Their parameters, (3, n), in the order of `CALIBRATED`.
    shared
        The filter and the shape factor.
    pennation
        Pennation angles at the optimal fibre length, (n,), in rad.
    smooth
        Whether the penalty grows from zero at the ends of the free strain instead of jumping there.
    with_partials
        Whether partial derivatives are wanted, too; without them theirs are empty.
    """
    drive = _drive(trial, columns, shared, with_partials)
    states = fibre_states(
        FibreModel.QUASI_STATIC, trial.path.of_muscles(columns), drive, muscle_parameters(own, pennation)
    )
    arms, rows = trial.arms[:, :, columns], trial.counted
    penalty, penalty_partials = _penalty(states, rows, own[1], smooth)
    partials = _calibrated(states.force_partials[rows]) if with_partials else np.empty((0, 1, len(columns)))
    return MuscleMoments(
        moment=arms * states.force[rows, None],
        penalty=penalty,
        moment_partials=arms * partials[:, :, None],
        penalty_partials=penalty_partials,
        left_range=states.left_range | ~states.converged,
    )


def muscle_parameters(own: Array, pennation: Array) -> MuscleParameters:
    """All five parameters of muscles from those that are calibrated, (3, n), and their pennation angles, (n,)."""
    force, fibre, tendon = own
    return MuscleParameters(force, fibre, FASTEST_PER_S * fibre, pennation, tendon)


def _drive(trial: Trial, columns: NDArray[np.intp], shared: ShapedExcitation, with_partials: bool) -> Drive:
    """Activations at the frames."""
    emg = trial.delayed_emg[:, columns]
    if not with_partials:
        return Drive(shaped(excitations(emg, shared)[trial.sampled], shared.shape_factor))
    u, by_filter = excitations_with_sensitivities(emg, shared)
    return Drive(*shaped_with_sensitivities(u[trial.sampled], by_filter[:, trial.sampled], shared.shape_factor))


def _calibrated(partials: Array) -> Array:
    """Partials by the calibrated and the shared parameters, (6, T, n), from those by all, (T, 5 + 3, n)."""
    force, fibre, velocity, _, tendon, *shared = np.moveaxis(partials, 1, 0)
    return np.stack([force, fibre + FASTEST_PER_S * velocity, tendon, *shared])


def _penalty(states: FibreStates, rows: NDArray[np.intp], optimal: Array, smooth: bool) -> tuple[Array, Array]:
    """Root mean penalty of each muscle, (n,), and its partials, (6, n), or none, (0, n)."""
    strain = states.length[rows] / optimal - 1.0
    over = np.abs(strain) > FREE_STRAIN
    counted = np.where(over, strain - (FREE_STRAIN * np.sign(strain) if smooth else 0.0), 0.0)
    root = np.sqrt(PENALTY * (counted**2).mean(axis=0))
    if not len(states.length_partials):
        return root, np.empty((0, len(optimal)))
    by = _calibrated(states.length_partials[rows]) / optimal
    by[1] -= (strain + 1.0) / optimal
    slope = PENALTY * (counted * by).mean(axis=1)
    return root, slope / np.where(root > 0.0, root, 1.0)
