"""The torch back end: automatic differentiation, with the scan over time as one differentiable function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.model.scan import activations_with_sensitivities

Array = NDArray[np.float64]


class _Activations(torch.autograd.Function):
    """Activations from the shared parameters; the backward pass uses the scan's exact sensitivities."""

    @staticmethod
    def forward(
        ctx: Any, shared: torch.Tensor, emg: Sequence[Array], counted: Sequence[NDArray[np.intp]], sample_time: float
    ) -> torch.Tensor:
        found = activations_with_sensitivities(emg, counted, shared.detach().numpy(), sample_time)
        activation, ctx.sensitivities = map(torch.from_numpy, found)
        return activation

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        return torch.einsum("tjn,tn->j", ctx.sensitivities, gradient), None, None, None


class TorchBackend:
    """Operations on torch tensors; see :class:`benchmark.model.backends.backend.Backend`."""

    def sqrt(self, x: Any) -> Any:
        return torch.sqrt(x)

    def sin(self, x: Any) -> Any:
        return torch.sin(x)

    def floor(self, x: Any) -> Any:
        return torch.floor(x)

    def minimum(self, x: Any, y: Any) -> Any:
        return torch.minimum(x, y) if isinstance(y, torch.Tensor) else torch.clamp(x, max=y)

    def maximum(self, x: Any, y: Any) -> Any:
        return torch.maximum(x, y) if isinstance(y, torch.Tensor) else torch.clamp(x, min=y)

    def take(self, table: Array, index: Any) -> Any:
        return torch.from_numpy(table)[index.detach().to(torch.int64)]

    def constant(self, array: Array) -> Any:
        return torch.from_numpy(np.ascontiguousarray(array))

    def concatenate(self, vectors: Sequence[Any]) -> Any:
        return torch.cat(list(vectors))

    def gather(self, x: Any, constants: Array, order: NDArray[np.intp]) -> Any:
        return torch.cat([x, self.constant(constants)])[torch.from_numpy(order)]

    def affine(self, matrix: Array, vector: Any, offset: Array) -> list[Any]:
        return list(torch.unbind(self.constant(matrix) @ vector + self.constant(offset)))

    def spread(self, vector: Any, samples: int) -> Any:
        return vector

    def row_sums(self, x: Any) -> Any:
        return x.sum(dim=1)

    def activations(
        self, emg: Sequence[Array], counted: Sequence[NDArray[np.intp]], shared: Any, sample_time: float
    ) -> Any:
        return _Activations.apply(shared, emg, counted, sample_time)  # type: ignore[no-untyped-call]


TORCH = TorchBackend()
