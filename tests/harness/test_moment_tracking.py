"""Runs of calibration by moment tracking: what their rows say, what does not apply, and how near the truth they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmark.analysis.tracked_moments import moment_fit, tracked_moments
from benchmark.harness.errors import HarnessError
from benchmark.harness.execute import execute
from benchmark.harness.row import fault
from benchmark.harness.spec import RunSpec
from benchmark.problem.moment_problem import MomentProblem
from benchmark.problem.problem import load_problem
from benchmark.problem.trial import TRACKED_COORDINATES

PROBLEM = "moments-deg-published"
SPEC = RunSpec("tests", PROBLEM, "gauss_newton+calibration", 0.1, 0, 60.0, 12)


def test_a_row_tells_held_out_moments_by_coordinate_and_no_accelerations() -> None:
    row, trace = execute(SPEC)
    assert fault(row) is None
    assert row["loss"] < 0.01 * row["loss_start"]
    assert (row["loss_truth"], row["loss_unit_rad2_per_s4"], row["objective_rad2_per_s4"]) == (None, None, None)
    assert tuple(row["heldout_by_coordinate"]) == TRACKED_COORDINATES
    assert all(r2 > 0.5 for _, r2 in row["heldout_by_coordinate"].values())
    assert "shape_factor" in row["identified"]
    assert "shape_factor" not in trace["error_names"]
    assert not any(name.startswith("coefficient") for name in trace["error_names"])


@pytest.mark.parametrize("method", ["from_truth", "casadi_ipopt", "paper_literal"])
def test_methods_that_need_what_is_not_there_are_skipped(method: str) -> None:
    row, _ = execute(replace(SPEC, method=method))
    assert row["status"] == "skipped"
    assert row["message"]


def test_true_muscles_with_a_fitting_filter_explain_most_of_the_held_out_moments() -> None:
    """The truth but for the activation's dynamics, which two filter poles stand in for: better than doing nothing.

    A pole of -0.9 at 200 samples a second is a lag of 45 ms, near the simulated muscles' deactivation.
    """
    problem = load_problem(PROBLEM)
    assert isinstance(problem, MomentProblem)
    values = {name: problem.truth[name] for name in problem.uncalibrated if "." in name}
    found = moment_fit(tracked_moments(problem, values | {"c1": -0.9, "c2": -0.3, "shape_factor": -0.1}))
    uncalibrated = moment_fit(tracked_moments(problem, problem.uncalibrated))
    assert found.r2 > 0.9 > uncalibrated.r2
    by_hand = np.sqrt(np.mean([rmse**2 for rmse, _ in found.by_coordinate.values()]))
    assert found.rmse_nm == pytest.approx(by_hand, rel=1e-12)


def test_what_needs_accelerations_refuses_moments() -> None:
    problem = load_problem(PROBLEM)
    with pytest.raises(HarnessError, match="tracks moments"):
        problem.acceleration_stage(problem.truth)
