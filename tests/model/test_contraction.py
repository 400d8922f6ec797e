"""Muscle forces against OpenSim's Millard muscles."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.model.compiled_forces import forces, forces_with_partials
from benchmark.model.contraction import FibreParameters, fibre_force, pennation_cosine, tendon_stretch
from benchmark.model.curves import muscle_curves
from datasets.arm_files import load_arm
from tests.oracle import EQUILIBRIUM_SETS, REFERENCE

MUSCLES = load_arm().muscles
PARAMETERS = FibreParameters(
    np.array([muscle.maximum_isometric_force_n for muscle in MUSCLES]),
    np.array([muscle.optimal_fibre_length_m for muscle in MUSCLES]),
    np.array([muscle.maximum_contraction_velocity_m_per_s for muscle in MUSCLES]),
    np.array([muscle.pennation_at_optimal_rad for muscle in MUSCLES]),
)


@pytest.mark.parametrize("poses", EQUILIBRIUM_SETS)
def test_fibre_force_is_opensims(poses: str) -> None:
    """To 1e-7 of the maximum isometric force, the bar; about 1e-10 is seen, OpenSim's own solver tolerance."""
    activation, length, velocity = (
        REFERENCE[f"{poses}_{name}"] for name in ("activation", "fibre_length", "fibre_velocity")
    )
    found = fibre_force(activation, length, velocity, PARAMETERS)
    expected = REFERENCE[f"{poses}_fibre_force_along_tendon"]
    np.testing.assert_array_less(np.abs(found - expected) / PARAMETERS.maximum_isometric_force, 1e-7)


@pytest.mark.parametrize("poses", EQUILIBRIUM_SETS)
def test_pennation_is_opensims(poses: str) -> None:
    found = pennation_cosine(REFERENCE[f"{poses}_fibre_length"], PARAMETERS)
    np.testing.assert_allclose(found, np.cos(REFERENCE[f"{poses}_pennation"]), rtol=0, atol=1e-12)


@pytest.mark.parametrize("poses", EQUILIBRIUM_SETS)
def test_tendon_force_is_opensims(poses: str) -> None:
    """Elastic tendons at the length that the path leaves them, eq. (16)."""
    elastic = np.array([not muscle.rigid_tendon for muscle in MUSCLES])
    slack = np.array([muscle.tendon_slack_length_m for muscle in MUSCLES])
    length = REFERENCE[f"{poses}_fibre_length"]
    tendon = REFERENCE[f"{poses}_musculotendon_length"] - length * pennation_cosine(length, PARAMETERS)
    found = muscle_curves().tendon_force_length(tendon / slack)
    expected = REFERENCE[f"{poses}_tendon_force"] / PARAMETERS.maximum_isometric_force
    np.testing.assert_array_less(np.abs(found - expected)[:, elastic], 1e-7)


def test_tendon_stretch_inverts_the_tendon_curve() -> None:
    """Bisection to double precision; where f^T is steep its inverse is exact to rounding."""
    force = np.linspace(1e-3, 2.0, 200)
    np.testing.assert_allclose(muscle_curves().tendon_force_length(tendon_stretch(force)), force, atol=1e-12)


def test_partials_belong_to_the_force() -> None:
    """The compiled force equals the formula (1e-12), its partials central differences (1e-7 of the largest)."""
    rng = np.random.default_rng(0)
    activation = rng.uniform(0.01, 1.0, (50, len(MUSCLES)))
    length = rng.uniform(0.5, 1.5, activation.shape) * PARAMETERS.optimal_fibre_length
    velocity = rng.uniform(-0.5, 0.5, activation.shape) * PARAMETERS.maximum_contraction_velocity
    itself = np.ones((50, 1, len(MUSCLES)))  # the derivative of the activation with respect to it
    force, partials = forces_with_partials(activation, itself, length, velocity, PARAMETERS)
    by_parameter, by_activation = partials[:, :4], partials[:, 4]
    np.testing.assert_array_equal(forces(activation, length, velocity, PARAMETERS), force)
    expected = fibre_force(activation, length, velocity, PARAMETERS)
    np.testing.assert_allclose(force, expected, rtol=0, atol=1e-12 * np.abs(expected).max())
    one = fibre_force(activation + 1.0, length, velocity, PARAMETERS) - expected
    np.testing.assert_allclose(by_activation, one, rtol=0, atol=1e-9 * np.abs(one).max())
    for index, name in enumerate(PARAMETERS._fields):
        step = 1e-6 * np.abs(PARAMETERS[index]) + 1e-9
        ahead, behind = (
            fibre_force(activation, length, velocity, PARAMETERS._replace(**{name: PARAMETERS[index] + sign * step}))
            for sign in (1, -1)
        )
        slope = (ahead - behind) / (2.0 * step)
        np.testing.assert_allclose(by_parameter[:, index], slope, rtol=0, atol=1e-7 * np.abs(slope).max(), err_msg=name)


def test_forces_stay_finite_far_from_the_truth() -> None:
    """Lengths and velocities far beyond the curves' domains, and a fibre too short for its pennation."""
    wild = FibreParameters(500.0, np.array([1e-3, 0.1, 3.0]), np.array([1e-3, 1.0, 30.0]), 0.9)
    force = fibre_force(np.array([0.0, 0.5, 1.0]), np.array([0.2, 0.02, 0.1]), np.array([-3.0, 0.0, 3.0]), wild)
    assert np.isfinite(force).all()
