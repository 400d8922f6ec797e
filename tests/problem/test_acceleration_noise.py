"""Noise in the accelerations: what it does to the residual, and that torques follow it as rigid bodies have it."""

import numpy as np
import pytest

from benchmark.model.arm import Arm
from benchmark.problem.acceleration_noise import with_changed_accelerations, with_noise
from benchmark.problem.problem import Problem, load_problem
from datasets.arm_files import load_arm


def residual_at_truth(problem: Problem) -> np.ndarray:
    """The residual in rad/s2."""
    stage = problem.fibre_stage(problem.truth)
    return np.asarray(stage.residual(stage.space.start) / stage.weight)


@pytest.mark.parametrize("name", ["m1-a-published", "m2-a-light"])
def test_noise_of_one_size_comes_out_of_the_residual_in_that_size(name: str) -> None:
    """Eq. (14)'s residual at the truth has the noise's standard deviation; 4 sigma of its sampling error allowed."""
    squares = np.array([np.mean(residual_at_truth(load_problem(f"{name}-noise0.1").replicate(s)) ** 2) for s in (1, 2)])
    count = load_problem(name).projection.samples * load_problem(name).projection.equations
    np.testing.assert_allclose(squares / 0.1**2, 1.0, atol=4.0 * np.sqrt(2.0 / count))


def test_residuals_of_noise_are_independent_between_equations_and_samples() -> None:
    problem = load_problem("m2-a-published-noise0.1")
    rows = residual_at_truth(problem.replicate(3)).reshape(problem.projection.equations, -1)
    between = np.corrcoef(rows)[np.triu_indices(len(rows), 1)]
    successive = [np.corrcoef(row[:-1], row[1:])[0, 1] for row in rows]
    # 4 sigma of a correlation of independent samples
    np.testing.assert_allclose([*between, *successive], 0.0, atol=4.0 / np.sqrt(rows.shape[1]))


def test_torques_follow_the_changed_accelerations() -> None:
    """The linear update equals Pinocchio's regressors at the new accelerations, to rounding."""
    entry = load_problem("m1-a-published").coupled[0]
    noisy = with_noise(entry, 0.5, seed=4)
    some = entry.counted[::150]
    motion = (
        noisy.recording.position_rad[some],
        noisy.recording.velocity_rad_per_s[some],
        noisy.recording.acceleration_rad_per_s2[some],
    )
    expected = Arm(load_arm(entry.recording.variant)).regressors(*motion)
    np.testing.assert_allclose(noisy.dynamics.torque[::150], expected.torque, rtol=0.0, atol=1e-11)
    np.testing.assert_allclose(noisy.dynamics.torque_known[::150], expected.torque_known, rtol=0.0, atol=1e-11)
    assert np.abs(noisy.dynamics.torque - entry.dynamics.torque).max() > 1e-3


def test_noise_is_as_large_in_every_direction_of_the_couplings() -> None:
    """K dy has the covariance sigma^2 times the projector on K's columns; 5 sigma of its sampling error allowed."""
    entry = load_problem("m1-a-published").coupled[0]
    coupling = load_arm(entry.recording.variant).coupling_matrix()
    change = with_noise(entry, 1.0, seed=5).recording.acceleration_rad_per_s2 - entry.recording.acceleration_rad_per_s2
    orthonormal, _ = np.linalg.qr(coupling)
    seen = change[entry.counted] @ coupling.T @ orthonormal
    np.testing.assert_allclose(seen.T @ seen / len(seen), np.eye(5), atol=5.0 * np.sqrt(2.0 / len(seen)))


def test_a_seed_gives_the_same_noise_in_every_problem() -> None:
    alone, both = (load_problem(f"m1-{movements}-published-noise0.1").replicate(7) for movements in ("a", "ab"))
    again = load_problem("m1-a-published-noise0.1").replicate(7)
    other = load_problem("m1-a-published-noise0.1").replicate(8)
    first = alone.coupled[0].recording.acceleration_rad_per_s2
    np.testing.assert_array_equal(first, both.coupled[0].recording.acceleration_rad_per_s2)
    np.testing.assert_array_equal(first, again.coupled[0].recording.acceleration_rad_per_s2)
    assert not np.array_equal(first, other.coupled[0].recording.acceleration_rad_per_s2)


def test_without_noise_a_replicate_is_the_problem_itself() -> None:
    problem = load_problem("m1-a-published")
    assert problem.replicate(3) is problem
    assert load_problem("m1-a-published-noise0.1").noise_free == problem.coupled


def test_no_change_changes_nothing() -> None:
    entry = load_problem("m1-a-published").coupled[0]
    same = with_changed_accelerations(entry, np.zeros((len(entry.counted), 5)))
    np.testing.assert_array_equal(same.dynamics.torque, entry.dynamics.torque)
