"""Laboratories' models as the suite describes arms, against the suite's own arm and OpenSim's own dynamics."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmark.model.arm import Arm
from datasets.arm_files import load_arm
from datasets.description import ArmDescription
from datasets.laboratory.files.text import LaboratoryError
from datasets.recording_files import read_recording
from tests.datasets.laboratory.in_opensim import in_opensim

pytestmark = pytest.mark.skipif(find_spec("opensim") is None, reason="needs OpenSim")

SUITE = load_arm("published")


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return in_opensim("model.skeleton_probe", "suite_arm", tmp_path_factory.mktemp("suite"))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return in_opensim("model.skeleton_probe", "made_up_tree", tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    found: dict[str, str] = in_opensim("model.skeleton_probe", "messages", tmp_path_factory.mktemp("messages"))
    return found


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ArmDescription]:
    found: dict[str, ArmDescription] = in_opensim(
        "model.skeleton_probe", "served_when_locked", tmp_path_factory.mktemp("locked")
    )
    return found


def test_the_suites_arm_comes_back_from_its_opensim_model(suite: Any) -> None:
    arm: ArmDescription = suite[0]
    assert arm.variant == "arm_published"
    for name in ("coordinates", "independent_coordinates", "identified_bodies", "bodies", "gravity_m_per_s2"):
        assert getattr(arm, name) == getattr(SUITE, name)
    assert arm.held_rad == ()
    # OpenSim writes the coefficients of functions to its files with six digits.
    np.testing.assert_allclose(arm.coupling_matrix(), SUITE.coupling_matrix(), rtol=5e-6, atol=0.0)
    np.testing.assert_allclose([limits for _, limits in arm.ranges_rad], [limits for _, limits in SUITE.ranges_rad])


def test_the_suites_muscles_come_back(suite: Any) -> None:
    arm: ArmDescription = suite[0]
    for found, own in zip(arm.muscles, SUITE.muscles, strict=True):
        for name in ("name", "group", "rigid_tendon", "maximum_isometric_force_n", "optimal_fibre_length_m"):
            assert getattr(found, name) == getattr(own, name)
        for name in (
            "maximum_contraction_velocity_lo_per_s",
            "pennation_at_optimal_rad",
            "tendon_slack_length_m",
        ):
            assert getattr(found, name) == pytest.approx(getattr(own, name), rel=1e-15)
        assert [point.body for point in found.path] == [point.body for point in own.path]
    np.testing.assert_array_equal(arm.spanned(), SUITE.spanned())
    assert suite[2] == ()


def test_the_suites_torques_come_back(suite: Any) -> None:
    recording = read_recording("a-published")
    motion = [
        values[::100]
        for values in (recording.position_rad, recording.velocity_rad_per_s, recording.acceleration_rad_per_s2)
    ]
    # With the slopes that OpenSim has rounded; hinges, frames and bodies are exact.
    own = Arm(replace(SUITE, couplings=suite[0].couplings)).regressors(*motion)
    found = Arm(suite[0]).regressors(*motion)
    for name in ("torque", "torque_known", "inertia", "inertia_known"):
        # Regressors reach 100: rounding.
        np.testing.assert_allclose(getattr(found, name), getattr(own, name), rtol=0.0, atol=1e-11)


def test_a_made_up_tree_has_opensims_dynamics(tree: Any) -> None:
    description, _, poses = tree
    arm = Arm(description)
    assert description.variant == "made_up_tree_1"
    for position, velocity, mass, bias in poses:
        K, q, v = arm.coupling, arm.coupling @ position + arm.offset, arm.coupling @ velocity
        # Entries reach some 10 kg m2 and 100 N m: rounding through six bodies.
        np.testing.assert_allclose(K.T @ arm.mass_matrix(q) @ K, mass, rtol=0.0, atol=1e-11)
        np.testing.assert_allclose(K.T @ arm.bias_torque(q, v), bias, rtol=0.0, atol=1e-10)


def test_hinges_of_a_made_up_tree_follow_what_moves_them(tree: Any) -> None:
    description: ArmDescription = tree[0]
    assert description.independent_coordinates == ("c", "b", "a", "e", "g1")
    follows = {item.dependent: (item.independent, item.slope, item.offset_rad) for item in description.couplings}
    expected = {
        "shoulder_rotation1": ("b", -1.0, 0.25),
        "shoulder_rotation3": ("a", 0.5, 0.05),
        "d": ("a", -0.4, 0.2),
        "g3": ("a", -0.8, 0.3),
    }
    assert {name: line[0] for name, line in follows.items()} == {name: line[0] for name, line in expected.items()}
    for name, (_, slope, offset) in expected.items():
        assert follows[name][1:] == pytest.approx((slope, offset), abs=1e-12)
    assert dict(description.held_rad) == pytest.approx({"g2": 0.3})


def test_joints_of_a_made_up_tree_are_branch_by_branch(tree: Any) -> None:
    description: ArmDescription = tree[0]
    order = [body.name for body in description.bodies]
    assert order == [joint.child for joint in description.joints]
    assert order == ["upper", "lower", "tip", "leaf", "side", "ball"]
    # leaf is welded on, and the ball is held; the tip has a hinge of its own that moves.
    assert description.identified_bodies == ("upper", "lower", "tip", "side")


def test_a_coordinate_may_turn_the_axes_before_and_behind_anothers(tmp_path: Path) -> None:
    # Against Lagrange's equations of OpenSim's inertia by differences, whose error is some 1e-12.
    assert in_opensim("model.skeleton_probe", "axes_in_between", tmp_path) < 1e-10


@pytest.mark.parametrize(
    ("case", "parts"),
    [
        ("slider", ("joint slider is a SliderJoint", "--lock x")),
        ("sliding axis", ("joint extra slides", "--lock c")),
        ("bent turn", ("joint extra: the angle of rotation1 over c is off by", "--lock c")),
        ("ball", ("joint socket is a BallJoint", "--lock h1 --lock h2 --lock h3")),
        ("bent coupling", ("constraint b_by_a", "is off a straight line by", "lock a or b")),
        ("plane", ("constraint b_by_a_x", "has several independent coordinates", "lock a or x or b")),
        ("circle", ("couplings go in a circle, a -> b -> a", "--lock a")),
        ("twice", ("constraints b_by_a and b_by_x both move coordinate b", "delete one")),
        ("loop", ("constraint closing is a WeldConstraint", "delete it")),
        ("prescribed", ("coordinate b is prescribed", "--lock b")),
        ("backwards", ("no joints lead from the ground to extra", "parent")),
        ("unknown lock", ("coordinate 'elbw' of --lock is unknown", "there are: a, b")),
        ("bad lock", ("--lock a=left", "NAME=VALUE")),
        ("locked twice", ("coordinate 'a' is locked twice",)),
        ("nothing left", ("no coordinate is left that moves", "lock fewer")),
        ("unknown body", ("body 'frist' of --bodies is unknown", "did you mean 'first'")),
        ("dotted body", ("body 'fore.arm': names must have no dots", "rename")),
        ("light bodies", ("carries a body heavier than 0.01 kg", "--bodies", "there are: first, second")),
        ("unknown muscle", ("no muscle 'FLEX3', which map.toml names", "did you mean 'FLEX2'")),
        ("weak muscle", ("muscle FLEX1: tendon_slack_length is 0", "more than 0")),
        ("dotted muscle", ("muscle 'FLEX.3': names must have no dots", "rename")),
        ("idle muscle", ("muscles IDLE span no coordinate that moves", "leave them out")),
        ("no model", ("OpenSim cannot use it as a model",)),
        ("no file", ("there is no such file",)),
    ],
)
def test_what_cannot_be_imported_is_told_in_one_line(
    messages: dict[str, str], case: str, parts: tuple[str, ...]
) -> None:
    said = messages[case]
    assert "\n" not in said
    assert ".osim" in said or case in ("bad lock", "locked twice")
    for part in parts:
        assert part in said


@pytest.mark.parametrize(
    ("case", "independent", "held"),
    [
        ("slider", ("a", "b"), {}),
        ("sliding axis", ("a", "b"), {"c": 0.2}),
        ("bent turn", ("a", "b"), None),
        ("ball", ("a", "b"), {}),
        ("prescribed", ("a",), {"b": 0.0}),
        ("bent coupling", ("z",), {"a": 2.0, "b": 0.7}),
        ("plane", ("z",), {"a": 0.5, "b": 1.5}),
    ],
)
def test_locked_coordinates_are_held(
    locked: dict[str, ArmDescription], case: str, independent: tuple[str, ...], held: dict[str, float] | None
) -> None:
    assert locked[case].variant == "published_model"
    assert locked[case].independent_coordinates == independent
    if held is not None:
        assert dict(locked[case].held_rad) == pytest.approx(held)


def test_other_muscles_and_forces_are_noted(tmp_path: Path) -> None:
    notes = in_opensim("model.skeleton_probe", "noted", tmp_path)
    assert any(note.startswith("OLD: Thelen2003Muscle in the model") for note in notes)
    assert any(note.startswith("OWN: ") and "TendonForceLengthCurve strain_at_one_norm_force" in note for note in notes)
    assert any("1 CoordinateLimitForce" in note for note in notes)
    assert any("2 muscles: FLEX1, FLEX2" in note for note in notes)
    assert any(note.startswith("b: no muscle spans it") for note in notes)


def test_a_description_that_does_not_move_as_opensim_does_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LaboratoryError, match=r"arm.osim: the torques about coordinate [ab] are not those of OpenSim"):
        in_opensim("model.skeleton_probe", "disagreeing", tmp_path)
