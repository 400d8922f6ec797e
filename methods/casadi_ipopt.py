"""Interior-point optimisation with symbolic first and second derivatives: CasADi's expressions, IPOPT's steps.

CasADi differentiates the loss symbolically; IPOPT (Waechter and Biegler 2006) takes Newton steps with the exact
Hessian, a filter line search and a barrier for the bounds. It ends when its scaled optimality error falls below
``tolerance``, when its line search fails, or after its iterations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView
from methods import _ipopt

SUMMARY = "IPOPT with CasADi's symbolic gradients and exact Hessian"
SOURCE = "Andersson et al. 2019 (CasADi); Waechter and Biegler 2006 (IPOPT)"
OPTIONS: dict[str, Any] = _ipopt.OPTIONS


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Minimise the loss within its bounds."""
    symbolic = view.casadi()
    return _ipopt.minimise(view, symbolic, symbolic.hessian, "casadi_exact_hessian", options)
