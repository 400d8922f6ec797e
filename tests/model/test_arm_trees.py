"""Trees of hinges: what the suite's own arm, a chain without turned frames or offsets, does not show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.model.arm import Arm
from benchmark.model.standard_parameters import STANDARD_COUNT
from datasets.description import GROUND, ArmDescription, Body, Coupling, Joint, Muscle, PathPoint, Rotation

Array = NDArray[np.float64]

# Closed forms and other computations of the same sums: rounding only.
ROUNDING = 1e-11


def body(name: str, seed: int) -> Body:
    """A body of random mass points: physically consistent, whatever the seed."""
    rng = np.random.default_rng(seed)
    masses, points = rng.uniform(0.1, 1.0, 6), rng.normal(0.0, 0.1, (6, 3))
    mass = masses.sum()
    centre = masses @ points / mass
    away = points - centre
    second = np.einsum("p,pi,pj->ij", masses, away, away)
    inertia = np.trace(second) * np.eye(3) - second
    entries = (inertia[0, 0], inertia[1, 1], inertia[2, 2], inertia[0, 1], inertia[0, 2], inertia[1, 2])
    return Body(name, float(mass), tuple(centre.tolist()), tuple(float(entry) for entry in entries))


def muscle(*bodies: str) -> Muscle:
    path = tuple(PathPoint(name) for name in bodies)
    return Muscle("-".join(bodies), "", "superficial", 100.0, 0.1, 10.0, 0.1, 0.1, False, path, ())


def turned_joint(name: str, parent: str, child: str, seed: int, *coordinates: str) -> Joint:
    rng = np.random.default_rng(100 + seed)
    rotations = tuple(Rotation(coordinate, tuple(rng.normal(size=3).tolist())) for coordinate in coordinates)
    origin, turn, child_origin, child_turn = (tuple(row.tolist()) for row in rng.uniform(-0.5, 0.5, (4, 3)))
    return Joint(name, parent, child, origin, rotations, turn, child_origin, child_turn)


@pytest.fixture(scope="module")
def tree() -> ArmDescription:
    """Two branches from a trunk; a dependent coordinate with an offset, a held one, and a welded body."""
    return ArmDescription(
        variant="tree",
        gravity_m_per_s2=(0.3, -9.0, 1.0),
        independent_coordinates=("lean", "left", "right"),
        identified_bodies=("left_arm", "right_hand"),
        bodies=tuple(body(name, seed) for seed, name in enumerate(("trunk", "left_arm", "right_arm", "right_hand"))),
        joints=(
            turned_joint("hip", GROUND, "trunk", 0, "lean"),
            turned_joint("left_shoulder", "trunk", "left_arm", 1, "left", "left_twist"),
            turned_joint("right_shoulder", "trunk", "right_arm", 2, "right", "right_twist"),
            turned_joint("right_wrist", "right_arm", "right_hand", 3),
        ),
        ranges_rad=(),
        couplings=(Coupling("left_twist", "left", -0.7, offset_rad=0.4),),
        muscles=(
            muscle("trunk", "left_arm"),
            muscle("left_arm", "right_arm"),
            muscle(GROUND, "trunk"),
            muscle(GROUND, "right_hand"),
            muscle("right_arm", "right_hand"),
        ),
        wrap_surfaces=(),
        physiology={},
        held_rad=(("right_twist", 0.25),),
    )


def positions(tree: ArmDescription, y: Array) -> Array:
    return tree.coupling_matrix() @ y + tree.offset_rad()


def centres_of_mass(tree: ArmDescription, q: Array) -> dict[str, Array]:
    """Where the bodies' centres of mass are in the ground, by plain rotation matrices."""
    from scipy.spatial.transform import Rotation as Turn

    def frame(origin: tuple[float, ...], turn: tuple[float, ...]) -> Array:
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = Turn.from_euler("XYZ", turn).as_matrix(), origin
        return matrix

    angle = dict(zip(tree.coordinates, q, strict=True))
    frames = {GROUND: np.eye(4)}
    for joint in tree.joints:
        at = frames[joint.parent] @ frame(joint.origin_m, joint.orientation_rad)
        for turn in joint.rotations:
            axis = np.array(turn.axis) / np.linalg.norm(turn.axis)
            step = np.eye(4)
            step[:3, :3] = Turn.from_rotvec(angle[turn.coordinate] * axis).as_matrix()
            at = at @ step
        frames[joint.child] = at @ np.linalg.inv(frame(joint.child_origin_m, joint.child_orientation_rad))
    return {part.name: (frames[part.name] @ [*part.centre_of_mass_m, 1.0])[:3] for part in tree.bodies}


def test_gravity_torque_is_the_slope_of_the_potential_energy(tree: ArmDescription) -> None:
    """Central differences of sum -m g.c with steps of 1e-6 rad are good to 1e-8 N m."""
    arm, y = Arm(tree), np.array([0.3, -0.5, 0.8])

    def energy(y: Array) -> float:
        places = centres_of_mass(tree, positions(tree, y))
        gravity = np.array(tree.gravity_m_per_s2)
        return -sum(part.mass_kg * float(gravity @ places[part.name]) for part in tree.bodies)

    slopes = [(energy(y + step) - energy(y - step)) / 2e-6 for step in 1e-6 * np.eye(3)]
    torque = arm.coupling.T @ arm.bias_torque(positions(tree, y), np.zeros(5))
    np.testing.assert_allclose(torque, slopes, atol=1e-7)


def test_kinetic_energy_is_that_of_the_moving_centres_and_spins(tree: ArmDescription) -> None:
    """Of translation alone, with bodies that are points: their inertia about the centre is nothing."""
    points = replace(tree, bodies=tuple(replace(part, inertia_kg_m2=(0.0,) * 6) for part in tree.bodies))
    arm, y, rate = Arm(points), np.array([0.3, -0.5, 0.8]), np.array([1.0, -2.0, 0.5])
    mass = arm.coupling.T @ arm.mass_matrix(positions(points, y)) @ arm.coupling
    ahead, behind = (centres_of_mass(points, positions(points, y + side * 1e-6 * rate)) for side in (1.0, -1.0))
    moving = sum(part.mass_kg * np.sum(((ahead[part.name] - behind[part.name]) / 2e-6) ** 2) for part in points.bodies)
    assert rate @ mass @ rate == pytest.approx(moving, rel=1e-8)  # of the central differences


def test_regressors_are_those_of_the_bodies_in_their_own_frames(tree: ArmDescription) -> None:
    """Other masses of the identified bodies change torques as the regressors say: both are exact."""
    heavier = replace(
        tree,
        bodies=tuple(
            body(part.name, 50 + i) if part.name in tree.identified_bodies else part
            for i, part in enumerate(tree.bodies)
        ),
    )
    rng = np.random.default_rng(3)
    motion = rng.normal(size=(3, 4, 3))
    found = Arm(tree).regressors(*motion)
    expected = Arm(heavier).regressors(*motion)
    own = np.concatenate([_standard(heavier.body(name)) for name in tree.identified_bodies])
    before = np.concatenate([_standard(tree.body(name)) for name in tree.identified_bodies])
    assert found.torque.shape == (4, 3, 2 * STANDARD_COUNT)
    for rows in ("torque", "inertia"):
        matrix, known = getattr(found, rows), getattr(found, f"{rows}_known")
        truth = getattr(expected, rows) @ own + getattr(expected, f"{rows}_known")
        np.testing.assert_allclose(matrix @ own + known, truth, atol=ROUNDING)
        assert np.abs(matrix @ before + known - truth).max() > 0.01


def test_full_dynamics_are_the_mass_matrix_and_bias(tree: ArmDescription) -> None:
    arm, rng = Arm(tree), np.random.default_rng(4)
    position, velocity = rng.normal(size=(2, 3, 3))
    found = arm.full_dynamics(position, velocity)
    for t in range(3):
        q, v = positions(tree, position[t]), arm.coupling @ velocity[t]
        inertia = found.inertia_known[t].copy()
        for b, name in enumerate(tree.identified_bodies):
            jacobian = found.body_jacobian[t, b]
            inertia += jacobian.T @ _spatial(tree.body(name)) @ jacobian
        np.testing.assert_allclose(inertia, arm.mass_matrix(q), atol=ROUNDING)
        own = np.concatenate([_standard(tree.body(name)) for name in tree.identified_bodies])
        np.testing.assert_allclose(found.bias[t] @ own + found.bias_known[t], arm.bias_torque(q, v), atol=ROUNDING)


def test_a_muscle_spans_what_moves_some_of_its_path_and_not_all(tree: ArmDescription) -> None:
    expected = [
        [False, True, False],  # trunk to left arm
        [False, True, True],  # from arm to arm: the trunk carries both
        [True, False, False],
        [True, False, True],  # its twist is held
        [False, False, False],  # over the weld
    ]
    np.testing.assert_array_equal(tree.spanned(), expected)


def _standard(part: Body) -> Array:
    from benchmark.model.standard_parameters import standard_parameters

    return np.array(standard_parameters(part.mass_kg, part.centre_of_mass_m, part.inertia_kg_m2))


def _spatial(part: Body) -> Array:
    """Spatial inertia about the body's frame, linear before angular (Featherstone 2008)."""
    x, y, z = part.centre_of_mass_m
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    xx, yy, zz, xy, xz, yz = part.inertia_kg_m2
    about_centre = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    top = np.hstack([part.mass_kg * np.eye(3), -part.mass_kg * cross])
    bottom = np.hstack([part.mass_kg * cross, about_centre - part.mass_kg * cross @ cross])
    return np.vstack([top, bottom])
