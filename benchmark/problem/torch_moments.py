"""Moment tracking in plain torch: what automatic differentiation goes through, and a second back end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from benchmark.model.contraction import MuscleParameters
from benchmark.model.fibres.time_derivative import spline_slopes
from benchmark.model.fibres.torch_balance import torch_quasi_static
from benchmark.model.shape_factor import ShapedExcitation, torch_excitations, torch_shaped
from benchmark.problem.muscle_moments import FASTEST_PER_S, FREE_STRAIN, PENALTY
from benchmark.problem.trial import Trial

if TYPE_CHECKING:
    from benchmark.problem.moment_stage import MomentStage


def torch_residual(stage: MomentStage, x: torch.Tensor) -> torch.Tensor:
    """The residual of a stage, (n,), at a float64 tensor `x`, (p,), differentiable."""
    own, shared = stage.unpack(x)
    force, fibre, tendon = own
    muscle = MuscleParameters(force, fibre, FASTEST_PER_S * fibre, torch.from_numpy(stage.pennation), tendon)
    parts: list[torch.Tensor] = []
    for trial, weight in zip(stage.trials, stage.weights, strict=True):
        parts.extend(_rows(trial, torch.from_numpy(weight), muscle, shared, stage.smooth_penalty))
    return torch.cat(parts)


def _rows(
    trial: Trial, weight: torch.Tensor, muscle: MuscleParameters, shared: ShapedExcitation, smooth: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """A trial's part of the residual: moment errors, and a number a muscle for its penalty."""
    emg, path = torch.from_numpy(trial.delayed_emg), trial.path
    excitation = torch_excitations(emg, shared)[torch.from_numpy(trial.sampled)]
    states = torch_quasi_static(
        torch.from_numpy(path.length),
        torch.from_numpy(path.velocity),
        torch.from_numpy(path.rigid_tendon),
        torch.tensor(spline_slopes(len(path.length), path.sample_time_s)),
        torch_shaped(excitation, shared.shape_factor),
        muscle,
    )
    rows = torch.from_numpy(trial.counted)
    moment = torch.einsum("tcn,tn->tc", torch.from_numpy(trial.arms), states.force[rows])
    error = (weight * (moment - torch.from_numpy(trial.moment))).ravel()
    strain = states.length[rows] / muscle.optimal_fibre_length - 1.0
    counted = strain - FREE_STRAIN * torch.sign(strain) if smooth else strain
    over = torch.where(strain.abs() > FREE_STRAIN, counted, torch.zeros_like(counted))
    mean = PENALTY * (over**2).mean(dim=0)
    positive = mean > 0.0  # the root has no derivative at zero
    root = torch.where(positive, torch.sqrt(torch.where(positive, mean, torch.ones_like(mean))), mean)
    return error, root
