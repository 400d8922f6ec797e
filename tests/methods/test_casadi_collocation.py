"""The method over states and parameters at once keeps the methods' contract where it applies, and says where not."""

from __future__ import annotations

from dataclasses import replace

from benchmark.harness import contract
from benchmark.harness.execute import execute

METHOD, PROBLEM = "casadi_collocation", "m1-b-published-fibres_unknown"
EVALUATIONS = 4  # a second each


def test_it_keeps_the_contract_on_unknown_fibres() -> None:
    row, _ = execute(contract.counted_spec(METHOD, EVALUATIONS, PROBLEM))
    assert row["status"] == "budget"
    for clause in (
        contract.ends_with_a_result,
        contract.leaves_nothing_to_remark,
        contract.result_is_finite_and_within_bounds,
        contract.improves_on_its_start,
    ):
        assert not clause([row]).wrong
    assert not contract.keeps_its_evaluations(row).wrong
    assert row["loss"] < 0.5 * row["loss_start"]


def test_it_skips_known_fibres() -> None:
    row, _ = execute(replace(contract.counted_spec(METHOD, EVALUATIONS), problem="m1-b-published"))
    assert row["status"] == "skipped"
    assert "no fibre states" in row["message"]
