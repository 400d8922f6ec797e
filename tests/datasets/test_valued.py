"""Arms with other values of their parameters."""

import pytest

from datasets.arm_files import load_arm
from datasets.parameters import true_parameters
from datasets.valued import arm_with


def test_an_arms_parameters_are_those_it_was_given() -> None:
    arm = load_arm("published")
    # Shared parameters are the physiology's, and not the arm's own.
    values = {name: 1.03 * value for name, value in true_parameters(arm).items() if "." in name}
    found = {name: value for name, value in true_parameters(arm_with(arm, values)).items() if "." in name}
    assert found == pytest.approx(values, rel=1e-14)


def test_what_is_missing_stays() -> None:
    arm = load_arm("published")
    changed = arm_with(arm, {"BRA.optimal_fibre_length": 0.1})
    true = true_parameters(arm) | {"BRA.optimal_fibre_length": 0.1}
    assert true_parameters(changed) == pytest.approx(true, rel=1e-14)
    assert changed.joints == arm.joints
