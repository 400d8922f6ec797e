"""Generic models: off by as much as asked for, in muscles and bones alone."""

import numpy as np
import pytest

from datasets.arm_files import load_arm
from datasets.laboratory.export.generic_model import generic_arm
from datasets.parameters import true_parameters


def test_a_generic_model_is_off_by_as_much_as_asked_for() -> None:
    arm = load_arm()
    generic = generic_arm(arm, 0.05, seed=2)
    truth, values = true_parameters(arm), true_parameters(generic)
    owned = [name for name in truth if "." in name and truth[name] != 0.0]
    relative = np.array([values[name] / truth[name] - 1.0 for name in owned])
    # 110 draws, and none beyond its bounds at two or more deviations: a deviation within 7 %, three times that.
    assert relative.std() == pytest.approx(0.05, rel=0.21)
    assert np.count_nonzero(relative) == len(owned)
    assert all(values[name] == truth[name] for name in truth if name not in owned)
    assert generic.joints == arm.joints
    assert {body.name for body in arm.bodies if body != generic.body(body.name)} == {*arm.identified_bodies}
    assert generic_arm(arm, 0.0, seed=2) is arm
