"""The fibre states as one differentiable function of torch: the backward pass uses their exact partials."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.model.contraction import MuscleParameters
from benchmark.model.fibres.musculotendon import MusculotendonPath, drive_from_emg
from benchmark.model.fibres.states import FibreModel, fibre_states

OWN_COUNT = len(MuscleParameters._fields)

States = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class _FibreStates(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        own: torch.Tensor,
        shared: torch.Tensor,
        model: FibreModel,
        path: MusculotendonPath,
        emg: NDArray[np.float64],
    ) -> States:
        muscle = MuscleParameters(*own.detach().numpy())
        found = fibre_states(model, path, drive_from_emg(emg, shared.detach().numpy(), path.sample_time_s), muscle)
        ctx.partials = [
            torch.from_numpy(partials)
            for partials in (found.length_partials, found.velocity_partials, found.force_partials)
        ]
        return torch.from_numpy(found.length), torch.from_numpy(found.velocity), torch.from_numpy(found.force)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None, None, None]:
        pairs = zip(ctx.partials, gradients, strict=True)
        total = sum(torch.einsum("tqn,tn->qn", partials, gradient) for partials, gradient in pairs)
        assert isinstance(total, torch.Tensor)
        return total[:OWN_COUNT], total[OWN_COUNT:].sum(dim=1), None, None, None


def torch_fibre_states(
    model: FibreModel,
    path: MusculotendonPath,
    emg: NDArray[np.float64],
    muscle: MuscleParameters,
    shared: torch.Tensor,
) -> States:
    """Fibre lengths (m), velocities (m/s) and forces (N), (T, n) each, differentiable once.

    Parameters
    ----------
    model, path
        As for :func:`benchmark.model.fibres.states.fibre_states`.
    emg
        EMG of the whole recording, (T, n).
    muscle
        Parameters of the muscles, tensors (n,) of float64.
    shared
        The five shared parameters, a tensor of float64.
    """
    found: States = _FibreStates.apply(torch.stack(list(muscle)), shared, model, path, emg)  # type: ignore[no-untyped-call]
    return found
