"""torch's optimisers are loaded before a method's clock starts."""

import subprocess
import sys

import pytest

PROBE = """
import sys
import torch
from methods import {method}
before = set(sys.modules)
torch.optim.Adam([torch.zeros(1, requires_grad=True)])
print(len(set(sys.modules) - before))
"""
FEW = 10  # of the eight hundred that torch alone loads with its first optimiser


@pytest.mark.parametrize("method", ["torch_adam", "torch_adamw", "pinn"])
def test_the_first_optimiser_loads_nothing(method: str) -> None:
    code = PROBE.format(method=method)
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    assert int(done.stdout) < FEW
