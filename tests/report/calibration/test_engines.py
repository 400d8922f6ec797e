"""What runs evaluated with, and what was to end them, in words."""

from __future__ import annotations

import pytest

from benchmark.report.calibration.engines import engine, stopping_rule


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["loss", "jacobian"], "compiled Jacobian"),
        (["gradient", "loss"], "compiled gradient"),
        (["torch"], "automatic differentiation"),
        (["loss", "incremental"], "only the changed muscle"),
        (["residual"], "full evaluations"),
        (["literal", "casadi"], "casadi, literal"),
        ([], "-"),
    ],
)
def test_the_kind_that_says_most_is_the_engine(kinds: list[str], expected: str) -> None:
    assert engine(kinds) == expected


def test_stopping_rules_have_what_ends_a_search_and_no_more_digits_than_needed() -> None:
    settings = {"most_evaluations": "200000", "temperature": "200000.0", "step": "0.5", "unit": "'loss'"}
    assert stopping_rule(settings) == "unit loss, temperature 200000, most evaluations 200000"
    assert stopping_rule({"tolerance": "TOLERANCE"}) == "tolerance TOLERANCE"
    assert stopping_rule({"step": "0.5"}) == "-"
