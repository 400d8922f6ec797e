"""What a method may return, and what is made of it."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import OptimizeResult

from benchmark.harness.returned import judge
from benchmark.harness.row import Ending
from tests.harness.bowl import Bowl, recorder

BEST = np.array([1.0, -2.0])


@pytest.mark.parametrize(
    "returned", [None, BEST, BEST.tolist(), OptimizeResult(x=BEST, fun=0.0), OptimizeResult(x=BEST, fun=np.zeros(2))]
)
def test_points_and_results_of_solvers_are_results(returned: Any) -> None:
    assert judge(returned, Bowl(), recorder()) == Ending("converged")


def test_a_returned_point_is_considered_though_it_was_never_evaluated() -> None:
    record = recorder()
    judge(BEST, Bowl(), record)
    assert record.best_loss == 0.0
    assert record.evaluations == 0


def test_a_returned_point_that_is_worse_than_the_best_one_is_not_taken() -> None:
    record = recorder()
    record.consider(BEST, 0.0)
    judge(np.zeros(2), Bowl(), record)
    assert record.best_x is not None
    assert record.best_x.tolist() == BEST.tolist()


@pytest.mark.parametrize(
    ("returned", "status", "says"),
    [
        (np.zeros(3), "failed", "shape (3,): expected (2,)"),
        (1.0, "failed", "shape (): expected (2,)"),
        ("done", "failed", "returned str: expected 2 numbers"),
        (SimpleNamespace(fun=0.0), "failed", "returned SimpleNamespace"),
        (torch.zeros(2, requires_grad=True), "failed", "returned Tensor: expected 2 numbers"),
        (np.array([0.0, np.nan]), "diverged", "returned b = nan, which"),
        (np.array([np.inf, np.nan]), "diverged", "returned a = inf (and 1 others like it), which"),
        (np.array([0.0, 3.1]), "failed", "returned b = 3.1, out of its bounds [-3, 3]"),
    ],
)
def test_what_is_no_result_is_told(returned: Any, status: str, says: str) -> None:
    record = recorder()
    ending = judge(returned, Bowl(), record)
    assert ending.status == status
    assert says in ending.message
    assert record.best_x is None


@pytest.mark.parametrize("claim", [0.0, 16.0, np.array([0.0, 0.0]), "none", torch.tensor(17.0, requires_grad=True)])
def test_a_claim_that_does_not_hold_is_told(claim: Any) -> None:
    """At zero the loss is 17."""
    ending = judge(OptimizeResult(x=np.zeros(2), fun=claim), Bowl(), recorder())
    assert ending.status == "converged"
    assert "the harness finds 17" in ending.message


def test_a_rounded_claim_holds() -> None:
    assert judge(OptimizeResult(x=np.zeros(2), fun=17.0001), Bowl(), recorder()).message == ""
