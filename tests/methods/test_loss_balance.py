"""Weights of the terms of a loss, by gradients that are known."""

import pytest
import torch

from methods._loss_balance import balanced


def terms(of: torch.Tensor, *factors: float) -> torch.Tensor:
    return torch.stack([factor * of.sum() for factor in factors])


def test_all_weighted_gradients_are_of_the_length_of_all_together() -> None:
    """Gradients of lengths 6 and 2 (two weights of four): 8 over each."""
    weights = torch.ones(4, dtype=torch.float64, requires_grad=True)
    found = balanced(terms(weights, 3.0, 1.0), [weights])
    torch.testing.assert_close(found, torch.tensor([8.0 / 6.0, 8.0 / 2.0], dtype=torch.float64))
    assert not found.requires_grad


def test_weights_follow_slowly() -> None:
    """As published: nine tenths of the weights before, a tenth of the new ones."""
    weights = torch.ones(1, dtype=torch.float64, requires_grad=True)
    before = torch.tensor([1.0, 1.0], dtype=torch.float64)
    found = balanced(terms(weights, 3.0, 1.0), [weights], before)
    assert found.tolist() == pytest.approx([0.9 + 0.1 * 4.0 / 3.0, 0.9 + 0.1 * 4.0], rel=1e-15)


def test_weights_that_a_term_does_not_depend_on_do_not_count() -> None:
    one, other = (torch.ones(1, dtype=torch.float64, requires_grad=True) for _ in range(2))
    found = balanced(torch.stack([one.sum(), 2.0 * other.sum()]), [one, other])
    assert found.tolist() == pytest.approx([3.0, 1.5], rel=1e-15)
