"""Virtual subjects: drawn once for all, within the spread that is stated, and grown in proportion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

import numpy as np
import pinocchio
import pytest
from numpy.typing import NDArray

from benchmark.model.arm import Arm
from benchmark.problem.parameters import bounds, draw_start
from datasets import subjects as module
from datasets.arm_files import load_arm, variants
from datasets.description import ArmDescription
from datasets.movements import MOVEMENTS
from datasets.parameters import true_parameters
from datasets.subjects import SUBJECTS, draw_traits, movement_seed

Array = NDArray[np.float64]

BASE = load_arm("light_phantoms")
MUSCLES = len(BASE.muscles)
# Segment masses of adults, mean and standard deviation in kg.
MASSES_KG = {"humerus": (2.11, 0.49), "ulna": (1.04, 0.19), "radius": (0.22, 0.04)}
ROUNDING = 1e-12  # relative, of products of a few figures


@pytest.fixture(params=SUBJECTS)
def arm(request: pytest.FixtureRequest) -> ArmDescription:
    return load_arm(request.param)


def size(arm: ArmDescription) -> float:
    """Factor of the lengths, by one of them."""
    return arm.joints[-1].origin_m[1] / BASE.joints[-1].origin_m[1]


def lengths(arm: ArmDescription) -> Iterator[float]:
    """Every length of the skeleton, of the muscles' paths and of what they wrap over, in m."""
    for body in arm.bodies:
        yield from body.centre_of_mass_m
    for joint in arm.joints:
        yield from joint.origin_m
    for point in (point for muscle in arm.muscles for point in muscle.path):
        yield from point.at_m or ()
        for function in point.functions:
            yield from function.m
    for surface in arm.wrap_surfaces:
        yield from surface.centre_m
        for _, figures in surface.size:
            yield from np.atleast_1d(figures).tolist()


def angles(arm: ArmDescription) -> list[object]:
    """Everything of the geometry that is no length."""
    points = [point for muscle in arm.muscles for point in muscle.path]
    return [
        arm.ranges_rad,
        arm.couplings,
        [(joint.name, joint.parent, joint.child, joint.rotations) for joint in arm.joints],
        [(point.body, point.when, point.within_rad, point.moves_with) for point in points],
        [(function.kind, function.rad) for point in points for function in point.functions],
        [(surface.name, surface.body, surface.rotation_rad, surface.quadrant) for surface in arm.wrap_surfaces],
        [muscle.wraps for muscle in arm.muscles],
    ]


def joint_places(description: ArmDescription, pose: Array) -> Array:
    """Where Pinocchio has the frames of all turns of the joints, (turns, 3), in m."""
    arm = Arm(description)
    data = arm.model.createData()
    pinocchio.forwardKinematics(arm.model, data, arm.coupling @ pose)
    return np.array([place.translation for place in data.oMi])


def test_there_are_six_subjects_among_the_arms() -> None:
    assert len(SUBJECTS) == 6
    assert variants()[-6:] == SUBJECTS
    assert [load_arm(subject).variant for subject in SUBJECTS] == list(SUBJECTS)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_is_always_the_same(subject: str) -> None:
    """What is drawn in another order, and after other draws, too; the recordings' true values hold it for good."""
    first = astuple(draw_traits(subject, MUSCLES))
    draw_traits(SUBJECTS[0], MUSCLES)
    for one, other in zip(first, astuple(draw_traits(subject, MUSCLES)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_no_two_subjects_are_alike() -> None:
    values = [true_parameters(load_arm(subject)) for subject in SUBJECTS]
    for name in ("humerus.mass", "PECM1.optimal_fibre_length", "BRA.maximum_isometric_force"):
        assert len({value[name] for value in values}) == len(SUBJECTS)


def test_no_two_movements_of_subjects_have_one_seed() -> None:
    arms = ("published", *SUBJECTS)
    seeds = {movement_seed(arm, movement.seed) for arm in arms for movement in MOVEMENTS.values()}
    assert len(seeds) == len(arms) * len(MOVEMENTS)
    assert movement_seed("published", 3) == movement_seed("light_phantoms", 3) == 3


def test_segments_masses_are_within_two_standard_deviations(arm: ArmDescription) -> None:
    for segment, (mean, deviation) in MASSES_KG.items():
        assert abs(arm.body(segment).mass_kg - mean) <= 2.0 * deviation * (1.0 + ROUNDING)


def test_lengths_and_strengths_are_within_two_standard_deviations(arm: ArmDescription) -> None:
    assert abs(size(arm) - 1.0) <= 2.0 * 0.05
    for muscle, base in zip(arm.muscles, BASE.muscles, strict=True):
        fibre = muscle.optimal_fibre_length_m / base.optimal_fibre_length_m / size(arm)
        assert abs(fibre - 1.0) <= 2.0 * 0.03
        tendon = muscle.tendon_slack_length_m / base.tendon_slack_length_m / size(arm)
        assert tendon == pytest.approx(fibre, rel=ROUNDING)
        assert abs(muscle.maximum_isometric_force_n / base.maximum_isometric_force_n - 1.0) <= 2.0 * 0.2
        own = "maximum_contraction_velocity_lo_per_s", "pennation_at_optimal_rad", "rigid_tendon", "group"
        assert [getattr(muscle, name) for name in own] == [getattr(base, name) for name in own]


def test_many_subjects_would_have_the_spread_that_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 400 of them, to four standard errors.

    Normal draws cut off at two standard deviations have one of 0.8796. A mass is 0.7 of the size's draw and 0.714 of
    its own: correlated by 0.7 with the size, a little less for what is cut off.
    """
    monkeypatch.setattr(module, "SUBJECTS", tuple(f"subject{number}" for number in range(400)))
    drawn = [draw_traits(subject, MUSCLES) for subject in module.SUBJECTS]
    sizes = np.array([traits.size for traits in drawn])
    strengths = np.array([traits.strengths for traits in drawn])
    own_lengths = np.array([traits.own_lengths for traits in drawn])
    for values, spread in ((sizes, 0.05), (strengths, 0.2), (own_lengths, 0.03)):
        error = spread / np.sqrt(values.size)
        assert values.mean() == pytest.approx(1.0, abs=4.0 * error)
        assert values.std() == pytest.approx(0.8796 * spread, abs=4.0 * error / np.sqrt(2.0))
    for segment, (mean, deviation) in MASSES_KG.items():
        masses = np.array([traits.masses_kg[segment] for traits in drawn])
        assert masses.mean() == pytest.approx(mean, abs=4.0 * deviation / 20.0)
        assert np.corrcoef(masses, sizes)[0, 1] == pytest.approx(0.7, abs=4.0 * (1.0 - 0.7**2) / 20.0)


def test_all_lengths_grow_by_one_factor_and_no_angle_changes(arm: ArmDescription) -> None:
    grown, base = np.array(list(lengths(arm))), np.array(list(lengths(BASE)))
    np.testing.assert_allclose(grown, size(arm) * base, rtol=ROUNDING)
    assert angles(arm) == angles(BASE)
    assert arm.physiology == BASE.physiology


def test_joints_are_where_those_of_an_arm_of_another_size_would_be(arm: ArmDescription) -> None:
    """By Pinocchio's kinematics, in the same pose: everything as many times further from the ground's origin."""
    pose = np.radians([40.0, 58.0, 8.0, 70.0, 20.0])
    # Rounding of places of less than a metre.
    np.testing.assert_allclose(joint_places(arm, pose), size(arm) * joint_places(BASE, pose), rtol=0.0, atol=1e-14)


def test_inertia_grows_with_mass_and_squared_length(arm: ArmDescription) -> None:
    for body, base in zip(arm.bodies, BASE.bodies, strict=True):
        squared_radius = np.array(body.inertia_kg_m2) / body.mass_kg
        expected = size(arm) ** 2 * np.array(base.inertia_kg_m2) / base.mass_kg
        np.testing.assert_allclose(squared_radius, expected, rtol=ROUNDING)
        if body.name not in MASSES_KG:
            assert body.mass_kg == pytest.approx(size(arm) ** 3 * base.mass_kg, rel=ROUNDING)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_bounds_leave_room_for_a_start_of_30_percent(subject: str) -> None:
    """A standard deviation to either side of every true value; what is drawn further out is cut off at the bounds."""
    truth = true_parameters(load_arm(subject))
    for name, value in truth.items():
        low, high = bounds(name)
        assert low <= value - 0.3 * abs(value), name
        assert value + 0.3 * abs(value) <= high, name
    for name, value in draw_start(truth, 0.3, seed=1).items():
        assert bounds(name)[0] <= value <= bounds(name)[1], name
