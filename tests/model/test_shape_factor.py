"""CEINMS's excitation and shape factor against the recursion written out, differences, and torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from benchmark.model.excitation import filter_step
from benchmark.model.shape_factor import (
    ShapedExcitation,
    excitations,
    excitations_with_sensitivities,
    shaped,
    shaped_with_sensitivities,
    torch_excitations,
    torch_shaped,
)

EMG = np.random.default_rng(0).uniform(0.03, 0.98, (120, 3))
SHARED = ShapedExcitation(-0.83, -0.21, -1.3)
STEP = 1e-6


def test_excitations_are_the_recursion() -> None:
    """Sample by sample, from rest; the library's filter adds up in another order, to rounding."""
    expected = np.empty_like(EMG)
    for k in range(len(EMG)):
        before, before_that = expected[max(k - 1, 0)], expected[max(k - 2, 0)]
        expected[k] = EMG[0] if k == 0 else filter_step(EMG[k], before, before_that, SHARED.c1, SHARED.c2)
    np.testing.assert_allclose(excitations(EMG, SHARED), expected, rtol=1e-13)


def test_a_steady_excitation_is_kept() -> None:
    np.testing.assert_allclose(excitations(np.full((50, 2), 0.4), SHARED), 0.4, rtol=1e-14)


def test_c1_and_c2_are_exchangeable() -> None:
    exchanged = SHARED._replace(c1=SHARED.c2, c2=SHARED.c1)
    np.testing.assert_allclose(excitations(EMG, exchanged), excitations(EMG, SHARED), rtol=1e-14)


def test_shape_keeps_the_ends_and_bends_between_them() -> None:
    assert shaped(np.array([0.0, 1.0]), -2.0) == pytest.approx([0.0, 1.0], abs=1e-15)
    assert shaped(np.array(0.3), -2.0) > 0.3
    assert shaped(np.array(0.3), -1e-3) == pytest.approx(0.3, abs=2e-4)  # nearly a line: A u (1 - u) / 2 above it


def test_sensitivities_are_derivatives() -> None:
    """Central differences, to 1e-8: their own error at this step."""
    u, by_filter = excitations_with_sensitivities(EMG, SHARED)
    found, by_shared = shaped_with_sensitivities(u, by_filter, SHARED.shape_factor)
    np.testing.assert_array_equal(found, shaped(excitations(EMG, SHARED), SHARED.shape_factor))
    for index in range(3):
        above, below = (np.array(SHARED) + sign * STEP * np.eye(3)[index] for sign in (1, -1))
        values = [
            shaped(excitations(EMG, own), own.shape_factor)
            for own in (ShapedExcitation(*above.tolist()), ShapedExcitation(*below.tolist()))
        ]
        np.testing.assert_allclose(by_shared[:, index], (values[0] - values[1]) / (2.0 * STEP), atol=1e-8)


def test_torch_agrees_in_value_and_gradient() -> None:
    """A random weighting; a Fourier transform instead of a recursion, to 1e-12, and 1e-9 in its derivative."""
    weights = np.random.default_rng(1).normal(size=EMG.shape)
    shared = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in SHARED]
    own = ShapedExcitation(*shared)
    activation = torch_shaped(torch_excitations(torch.from_numpy(EMG), own), own.shape_factor)
    gradients = torch.autograd.grad((torch.from_numpy(weights) * activation).sum(), shared)
    u, by_filter = excitations_with_sensitivities(EMG, SHARED)
    expected, by_shared = shaped_with_sensitivities(u, by_filter, SHARED.shape_factor)
    np.testing.assert_allclose(activation.detach().numpy(), expected, atol=1e-12)
    np.testing.assert_allclose(np.array(gradients), np.einsum("tn,tjn->j", weights, by_shared), rtol=1e-9)
