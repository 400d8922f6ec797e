"""A load in the hand: what it does to the torques, against a point mass moved by hand-written kinematics."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from benchmark.harness.errors import HarnessError
from benchmark.model.arm import Arm, Regressors
from benchmark.problem.imperfections.hand_load import HAND_LOAD
from benchmark.problem.problem import load_problem
from datasets.arm_files import load_arm
from datasets.description import GROUND, ArmDescription

Array = NDArray[np.float64]

LOAD_KG = 0.2
POSE = np.radians([40.0, 58.0, 8.0, 70.0, 20.0])
STEP_RAD = 1e-5


@pytest.fixture(scope="module")
def arm() -> ArmDescription:
    return load_arm("subject1")


def hand_place(arm: ArmDescription, independent: Array) -> Array:
    """Where the hand's centre of mass is in the ground's frame, (3,) in m: joint by joint, turn by turn."""
    angle = dict(zip(arm.coordinates, arm.coupling_matrix() @ independent, strict=True))
    frames = {GROUND: (np.eye(3), np.zeros(3))}
    for joint in arm.joints:
        turned, place = frames[joint.parent]
        place = place + turned @ np.array(joint.origin_m)
        for turn in joint.rotations:
            axis = np.array(turn.axis) / np.linalg.norm(turn.axis)
            turned = turned @ Rotation.from_rotvec(angle[turn.coordinate] * axis).as_matrix()
        frames[joint.child] = (turned, place)
    turned, place = frames["hand"]
    return np.asarray(place + turned @ np.array(arm.body("hand").centre_of_mass_m))


def levers(arm: ArmDescription) -> Array:
    """How the hand's centre moves with each independent coordinate, (3, 5) in m, by central differences."""
    steps = STEP_RAD * np.eye(len(POSE))
    moved = [hand_place(arm, POSE + step) - hand_place(arm, POSE - step) for step in steps]
    return np.array(moved).T / (2.0 * STEP_RAD)


def regressors(arm: ArmDescription) -> Regressors:
    """Of the arm at rest."""
    still = np.zeros((1, len(POSE)))
    return Arm(arm).regressors(POSE[None], still, still)


def test_the_arm_lacks_the_torques_of_a_point_mass_in_the_hand(arm: ArmDescription) -> None:
    """Weight times lever; central differences of 1e-5 rad are good to 1e-10 of a metre, times 2 N."""
    whole, believed = regressors(arm), regressors(HAND_LOAD.arm(arm, LOAD_KG))
    weight_n = -LOAD_KG * np.array(arm.gravity_m_per_s2)
    np.testing.assert_allclose((whole.torque_known - believed.torque_known)[0], weight_n @ levers(arm), atol=1e-8)
    np.testing.assert_array_equal(whole.torque, believed.torque)
    assert np.abs(weight_n @ levers(arm)).max() > 0.2  # N m: there is something to lack


def test_the_arm_lacks_the_inertia_of_a_point_mass_in_the_hand(arm: ArmDescription) -> None:
    """Mass times squared lever, as precise as above."""
    whole, believed = regressors(arm), regressors(HAND_LOAD.arm(arm, LOAD_KG))
    expected = LOAD_KG * levers(arm).T @ levers(arm)
    np.testing.assert_allclose((whole.inertia_known - believed.inertia_known)[0], expected, atol=1e-9)


def test_all_else_of_the_arm_stays(arm: ArmDescription) -> None:
    believed = HAND_LOAD.arm(arm, LOAD_KG)
    assert [name for name in vars(arm) if getattr(arm, name) != getattr(believed, name)] == ["bodies"]
    assert [one.name for one, other in zip(arm.bodies, believed.bodies, strict=True) if one != other] == ["hand"]
    assert believed.body("hand").mass_kg == pytest.approx(arm.body("hand").mass_kg - LOAD_KG, rel=1e-14)


@pytest.mark.parametrize("size", [0.5819, 3.0])
def test_a_load_heavier_than_the_hand_is_refused(size: float) -> None:
    with pytest.raises(HarnessError, match=rf"^hand_load{size:g}: the hand of published has 0\.582 kg, give less$"):
        HAND_LOAD.arm(load_arm("published"), size)
    with pytest.raises(HarnessError, match=f"hand_load{size:g}"):
        load_problem(f"m1-a-published-hand_load{size:g}").replicate(0)
