"""Moment tracking: exact derivatives, a second back end, CEINMS's penalty, and what is far from any muscle."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from benchmark.model.backends.torch_backend import TORCH
from benchmark.model.contraction import MuscleParameters
from benchmark.model.fibres.musculotendon import Drive
from benchmark.model.fibres.states import FibreModel, fibre_states
from benchmark.problem.moment_problem import MomentProblem
from benchmark.problem.moment_stage import MomentStage
from benchmark.problem.muscle_moments import MuscleMoments, muscle_moments
from benchmark.problem.problem import load_problem
from benchmark.problem.stage import NoSuchFormError
from benchmark.problem.trial import TRACKED_COORDINATES, Trial

Array = NDArray[np.float64]

NAME = "moments-deg-published"
FRAMES = 40
ELASTIC = 3  # a muscle whose tendon is


@cache
def problem(name: str = NAME) -> MomentProblem:
    found = load_problem(name)
    assert isinstance(found, MomentProblem)
    return found


def short(trial: Trial) -> Trial:
    """The trial's first frames: enough for everything that is tested, and quick in torch."""
    path = replace(trial.path, length=trial.path.length[:FRAMES], velocity=trial.path.velocity[:FRAMES])
    count = int((trial.counted < FRAMES).sum())
    fields = {name: getattr(trial, name)[:count] for name in ("counted", "time_s", "arms", "moment")}
    sampled = trial.sampled[:FRAMES]
    return replace(trial, delayed_emg=trial.delayed_emg[: sampled[-1] + 1], sampled=sampled, path=path, **fields)


@cache
def stage(name: str = NAME) -> MomentStage:
    own = problem(name)
    return own.stage_of([short(trial) for trial in own.trials], own.start(0.1, 0))


def far_off(own: MomentStage, seed: int = 0) -> Array:
    """A point with long and short fibres: the penalty acts."""
    x = np.random.default_rng(seed).uniform(own.space.lower, own.space.upper)
    count = len(own.muscles)
    x[count : count + 4] *= 0.55
    return x


@pytest.mark.parametrize("name", [NAME, f"{NAME}-smooth_penalty"])
@pytest.mark.parametrize("far", [False, True])
def test_jacobian_is_the_derivative(name: str, far: bool) -> None:
    """Differences of fourth order, to 5e-6 of each column's largest entry: the balance's tolerance over the step."""
    own = stage(name)
    x = far_off(own) if far else own.space.start
    residual, jacobian = own.residual_and_jacobian(x)
    np.testing.assert_array_equal(residual, own.residual(x))
    for column in range(x.size):
        step = np.zeros(x.size)
        step[column] = 3e-5 * abs(x[column])
        near, far_away = (own.residual(x + reach * step) - own.residual(x - reach * step) for reach in (1, 2))
        expected = (8.0 * near - far_away) / (12.0 * step[column])
        bound = 5e-6 * np.abs(expected).max()
        np.testing.assert_allclose(jacobian[:, column], expected, rtol=0, atol=bound, err_msg=own.space.names[column])


@pytest.mark.parametrize("name", [NAME, f"{NAME}-smooth_penalty"])
@pytest.mark.parametrize("far", [False, True])
def test_torch_agrees_in_value_and_gradient(name: str, far: bool) -> None:
    """Without anything compiled: residual to 1e-9 of its largest entry, gradient to 1e-8; the root's tolerance."""
    own = stage(name)
    x = far_off(own) if far else own.space.start
    residual, jacobian = own.residual_and_jacobian(x)
    at = torch.tensor(x, requires_grad=True)
    (row,) = own.rows(at, TORCH)
    np.testing.assert_allclose(row.detach().numpy(), residual, rtol=0, atol=1e-9 * np.abs(residual).max())
    (gradient,) = torch.autograd.grad(row.square().sum(), at)
    expected = 2.0 * residual @ jacobian
    scale = np.abs(expected * own.space.scale).max()
    np.testing.assert_allclose(
        gradient.numpy() * own.space.scale, expected * own.space.scale, rtol=0, atol=1e-8 * scale
    )


def test_incremental_loss_is_the_loss() -> None:
    """Along moves of one parameter, accepted and taken back, of muscles and shared ones: to rounding."""
    own, rng = stage(), np.random.default_rng(2)
    loss_at, x = own.incremental(), own.space.start.copy()
    for step in range(40):
        trial = x.copy()
        k = int(rng.integers(x.size))
        trial[k] = rng.uniform(own.space.lower[k], own.space.upper[k])
        residual = own.residual(trial)
        assert loss_at(trial) == pytest.approx(float(residual @ residual), rel=1e-12)
        x = trial if step % 2 else x


def test_incremental_loss_computes_one_muscle_a_move(monkeypatch: pytest.MonkeyPatch) -> None:
    own = stage()
    computed: list[int] = []

    def watched(trial: Trial, columns: Any, *others: Any) -> MuscleMoments:
        computed.append(int(columns[0]))
        return muscle_moments(trial, columns, *others)

    monkeypatch.setattr("benchmark.problem.incremental.muscle_moments", watched)
    loss_at, x = own.incremental(), own.space.start
    loss_at(x)
    assert sorted(set(computed)) == list(range(16))
    computed.clear()
    moved = x.copy()
    moved[3] *= 1.01
    loss_at(moved)
    loss_at(x)
    assert computed == [3] * len(own.trials)


def test_loss_is_moment_errors_over_their_variances_and_ceinms_penalty() -> None:
    """Written out trial by trial from states computed for themselves, to 1e-12."""
    own, expected = stage(), 0.0
    x = far_off(own)
    (force, fibre, tendon), shared = own.unpack(x)
    muscle = MuscleParameters(force, fibre, 10.0 * fibre, own.pennation, tendon)
    for trial in own.trials:
        u = np.empty_like(trial.delayed_emg)
        for k in range(len(u)):
            last, last_but_one = (u[max(k - lag, 0)] for lag in (1, 2))
            gain = 1.0 + shared.c1 + shared.c2 + shared.c1 * shared.c2
            step = gain * trial.delayed_emg[k] - (shared.c1 + shared.c2) * last - shared.c1 * shared.c2 * last_but_one
            u[k] = trial.delayed_emg[0] if k == 0 else step
        a = (np.exp(shared.shape_factor * u[trial.sampled]) - 1.0) / (np.exp(shared.shape_factor) - 1.0)
        states = fibre_states(FibreModel.QUASI_STATIC, trial.path, Drive(a), muscle)
        moment = np.einsum("tcn,tn->tc", trial.arms, states.force[trial.counted])
        expected += (((moment - trial.moment) ** 2).mean(axis=0) / trial.moment.var(axis=0)).sum()
        strain = states.length[trial.counted] / fibre - 1.0
        assert (np.abs(strain) > 0.5).any()
        expected += 100.0 * np.where(np.abs(strain) > 0.5, strain**2, 0.0).mean(axis=0).sum()
    residual = own.residual(x)
    assert residual @ residual == pytest.approx(expected, rel=1e-12)


def test_smooth_penalty_does_not_jump() -> None:
    """A muscle's optimal length lowered in small steps: frame after frame jumps by 25 over the frames, or does not."""
    jumps = {}
    for name in (NAME, f"{NAME}-smooth_penalty"):
        own = stage(name)
        x, losses = own.space.start.copy(), []
        for factor in np.linspace(1.0, 0.5, 400):
            x[16] = factor * own.space.start[16]
            residual = own.residual(x)
            losses.append(float(residual[-16] ** 2))
        jumps[name] = np.abs(np.diff(losses)).max()
    assert jumps[NAME] > 0.1
    assert jumps[f"{NAME}-smooth_penalty"] < 0.1 * jumps[NAME]


def test_all_is_finite_within_the_bounds_and_beyond_and_leaving_the_range_is_told() -> None:
    """A thousand uniform draws, and slack tendons, infeasible ones, and fibres far too long or short."""
    own, rng = stage(), np.random.default_rng(3)
    for _ in range(1000):
        assert np.isfinite(own.residual(rng.uniform(own.space.lower, own.space.upper))).all()
    count = len(own.muscles)
    for kind, factor in ((1, 0.3), (1, 4.0), (2, 2.0), (2, 0.2)):
        x = own.space.start.copy()
        x[kind * count + ELASTIC] *= factor
        residual, jacobian = own.residual_and_jacobian(x)
        assert np.isfinite(residual).all()
        assert np.isfinite(jacobian).all()
        assert own.muscles[ELASTIC] in own.left_range(x), (kind, factor)


def test_measured_moments_are_those_of_opensims_muscles() -> None:
    """Inverse dynamics against moment arms times simulated tendon forces: to 1e-8 N m, the recordings' accuracy."""
    own = problem()
    for trial, coupled in zip(own.trials, own.coupled, strict=True):
        recording = coupled.recording
        tracked = [recording.coordinates.index(name) for name in TRACKED_COORDINATES]
        rows = trial.sampled[trial.counted]
        expected = np.einsum("tnc,tn->tc", recording.moment_arm_m[rows], recording.states.tendon_force_n[rows])[
            :, tracked
        ]
        np.testing.assert_allclose(trial.moment, expected, atol=1e-8)


def test_bounds_are_ceinms_and_hold_the_truth() -> None:
    own = problem()
    for name, value in own.uncalibrated.items():
        low, high = own.bounds(name)
        assert low <= value <= high
        if "." in name:
            assert low < own.truth[name] < high
            factors = (0.5, 2.5) if name.endswith("force") else (0.85, 1.15)
            assert (low / value, high / value) == pytest.approx(factors)
    assert [own.bounds(name) for name in ("c1", "c2")] == [(-0.95, -0.05)] * 2
    assert own.bounds("shape_factor") == (-2.999, -0.001)


def test_other_forms_are_not_there() -> None:
    for form in (stage().symbolic, stage().literal):
        with pytest.raises(NoSuchFormError):
            form()
