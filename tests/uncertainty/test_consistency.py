"""Physical consistency, against bodies made of mass points and the pseudo-inertia's eigenvalues."""

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.uncertainty.consistency import (
    bone_faults,
    inertia_of,
    inertia_of_moments,
    second_moments,
    symmetric,
    symmetric_entries,
)
from datasets.arm_files import load_arm, variants
from datasets.parameters import BONE_UNITS, true_parameters

Array = NDArray[np.float64]
RANDOM = np.random.default_rng(3)


def bone(mass: float, centre: Array, inertia: Array, name: str = "rod") -> dict[str, float]:
    figures = (mass, *centre.tolist(), *symmetric_entries(inertia).tolist())
    return {f"{name}.{kind}": value for kind, value in zip(BONE_UNITS, figures, strict=True)}


def of_points(masses: Array, places: Array) -> dict[str, float]:
    """The body of mass points (kg) at places (m), by the definition of inertia."""
    centre = masses @ places / masses.sum()
    inertia = sum(m * (np.dot(r, r) * np.eye(3) - np.outer(r, r)) for m, r in zip(masses, places - centre, strict=True))
    return bone(float(masses.sum()), centre, np.asarray(inertia))


def pseudo_inertia(values: dict[str, float]) -> Array:
    """The 4x4 matrix of Wensing, Kim and Slotine, about the bone's frame."""
    mass, *centre = (values[f"rod.{kind}"] for kind in list(BONE_UNITS)[:4])
    first = mass * np.array(centre)
    about_frame = inertia_of(values, "rod") + mass * (np.dot(centre, centre) * np.eye(3) - np.outer(centre, centre))
    moments = 0.5 * np.trace(about_frame) * np.eye(3) - about_frame
    return np.block([[moments, first[:, None]], [first, np.array([[mass]])]])


@pytest.mark.parametrize("seed", range(20))
def test_bodies_of_mass_points_have_no_fault(seed: int) -> None:
    random = np.random.default_rng(seed)
    assert bone_faults(of_points(random.uniform(0.01, 1.0, 6), random.normal(0.0, 0.1, (6, 3))), ["rod"]) == []


def test_a_flat_body_is_on_the_edge_and_has_no_fault() -> None:
    """A plate's largest moment is the sum of the two others: rounding is no fault."""
    places = np.array([[0.1, 0.0, 0.0], [-0.1, 0.02, 0.0], [0.03, -0.05, 0.0], [0.0, 0.07, 0.0]])
    turn = np.linalg.qr(RANDOM.normal(size=(3, 3)))[0]
    assert bone_faults(of_points(np.array([0.3, 0.2, 0.5, 0.1]), places @ turn), ["rod"]) == []


def test_faults_are_found_just_where_the_pseudo_inertia_is_not_positive_definite() -> None:
    faulty = 0
    for _ in range(300):
        matrix = RANDOM.normal(size=(3, 3))
        inertia = np.diag(RANDOM.uniform(-0.2, 1.0, 3)) + 0.1 * (matrix + matrix.T)
        values = bone(float(RANDOM.uniform(-0.2, 1.0)), RANDOM.normal(size=3), inertia)
        indefinite = float(np.linalg.eigvalsh(pseudo_inertia(values))[0]) <= 0.0
        assert bool(bone_faults(values, ["rod"])) == indefinite
        faulty += indefinite
    assert 30 < faulty < 270  # both kinds are among them


@pytest.mark.parametrize("variant", variants())
def test_the_true_bones_are_consistent(variant: str) -> None:
    arm = load_arm(variant)
    assert bone_faults(true_parameters(arm), arm.identified_bodies) == []


def test_faults_say_what_is_violated_and_by_how_much() -> None:
    turn = np.linalg.qr(RANDOM.normal(size=(3, 3)))[0]
    values = bone(-0.5, np.zeros(3), turn @ np.diag([1.0, 2.0, 4.0]) @ turn.T)
    assert bone_faults(values, ["rod"]) == [
        "rod: its mass, -0.5 kg, is not positive",
        "rod: its largest principal moment of inertia, 4 kg m2, exceeds the sum of the others by 1 kg m2 (25 % of it): "
        "no body has that",
    ]
    indefinite = bone(0.5, np.zeros(3), turn @ np.diag([-0.2, 1.0, 0.8]) @ turn.T)
    assert bone_faults(indefinite, ["rod"])[0] == (
        "rod: its least principal moment of inertia, -0.2 kg m2, is not positive (20 % of the largest)"
    )


def test_second_moments_and_inertias_belong_together() -> None:
    """Sums of six numbers of order one: 1e-14."""
    inertia = symmetric([1.0, 2.0, 2.5, 0.1, -0.2, 0.3])
    assert inertia_of_moments(second_moments(inertia)) == pytest.approx(inertia, abs=1e-14)
    assert symmetric_entries(inertia).tolist() == [1.0, 2.0, 2.5, 0.1, -0.2, 0.3]
