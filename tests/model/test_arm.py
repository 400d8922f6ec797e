"""The rigid-body dynamics against OpenSim's, and the regressors against the dynamics."""

from __future__ import annotations

import numpy as np
import pinocchio
import pytest

from benchmark.model.arm import Arm
from benchmark.model.standard_parameters import standard_parameters, standard_values
from datasets.arm_files import load_arm
from datasets.parameters import true_parameters
from tests.oracle import POSE_SETS, REFERENCE

# Two multibody codes on the same figures differ by rounding only: 1e-14 was seen.
RELATIVE = 1e-9


@pytest.fixture(scope="module")
def arm() -> Arm:
    return Arm(load_arm("published"))


@pytest.mark.parametrize("poses", POSE_SETS)
def test_mass_matrix_is_opensims(arm: Arm, poses: str) -> None:
    pairs = zip(REFERENCE[f"{poses}_position"], REFERENCE[f"{poses}_mass_matrix"], strict=True)
    for position, expected in pairs:
        np.testing.assert_allclose(arm.mass_matrix(position), expected, rtol=0, atol=RELATIVE * np.abs(expected).max())


@pytest.mark.parametrize("poses", POSE_SETS)
def test_bias_torque_is_opensims(arm: Arm, poses: str) -> None:
    rows = (REFERENCE[f"{poses}_{name}"] for name in ("position", "speed", "bias"))
    for position, speed, expected in zip(*rows, strict=True):
        found = arm.bias_torque(position, speed)
        np.testing.assert_allclose(found, expected, rtol=0, atol=RELATIVE * np.abs(expected).max())


def test_description_has_opensims_couplings(arm: Arm) -> None:
    np.testing.assert_allclose(arm.coupling, REFERENCE["coupling_matrix"], rtol=0, atol=1e-15)


@pytest.mark.parametrize("variant", ["published", "light_phantoms"])
def test_regressors_give_the_coupled_dynamics(variant: str) -> None:
    """Regressor times true standard parameters against M and tau_bias; both are exact, so rounding only (1e-12)."""
    arm = Arm(load_arm(variant))
    rng = np.random.default_rng(0)
    position, velocity, acceleration = rng.uniform(0.1, 1.2, (3, 5, 5))
    found = arm.regressors(position, velocity, acceleration)
    bodies = [arm.description.body(name) for name in arm.description.identified_bodies]
    standard = np.concatenate(
        [standard_parameters(body.mass_kg, body.centre_of_mass_m, body.inertia_kg_m2) for body in bodies]
    )
    for t in range(len(position)):
        q, v, a = (arm.coupling @ values[t] for values in (position, velocity, acceleration))
        torque = arm.coupling.T @ (arm.mass_matrix(q) @ a + arm.bias_torque(q, v))
        inertia = arm.coupling.T @ arm.mass_matrix(q) @ arm.coupling
        np.testing.assert_allclose(found.torque[t] @ standard + found.torque_known[t], torque, atol=1e-12)
        np.testing.assert_allclose(found.inertia[t] @ standard + found.inertia_known[t], inertia, atol=1e-12)


@pytest.mark.parametrize("variant", ["published", "light_phantoms"])
def test_torque_slopes_are_pinocchios_own_derivatives(variant: str) -> None:
    """Against analytical derivatives of inverse dynamics, of all bodies; differences leave 1e-9 N m/rad."""
    arm = Arm(load_arm(variant))
    position, velocity, acceleration = np.random.default_rng(1).uniform(0.1, 1.2, (3, 4, 5))
    found, K = arm.torque_slopes(position, velocity, acceleration), arm.coupling
    standard = standard_values(true_parameters(arm.description), arm.description.identified_bodies)
    for t in range(len(position)):
        motion = (K @ values[t] for values in (position, velocity, acceleration))
        data = arm.model.createData()  # what it gives are views of it
        by_position, by_velocity, _ = pinocchio.computeRNEADerivatives(arm.model, data, *motion)
        for rows, known, expected in (
            (found.by_position, found.by_position_known, by_position),
            (found.by_velocity, found.by_velocity_known, by_velocity),
        ):
            np.testing.assert_allclose(rows[t] @ standard + known[t], K.T @ expected @ K, rtol=0, atol=1e-8)
