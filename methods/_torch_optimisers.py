"""torch's optimisers, loaded whole with the file of a method.

torch loads eight hundred modules more when the first optimiser is made, which takes one to three seconds: here, before
any method's clock has started.
"""

from __future__ import annotations

import torch._dynamo  # noqa: F401 - what the first optimiser would load
from torch.optim import LBFGS, Adam, AdamW, Optimizer
from torch.optim.lr_scheduler import ExponentialLR, LinearLR

__all__ = ["LBFGS", "Adam", "AdamW", "ExponentialLR", "LinearLR", "Optimizer"]
