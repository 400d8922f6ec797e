"""When runs reach targets and what they spend, on traces by construction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmark.analysis.attempts import BEST_MINIMUM, attempts, target_names
from benchmark.problem.targets import Target
from benchmark.report.traces import Trace

from ..report.synthetic import failed_row, row, spec

PROBLEM = "m1-a-published"
TARGETS = {PROBLEM: Target(1e-14, 1e-12, "m", 0.1, 0, "2026-01-02")}
PRICES = {PROBLEM: {"residual": 1.0, "jacobian": 3.0}}
UNIT = 1e4  # of the rows' loss, in rad2/s4


def trace(objective: list[float], cr2m: list[float], stage: list[int] | None = None, counted: bool = True) -> Trace:
    """A point a second, with two residuals and a Jacobian for each."""
    points = np.arange(1.0, len(objective) + 1.0)
    return Trace(
        evaluations=3.0 * points,
        seconds=points,
        stage=np.array(stage or [0] * len(points), dtype=np.float64),
        cr1=points,
        errors=np.zeros((len(points), 0), np.float32),
        names=(),
        loss=np.array(objective) / UNIT,
        cr2m=np.array(cr2m),
        counts=np.outer(points, [2.0, 1.0]) if counted else None,
        kinds=("residual", "jacobian") if counted else (),
    )


def lines(stored: dict[str, Any], found: Trace | None) -> pd.DataFrame:
    """The attempts of a run by the target's name."""
    table = attempts([stored], lambda _: found, TARGETS, PRICES)
    return table.set_index(table["target"].astype(str))


def ended(**others: Any) -> dict[str, Any]:
    """A row of a run of eight seconds that had twice as many residuals as Jacobians."""
    return row(spec(), solve_s=8.0, budget_s=10.0, counts={"residual": 16, "jacobian": 8}, **others)


def test_targets_are_absolute_and_the_same_for_all_methods() -> None:
    found = lines(ended(), None)
    assert list(found.index) == target_names()
    assert found["threshold"].tolist() == pytest.approx([5.0, 1.0, 0.1, 1e-4, 1e-8, 1e-12])


def test_a_target_of_loss_is_reached_at_the_first_point_of_stage_one_at_or_below_it() -> None:
    course = trace([1.0, 1e-5, 1e-8, 1e-9, 5.0, 4.0], [9.0] * 6, stage=[0, 0, 0, 0, 1, 1])
    found = lines(ended(objective_rad2_per_s4=1e-9, cr2m=9.0), course)
    assert found["reached"].tolist() == [False, False, False, True, True, False]
    np.testing.assert_array_equal(found["seconds_to_target"], [np.nan, np.nan, np.nan, 2.0, 3.0, np.nan])
    np.testing.assert_array_equal(found["cost_to_target"], [np.nan, np.nan, np.nan, 10.0, 15.0, np.nan])
    assert set(found["seconds_spent"]) == {8.0}
    assert set(found["cost_spent"]) == {16.0 + 8 * 3.0}


def test_an_accuracy_that_is_lost_again_is_no_success_and_counts_from_when_it_stays() -> None:
    course = trace([1.0] * 6, [9.0, 0.05, 6.0, 0.9, 3.0, 0.8], stage=[0, 0, 0, 0, 1, 1])
    found = lines(ended(cr2m=0.8), course)
    assert found["reached"].tolist()[:3] == [True, True, False]
    assert found["seconds_to_target"].tolist()[:2] == [4.0, 6.0]


def test_the_row_decides_where_the_trace_ends_above_it_by_rounding() -> None:
    found = lines(ended(objective_rad2_per_s4=1e-12), trace([1.0, 1.0000001e-12], [9.0, 9.0])).loc[BEST_MINIMUM]
    assert (found["reached"], found["seconds_to_target"]) == (True, 2.0)
    missed = lines(ended(objective_rad2_per_s4=1.0000001e-12), trace([1.0, 1e-12], [9.0, 9.0])).loc[BEST_MINIMUM]
    assert not missed["reached"]
    assert np.isnan(missed["seconds_to_target"])


def test_a_start_that_has_the_target_says_so() -> None:
    found = lines(ended(cr2m=0.8), trace([1.0, 0.5], [4.0, 0.8]))
    assert found["reached_at_start"].tolist() == [True, False, False, False, False, False]


def test_without_a_trace_the_target_was_reached_at_the_end() -> None:
    found = lines(ended(objective_rad2_per_s4=1e-13), None).loc[BEST_MINIMUM]
    assert (found["reached"], found["traced"], found["seconds_to_target"], found["cost_to_target"]) == (
        True,
        False,
        8,
        40,
    )


def test_costs_that_nobody_knows_are_missing() -> None:
    older = lines(ended(objective_rad2_per_s4=1e-13), trace([1.0, 1e-13], [9.0, 9.0], counted=False)).loc[BEST_MINIMUM]
    assert older["seconds_to_target"] == 2.0
    assert np.isnan(older["cost_to_target"])
    assert older["cost_spent"] == 40.0
    unpriced = lines(ended() | {"counts": {"residual": 1, "something": 1}}, None)
    assert unpriced["cost_spent"].isna().all()


@pytest.mark.parametrize("status", ["failed", "diverged", "out of memory", "killed"])
def test_a_run_without_a_result_reached_nothing_whatever_it_saw(status: str) -> None:
    found = lines(ended(objective_rad2_per_s4=1e-13, cr2m=0.01, status=status), trace([1e-13], [0.01]))
    assert not found["reached"].any()
    assert found["seconds_to_target"].isna().all()
    assert set(found["seconds_spent"]) == {10.0 if status == "killed" else 8.0}


def test_a_run_that_died_has_spent_its_budget() -> None:
    found = lines(failed_row(spec()) | {"budget_s": 10.0, "budget_cost": 500.0, "solve_s": None, "counts": {}}, None)
    assert set(found["seconds_spent"]) == {10.0}
    assert set(found["cost_spent"]) == {500.0}
    assert not found["reached"].any()


def test_what_cannot_be_judged_is_neither_success_nor_failure() -> None:
    assert lines(failed_row(spec(), "skipped"), None)["reached"].isna().all()
    older = lines(ended(objective_rad2_per_s4=None, cr2m=0.5), trace([1.0], [0.5]))
    assert older["reached"].isna().tolist() == [False] * 3 + [True] * 3
    elsewhere = attempts([row(spec("m2-b-light"))], lambda _: None, TARGETS, PRICES)
    assert elsewhere["target"].tolist() == target_names()[:3]


def test_no_rows_make_an_empty_table() -> None:
    assert attempts([], lambda _: None, TARGETS, PRICES).empty
