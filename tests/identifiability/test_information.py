"""Fisher information against closed forms of linear least squares."""

import numpy as np
import pytest

from benchmark.identifiability.information import Information


def made(jacobian: np.ndarray, magnitudes: np.ndarray | None = None) -> Information:
    columns = jacobian.shape[1]
    scale = np.ones(columns) if magnitudes is None else magnitudes
    return Information.of_jacobian([f"p{index}" for index in range(columns)], np.ones(columns), scale, jacobian)


JACOBIAN = np.random.default_rng(0).standard_normal((40, 4))
BLIND = JACOBIAN @ np.array([[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]])  # sees p2 + p3 alone


def test_covariance_is_the_inverse_of_the_normal_matrix() -> None:
    expected = 0.3**2 * np.linalg.inv(JACOBIAN.T @ JACOBIAN)
    np.testing.assert_allclose(made(JACOBIAN).covariance(0.3), expected, rtol=1e-12)
    np.testing.assert_allclose(made(JACOBIAN).standard_deviations(0.3), np.sqrt(np.diag(expected)), rtol=1e-12)


def test_errors_are_relative_to_the_magnitudes() -> None:
    magnitudes = np.array([1.0, 10.0, 0.1, 3.0])
    relative = made(JACOBIAN, magnitudes).standard_deviations(1.0)
    np.testing.assert_allclose(relative * magnitudes, made(JACOBIAN).standard_deviations(1.0), rtol=1e-10)


def test_what_has_no_effect_is_not_seen_but_its_combination_is() -> None:
    known = made(BLIND)
    assert known.rank == 3
    assert np.isinf(known.standard_deviations(1.0)).tolist() == [False, False, True, True]
    total, difference = np.array([[0.0, 0, 1, 1]]), np.array([[0.0, 0, 1, -1]])
    expected = np.sqrt(np.linalg.inv(JACOBIAN[:, :3].T @ JACOBIAN[:, :3])[2, 2])
    np.testing.assert_allclose(known.standard_deviations(1.0, total), expected, rtol=1e-10)
    assert np.isinf(known.standard_deviations(1.0, difference)).all()
    np.testing.assert_allclose(known.unseen_shares(np.vstack([total, difference])), [0.0, 1.0], atol=1e-12)


def test_information_adds_up() -> None:
    both = made(JACOBIAN[:25]) + made(JACOBIAN[25:])
    np.testing.assert_allclose(both.covariance(1.0), made(JACOBIAN).covariance(1.0), rtol=1e-10)
    assert both.residuals == 40


def test_the_same_again_halves_the_covariance() -> None:
    known = made(JACOBIAN)
    np.testing.assert_allclose((known + known).covariance(1.0), 0.5 * known.covariance(1.0), rtol=1e-10)


def test_information_about_other_parameters_does_not_add_up() -> None:
    with pytest.raises(ValueError, match="different parameters"):
        made(JACOBIAN) + made(JACOBIAN[:, :3])
    with pytest.raises(ValueError, match="different parameters"):
        made(JACOBIAN) + made(JACOBIAN, np.full(4, 2.0))


def test_fewer_residuals_than_parameters_leave_directions_unseen() -> None:
    known = made(JACOBIAN[:2])
    assert (known.rank, known.spectrum.shape, known.null_directions.shape) == (2, (4,), (2, 4))
    assert np.isinf(known.standard_deviations(1.0)).all()


def test_spectrum_is_sorted_and_directions_are_orthonormal() -> None:
    known = made(BLIND)
    assert (np.diff(known.spectrum) <= 0.0).all()
    np.testing.assert_allclose(known.directions @ known.directions.T, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(BLIND @ known.directions.T, axis=0), known.spectrum, atol=1e-12)
