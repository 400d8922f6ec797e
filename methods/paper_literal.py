"""The loss as the paper writes it out, by automatic differentiation: the baseline that the closed form is faster than.

Every epoch forms M, its inverse, the weighted pseudo-inverse of the constraints, A, B and the pseudo-inverse of B in 16
coordinates at every sample, eq. (7)-(14), unrolls the recursive filter, eq. (21), integrates the activations in the
two passes of section III-F.2, and takes torch's gradient through all of it. The paper names neither its optimiser
nor its learning rate: both are those of ``torch_adam``, so that the two methods differ in what an epoch costs alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView
from methods import torch_adam

SUMMARY = "eq. (7)-(14) literally in 16 coordinates, torch's automatic differentiation, Adam"
SOURCE = "Sanderink et al. (the shared problem's method, as written); Kingma and Ba 2015 (Adam)"
OPTIONS: dict[str, Any] = {
    **{name: torch_adam.OPTIONS[name] for name in ("learning_rate", "decay", "betas")},
    "fibre_epochs": 10_000,
    "tendon_epochs": 2_000,
}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Descend for the paper's 10,000 epochs, 2,000 for the tendons; an epoch is one evaluation."""
    return torch_adam.descend(view, view.literal(), {**options, "epochs": options[f"{view.stage}_epochs"]})
