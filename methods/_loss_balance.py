"""Weights of the terms of a network's loss, by the norms of their gradients (Wang, Sankaran, Wang and Perdikaris 2023).

*An expert's guide to training physics-informed neural networks*, arXiv 2308.08468, section 4.1: each term's weight is
the sum of all norms over its own, so that all weighted gradients are of one length; weights follow as a moving average.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

MEMORY = 0.9  # share of the weights before, as published


def balanced(terms: Any, network: Sequence[Any], before: Any = None) -> Any:
    """The terms' weights, (terms,), without gradient; only their ratios matter.

    Parameters
    ----------
    terms
        The terms of the loss: a differentiable tensor, (terms,).
    network
        The network's weights, which the gradients are with respect to.
    before
        Weights to take the moving average with; None at first.
    """
    norms = torch.stack([_gradient_norm(term, network) for term in terms])
    weights = norms.sum() / norms
    return weights if before is None else MEMORY * before + (1.0 - MEMORY) * weights


def _gradient_norm(term: Any, network: Sequence[Any]) -> Any:
    gradients = torch.autograd.grad(term, network, retain_graph=True, allow_unused=True)
    return torch.linalg.vector_norm(torch.cat([part.ravel() for part in gradients if part is not None]))
