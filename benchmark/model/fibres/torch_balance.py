"""The elastic-tendon fibre state frame by frame in plain torch: a second back end, differentiated automatically.

What :mod:`benchmark.model.fibres.quasi_static` computes with compiled loops and hand-written partials, as anyone would
write it in torch: all muscles and frames at once, the root by safeguarded Newton steps outside the graph, and one more
such step inside it, whose derivative is that of the root.
"""

from __future__ import annotations

from typing import NamedTuple

import torch

from benchmark.model.backends.torch_backend import TORCH
from benchmark.model.contraction import MAXIMUM_SINE, FibreParameters, MuscleParameters, fibre_force
from benchmark.model.curves import muscle_curves
from benchmark.model.fibres.balance import MINIMUM_COSINE, MOST_ITERATIONS, TOLERANCE

Tensor = torch.Tensor


class TorchStates(NamedTuple):
    """Fibre lengths (m) and forces along the tendon (N), (T, n) each."""

    length: Tensor
    force: Tensor


def torch_quasi_static(
    path_length: Tensor,
    path_velocity: Tensor,
    rigid: Tensor,
    time_derivative: Tensor,
    activation: Tensor,
    muscle: MuscleParameters,
) -> TorchStates:
    """States of the fibres over a recording, differentiable.

    Parameters
    ----------
    path_length, path_velocity
        Musculotendon lengths (m) and velocities (m/s), (T, n).
    rigid
        Which muscles have a tendon that does not stretch, (n,).
    time_derivative
        The matrix, (T, T), that turns values at the frames into the slopes of the cubic spline through them, in 1/s.
    activation
        (T, n)
    muscle
        Parameters of the muscles, (n,) each.
    """
    still = torch.zeros_like(path_length)
    at_rest = _balanced(still, activation, path_length, muscle)
    at_rest = torch.where(rigid, path_length - muscle.tendon_slack_length, at_rest)
    rate = torch.where(rigid, path_velocity, time_derivative @ at_rest)
    reach = torch.where(rigid, at_rest, _balanced(rate, activation, path_length, muscle))
    length, fibre = _fibre(reach, rate, activation, muscle)
    return TorchStates(length, torch.where(rigid, fibre, _tendon(reach, path_length, muscle)))


def _height(muscle: MuscleParameters) -> Tensor:
    height: Tensor = muscle.optimal_fibre_length * torch.sin(muscle.pennation_at_optimal)
    return height


def _fibre(reach: Tensor, rate: Tensor, activation: Tensor, muscle: MuscleParameters) -> tuple[Tensor, Tensor]:
    """Fibre length (m) and force along the tendon (N), eq. (15), at a reach (m) and its rate (m/s)."""
    height = _height(muscle)
    upright = reach * MAXIMUM_SINE <= MINIMUM_COSINE * height
    bounded = torch.where(upright, torch.ones_like(reach), reach)
    length = torch.where(
        upright, MAXIMUM_SINE * height + MINIMUM_COSINE * reach, torch.sqrt(bounded * bounded + height * height)
    )
    cosine = torch.where(upright, torch.full_like(reach, MINIMUM_COSINE), reach / length)
    plain = FibreParameters(*muscle[:4])._replace(pennation_at_optimal=torch.zeros_like(height))
    return length, cosine * fibre_force(activation, length, cosine * rate, plain, TORCH)


def _tendon(reach: Tensor, path: Tensor, muscle: MuscleParameters) -> Tensor:
    """Tendon force (N), eq. (16)."""
    stretch = (path - reach) / muscle.tendon_slack_length
    force: Tensor = muscle.maximum_isometric_force * muscle_curves().tendon_force_length(stretch, TORCH)
    return force


def _shortest(muscle: MuscleParameters) -> Tensor:
    """Reach (m) of the fibre at which its active force begins."""
    length, height = muscle_curves().active_force_length.lower * muscle.optimal_fibre_length, _height(muscle)
    leaning = height < MAXIMUM_SINE * length
    square = torch.where(leaning, length * length - height * height, torch.ones_like(length))
    return torch.where(leaning, torch.sqrt(square), (length - MAXIMUM_SINE * height) / MINIMUM_COSINE)


def _balanced(rate: Tensor, activation: Tensor, path: Tensor, muscle: MuscleParameters) -> Tensor:
    """Reach (m), (T, n), of balance between fibre and tendon; see :func:`benchmark.model.fibres.rest.balanced`."""
    shortest = _shortest(muscle) + torch.zeros_like(path)
    taut = path - muscle.tendon_slack_length
    root, slope, pushes = _root(shortest, taut, rate, activation, path, muscle)
    excess = _excess(root, rate, activation, path, muscle)
    reach = torch.where(pushes, taut, root - excess / slope)
    return torch.where(taut <= shortest, shortest, reach)


def _excess(reach: Tensor, rate: Tensor, activation: Tensor, path: Tensor, muscle: MuscleParameters) -> Tensor:
    """Fibre minus tendon force, over the maximum isometric force."""
    force = _fibre(reach, rate, activation, muscle)[1] - _tendon(reach, path, muscle)
    over: Tensor = force / muscle.maximum_isometric_force
    return over


@torch.no_grad()
def _root(
    low: Tensor, high: Tensor, rate: Tensor, activation: Tensor, path: Tensor, muscle: MuscleParameters
) -> tuple[Tensor, Tensor, Tensor]:
    """Root between `low` and `high`, the slope of the excess there, and where the fibre would have to push."""
    reach, before, last = high.clone(), high - low, high - low
    excess, slope = _excess_and_slope(reach, rate, activation, path, muscle)
    done = (high <= low) | (excess <= 0.0)  # there is none, or it is found
    for _ in range(MOST_ITERATIONS):
        above = excess > 0.0
        high, low = torch.where(above, reach, high), torch.where(above, low, reach)
        step = -excess / slope
        is_outside = (reach + step < low) | (reach + step > high) | (step.abs() > 0.5 * before) | ~step.isfinite()
        step = torch.where(is_outside, 0.5 * (low + high) - reach, step)
        reach, before, last = torch.where(done, reach, reach + step), last, step.abs()
        excess, slope = _excess_and_slope(reach, rate, activation, path, muscle)
        done = done | (last <= TOLERANCE * muscle.optimal_fibre_length)
        if bool(done.all()):
            break
    fibre = _fibre(reach, rate, activation, muscle)[1]
    return reach, torch.where(slope > 0.0, slope, torch.full_like(slope, torch.inf)), fibre < 0.0


def _excess_and_slope(
    reach: Tensor, rate: Tensor, activation: Tensor, path: Tensor, muscle: MuscleParameters
) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        at = reach.detach().requires_grad_()
        excess = _excess(at, rate, activation, path, muscle)
        (slope,) = torch.autograd.grad(excess.sum(), at)
    return excess.detach(), slope
