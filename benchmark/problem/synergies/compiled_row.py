"""A residual in torch whose derivatives are the compiled ones: for stages that torch cannot go through by itself."""

from __future__ import annotations

from typing import Any

import torch

from benchmark.problem.stage import Stage


class _Residual(torch.autograd.Function):
    """The compiled residual; the backward pass uses its Jacobian."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, stage: Stage) -> torch.Tensor:
        residual, jacobian = stage.residual_and_jacobian(x.detach().numpy())
        ctx.jacobian = torch.from_numpy(jacobian)
        return torch.from_numpy(residual)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        return gradient @ ctx.jacobian, None


def compiled_row(stage: Stage, x: Any) -> Any:
    """The residual of a stage as one row, (n,), at a float64 tensor, (p,)."""
    return _Residual.apply(x, stage)  # type: ignore[no-untyped-call]
