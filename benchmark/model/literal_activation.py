"""EMG to activation in plain torch operations, the way of Sanderink et al., for automatic differentiation.

The recursive filter, eq. (19)-(21), is unrolled over time: the paper offers no other way. The integration of eq. (17)
is that of its section III-F.2: segments in parallel from zero, then the first steps of each again from the end of the
segment before. What the wrong start leaves after a whole segment, or after the steps that are redone, remains: with
the lengths below 3e-7 of the paper's loss at starts with errors of 10 % on movement ``b``, whose muscles rest longest,
and less on ``a``. Redoing 40 of 100 steps would leave errors of 1e-2 in activations, 100 of 120 steps 6e-5 in the loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmark.model.activation import SUB_STEPS, activation_step
from benchmark.model.backends.torch_backend import TORCH, TorchBackend
from benchmark.model.excitation import delay_weight, filter_coefficients

Array = NDArray[np.float64]

SEGMENT_STEPS = 160
REDONE_STEPS = 140


class SegmentedBackend(TorchBackend):
    """The torch back end with the paper's activation dynamics in place of the compiled scan."""

    def activations(
        self, emg: Sequence[Array], counted: Sequence[NDArray[np.intp]], shared: Any, sample_time: float
    ) -> Any:
        """As in the interface; shorter recordings are held at their end while longer ones go on."""
        longest = max(map(len, emg))
        held = [np.pad(entry, ((0, longest - len(entry)), (0, 0)), mode="edge") for entry in emg]
        excitation = filtered_excitation(torch.from_numpy(np.concatenate(held, axis=1)), shared, sample_time)
        activation = segmented_activation(excitation, shared[3], shared[4], sample_time)
        parts = activation.chunk(len(emg), dim=1)
        return torch.cat([part[torch.from_numpy(rows)] for part, rows in zip(parts, counted, strict=True)])


SEGMENTED = SegmentedBackend()


def filtered_excitation(emg: torch.Tensor, shared: torch.Tensor, sample_time: float) -> torch.Tensor:
    """Excitations, (T, n), of eq. (21), sample by sample; before the first both EMG and excitation are held.

    Parameters
    ----------
    emg
        EMG (1), (T, n): one column a muscle of a recording.
    shared
        The five shared parameters.
    sample_time
        Time between samples (s).
    """
    delay, lag = shared[2] / sample_time, int(shared[2].item() / sample_time)
    samples = torch.arange(len(emg))
    delayed = sum(
        delay_weight(delay, float(whole), TORCH.maximum) * emg[(samples - whole).clamp(min=0)]
        for whole in (lag, lag + 1)
    )
    alpha, beta_1, beta_2 = filter_coefficients(shared[0], shared[1])
    # One product a sample: (u(t), u(t - 1)) from (u(t - 1), u(t - 2)) and the delayed EMG.
    recursion = torch.stack([torch.stack([-beta_1, -beta_2]), torch.eye(2, dtype=emg.dtype)[0]])
    drives = torch.stack([alpha * delayed, torch.zeros_like(delayed)], dim=1).unbind()
    states = [torch.stack([delayed[0], delayed[0]])]
    for drive in drives[1:]:
        states.append(torch.addmm(drive, recursion, states[-1]))
    return torch.stack(states)[:, 0]


def segmented_activation(
    excitation: torch.Tensor,
    activation_time: torch.Tensor,
    deactivation_time: torch.Tensor,
    sample_time: float,
    segment_steps: int = SEGMENT_STEPS,
    redone_steps: int = REDONE_STEPS,
) -> torch.Tensor:
    """Activations, (T, n), of excitations, (T, n), in two passes over segments of `segment_steps`.

    The first sample's activation is its excitation.
    """
    samples, muscles = excitation.shape
    segments = -(-(samples - 1) // segment_steps)
    beyond = excitation[-1].expand(segments * segment_steps - (samples - 1), muscles)
    held = torch.cat([excitation[:-1], beyond]).reshape(segments, segment_steps, muscles).transpose(0, 1)
    start = torch.cat([excitation[:1], torch.zeros_like(held[0, 1:])])
    times = (activation_time, deactivation_time)
    first = _integrate(held, start, times, sample_time)
    again = _integrate(held[:redone_steps, 1:], first[-1][:-1], times, sample_time)
    redone = [torch.cat([before[:1], after]) for before, after in zip(first, again, strict=False)]
    whole = torch.stack([*redone, *first[redone_steps:]]).transpose(0, 1).flatten(0, 1)
    return torch.cat([excitation[:1], whole[: samples - 1]])


def _integrate(
    excitation: torch.Tensor, start: torch.Tensor, times: tuple[torch.Tensor, torch.Tensor], sample_time: float
) -> list[torch.Tensor]:
    """Activations after each step, of (segments, n), from `start` and excitations, (steps, segments, n)."""
    # Spread once, the times' gradients are summed once, and not at every use.
    rise, fall = (time.expand_as(start).contiguous() for time in times)
    activations = []
    activation = start
    for held in excitation.unbind():
        for _ in range(SUB_STEPS):
            activation = activation_step(held, activation, rise, fall, sample_time / SUB_STEPS, torch.where)
        activations.append(activation)
    return activations
