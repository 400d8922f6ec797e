"""Direct collocation: fibre states and parameters at once, the equilibrium of the fibres as IPOPT's constraints.

With unknown fibres the loss depends on the parameters through tens of thousands of fibre states. Here these are
unknowns of their own, and need not be in equilibrium before the end: two recordings make 80,000 unknowns of 80, but
each equation depends on a dozen of them, and its derivatives are exact. MUMPS factors the sparse system of each step.

The Hessian is that of the loss, which is quadratic in the unknown residual, without the curvature of the constraints
(Bock's Gauss-Newton method). The identity in the parameters is added to it, ``damping`` times the loss over a sample's
at the start (Yamashita and Fukushima): it holds the directions that the recordings do not determine, shortens the first
steps, and is gone with the loss. What the constraints are violated by may not grow beyond ``violation`` times what it
is at the start: without that limit iterates stray into states far from equilibrium, and come back in another basin.

It takes some fifteen steps, of a second on two recordings of 8 s, where ``gauss_newton``, which eliminates the states,
takes a hundred or more of some hundredths. Most of the second goes into the equations' derivatives, not into MUMPS.
Three of five starts of 10 % come to the best minimum known, two to others: it has no pull towards the start.
CasADi's own Hessian of the Lagrangian could not be built within three minutes for one recording.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import casadi
import numpy as np
from numpy.typing import NDArray

from benchmark.harness.view import ProblemView
from methods import _ipopt

SUMMARY = "IPOPT over fibre states and parameters at once, exact sparse Jacobian, Gauss-Newton Hessian"
SOURCE = (
    "Biegler 2010 (direct transcription); Bock 1983 (constrained Gauss-Newton); Yamashita and Fukushima 2001 "
    "(damping); Waechter and Biegler 2006 (IPOPT); Andersson et al. 2019 (CasADi)"
)
OPTIONS: dict[str, Any] = _ipopt.OPTIONS | {
    "tolerance": 1e-5,
    "initial_barrier": 1e-6,
    "damping": 1.0,
    "violation": 10.0,
}

KIND = "casadi_gauss_newton_hessian"
SETTINGS: dict[str, Any] = {
    "ipopt.mumps_pivot_order": 6,  # by minimum degree, aware of dense rows: those of the parameters
    "ipopt.mumps_pivtol": 1e-3,  # with smaller pivots rounding hides that the system has the right inertia
    "ipopt.nlp_scaling_method": "none",  # all is of order one
    "calc_lam_p": False,
}


def solve(view: ProblemView, options: Mapping[str, Any]) -> NDArray[np.float64]:
    """Minimise the loss under the constraints of equilibrium."""
    problem, space, first = view.collocation(), view.space, view.residual(view.space.start)
    size, held = len(problem.start), space.size
    z = casadi.MX.sym("z", size)
    loss, constraints, jacobian = (
        casadi.Function("at", [problem.unknowns], [expression])(problem.scale * z)
        for expression in (problem.loss, problem.constraints, problem.jacobian)
    )
    # IPOPT measures by absolute tolerances: the residuals are of order one, and so is each of their squares.
    unit = float(first @ first) / len(first)
    scale = casadi.diag(casadi.DM(problem.scale))
    damping = options["damping"] * loss / unit * casadi.DM.eye(held)
    hessian = scale @ problem.hessian @ scale / unit + casadi.diagcat(damping, casadi.DM(size - held, size - held))
    endless = np.full(size - held, np.inf)
    programme = _ipopt.Programme(
        unknowns=z,
        loss=loss / unit,
        hessian=hessian,
        start=problem.start / problem.scale,
        lower=np.concatenate([space.lower / space.scale, -endless]),
        upper=np.concatenate([space.upper / space.scale, endless]),
        constraints=constraints,
        jacobian=jacobian @ scale,
        settings=SETTINGS | {"ipopt.theta_max_fact": options["violation"]},
    )
    return _ipopt.solve_programme(view, programme, KIND, options)
