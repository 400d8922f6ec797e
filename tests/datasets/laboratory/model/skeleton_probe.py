"""Imports models, and asks OpenSim itself about them; run in a process of its own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import opensim
from numpy.typing import NDArray

from datasets.arm_files import load_arm
from datasets.description import ArmDescription
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.model.agreement import check_dynamics
from datasets.laboratory.model.coordinates import coordinate_lines
from datasets.laboratory.model.differences import differences
from datasets.laboratory.model.locks import parse_locks
from datasets.laboratory.model.muscles import describe_muscles
from datasets.laboratory.model.opened import open_model
from datasets.laboratory.model.skeleton import describe_skeleton, with_muscles
from datasets.opensim_model import build_model
from tests.datasets.laboratory.model import made_up
from tests.datasets.laboratory.model.unsupported import CASES, as_it_is

Array = NDArray[np.float64]
TREE_LOCKS = ("s=0.4", "h1=0.1", "h2=-0.2", "h3=0.3")
# What moves each coordinate of the made-up tree, by hand from its figures: a, b, c, e, g1 are independent.
TREE_SLOPES = {"a": {"a": 1.0}, "b": {"b": 1.0}, "c": {"c": 1.0}, "e": {"e": 1.0}, "g1": {"g1": 1.0}} | {
    "d": {"a": -0.4},
    "g3": {"a": -0.8},
}
TREE_OFFSETS = {"d": 0.2, "g3": 0.3, "g2": 0.3, "s": 0.4, "h1": 0.1, "h2": -0.2, "h3": 0.3}


def described(path: Path, locks: tuple[str, ...], bodies: Any = None, measured: Any = (), deep: Any = ()) -> Any:
    model = open_model(path)
    lines = coordinate_lines(model, parse_locks(locks))
    arm = describe_skeleton(model, lines, bodies)
    arm = with_muscles(model, arm, describe_muscles(model, measured, deep, "map.toml"))
    return arm, check_dynamics(path, lines, arm), differences(model, arm) if arm.muscles else ()


def suite_arm(folder: Path) -> Any:
    """The suite's arm, written as an OpenSim model and imported."""
    arm = load_arm("published")
    path = made_up.saved(build_model(arm), folder / "suite.osim")
    deep = [muscle.name for muscle in arm.muscles if muscle.is_deep]
    return described(path, (), None, [name for name in arm.muscle_names if name not in deep], deep)


def made_up_tree(folder: Path) -> tuple[ArmDescription, tuple[str, ...], list[tuple[Array, ...]]]:
    """The tree's description, notes, and poses with OpenSim's own inertia and bias torque of them."""
    path = made_up.tree(folder / "tree.osim")
    arm, _, notes = described(path, TREE_LOCKS, None, ("M",))
    return arm, notes, _opensim_dynamics(path, arm.independent_coordinates)


def _opensim_dynamics(path: Path, independent: tuple[str, ...]) -> list[tuple[Array, ...]]:
    model = opensim.Model(str(path))
    for group in (model.updForceSet(), model.updConstraintSet()):
        group.clearAndDestroy()
    for index in range(model.getCoordinateSet().getSize()):
        model.updCoordinateSet().get(index).set_locked(False)
    state = model.initSystem()
    solver = opensim.InverseDynamicsSolver(model)
    coordinates = {name: model.getCoordinateSet().get(name) for name in TREE_SLOPES | TREE_OFFSETS}
    generator = np.random.default_rng(5)
    found: list[tuple[Array, ...]] = []

    def speeds(of: dict[str, float]) -> Array:
        for name, coordinate in coordinates.items():
            slopes = TREE_SLOPES.get(name, {})
            coordinate.setSpeedValue(state, sum(slope * of.get(other, 0.0) for other, slope in slopes.items()))
        return np.array(state.getU().to_numpy())

    for _ in range(5):
        position, velocity = generator.uniform(-1.0, 1.0, 5), generator.uniform(-4.0, 4.0, 5)
        values = dict(zip(independent, position.tolist(), strict=True))
        for name, coordinate in coordinates.items():
            moved = sum(slope * values[other] for other, slope in TREE_SLOPES.get(name, {}).items())
            coordinate.setValue(state, moved + TREE_OFFSETS.get(name, 0.0), False)
        K = np.transpose([speeds({name: 1.0}) for name in independent])
        speeds(dict(zip(independent, velocity.tolist(), strict=True)))
        model.realizeVelocity(state)
        matrix = opensim.Matrix()
        model.getMatterSubsystem().calcM(state, matrix)
        size = len(K)
        mass = np.array([[matrix.get(i, j) for j in range(size)] for i in range(size)])
        bias = solver.solve(state, opensim.Vector(size, 0.0)).to_numpy()
        found.append((position, velocity, K.T @ mass @ K, K.T @ bias))
    return found


def axes_in_between(folder: Path) -> float:
    """How far the dynamics are off of a joint of which one coordinate turns the first and the third axis."""

    def change(model: Any) -> None:
        line = opensim.LinearFunction
        turns = (
            ("c", (1.0, 0.0, 0.2), line(1.0, 0.0)),
            ("d", (0.0, 1.0, 0.0), line(1.0, 0.0)),
            ("c", (0.0, 0.0, 1.0), line(0.5, 0.05)),
        )
        made = made_up.transform(turns)
        joint = opensim.CustomJoint("extra", *made_up.placed(model.getGround(), made_up.add_body(model, "extra")), made)
        made_up.add_joint(model, joint, ("c", "d"))

    off: float = described(made_up.two_links(folder / "arm.osim", change), ())[1]
    return off


def messages(folder: Path) -> dict[str, str]:
    """What an import says of models and wishes that it cannot serve."""
    found = {}
    for name, case in CASES.items():
        path = made_up.two_links(folder / "arm.osim", case.change)
        found[name] = _message(path, case.locks, case.bodies, case.muscles)
    (folder / "text.osim").write_text("no model", encoding="utf-8")
    found["no model"] = _message(folder / "text.osim", (), None, ())
    found["no file"] = _message(folder / "none.osim", (), None, ())
    return found


def _message(path: Path, locks: Any, bodies: Any, muscles: Any) -> str:
    try:
        described(path, locks, bodies, muscles)
    except LaboratoryError as error:
        return str(error)
    return "no error"


def served_when_locked(folder: Path) -> dict[str, ArmDescription]:
    """Those of the cases that a lock makes fine."""
    locks = {"slider": ("x",), "sliding axis": ("c=0.2",), "bent turn": ("c=0.3",), "ball": ("h1", "h2", "h3")}
    locks |= {"bent coupling": ("a=2",), "prescribed": ("b",), "plane": ("a=0.5", "x")}
    return {
        name: described(made_up.two_links(folder / "arm.osim", CASES[name].change), lock)[0]
        for name, lock in locks.items()
    }


def noted(folder: Path) -> tuple[str, ...]:
    """Notes on a model with a muscle of another class, one with another curve, and other forces."""

    def change(model: Any) -> None:
        first = model.getBodySet().get("first")
        made_up.add_muscle(model, "OLD", (model.getGround(), first), opensim.Thelen2003Muscle())
        own = made_up.add_muscle(model, "OWN", (model.getGround(), first))
        own.upd_TendonForceLengthCurve().set_strain_at_one_norm_force(0.06)
        model.addForce(opensim.CoordinateLimitForce("a", 1.0, 1.0, -1.0, 1.0, 0.1, 0.1))

    path = made_up.two_links(folder / "arm.osim", change)
    notes: tuple[str, ...] = described(path, (), None, ("OLD", "OWN"))[2]
    return notes


def other_model(folder: Path) -> Path:
    """A model of two links alone."""
    return made_up.two_links(folder / "other.osim", as_it_is)


def disagreeing(folder: Path) -> None:
    """Check a description of which the far link is a thousandth of a permille too heavy."""
    path = made_up.two_links(folder / "arm.osim", as_it_is)
    model = open_model(path)
    lines = coordinate_lines(model, {})
    arm = describe_skeleton(model, lines, None)
    first, second = arm.bodies
    heavier = replace(arm, bodies=(first, replace(second, mass_kg=second.mass_kg * (1.0 + 1e-6))))
    check_dynamics(path, lines, heavier)
