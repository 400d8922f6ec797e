"""The skeleton of a laboratory's OpenSim model as the suite describes arms.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import opensim
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation as Turning

from datasets.arm_files import load_arm, variants
from datasets.description import ArmDescription, Body, Coupling, Joint, Muscle, Rotation, Vector
from datasets.laboratory.files.text import shown, there_are
from datasets.laboratory.model.coordinates import usable_range
from datasets.laboratory.model.hinges import JointMotion, Turn, joint_motion, rotation_matrix
from datasets.laboratory.model.lines import Line
from datasets.laboratory.model.opened import complaint
from datasets.laboratory.model.tree import Branch, branches

Array = NDArray[np.float64]

LIGHTEST_IDENTIFIED_KG = 0.01  # phantom bodies, which only carry joints, are lighter


def describe_skeleton(model: opensim.Model, lines: Mapping[str, Line], bodies: Sequence[str] | None) -> ArmDescription:
    """Describe a model's bodies, joints and couplings; it has no muscles yet.

    Parameters
    ----------
    model
        The model, connected.
    lines
        What each coordinate is, see :func:`datasets.laboratory.model.coordinates.coordinate_lines`.
    bodies
        Names of the bodies whose inertia is to be identified; None: those that are not light and that are carried by
        a joint with an independent coordinate of its own.

    Raises
    ------
    LaboratoryError
        If the joints are none that the suite knows, nothing moves, or a body is unknown.
    """
    tree = branches(model)
    motions = [joint_motion(model, branch.joint, lines) for branch in tree]
    moving = {turn.angle.independent for motion in motions for turn in motion.turns}
    independent = tuple(name for name, line in lines.items() if line.is_itself and name in moving)
    if not independent:
        raise complaint(model, "no coordinate is left that moves; lock fewer of them")
    hinges = _Names(independent, lines)
    named = [_joint(branch, motion, hinges) for branch, motion in zip(tree, motions, strict=True)]
    coordinates = model.getCoordinateSet()
    return ArmDescription(
        variant=_variant(model),
        gravity_m_per_s2=tuple(model.getGravity().to_numpy().tolist()),
        independent_coordinates=independent,
        identified_bodies=_identified(model, tree, motions, independent, bodies),
        bodies=tuple(_body(model.getBodySet().get(branch.child)) for branch in tree),
        joints=tuple(named),
        ranges_rad=tuple((name, usable_range(coordinates.get(name))) for name in independent),
        couplings=tuple(hinges.couplings),
        muscles=(),
        wrap_surfaces=(),
        physiology=load_arm().physiology,
        held_rad=tuple(hinges.held_rad),
    )


def with_muscles(model: opensim.Model, arm: ArmDescription, muscles: tuple[Muscle, ...]) -> ArmDescription:
    """Give a skeleton its muscles.

    Raises
    ------
    LaboratoryError
        If a muscle spans no coordinate that moves.
    """
    complete = replace(arm, muscles=muscles)
    idle = [muscle.name for muscle, spanned in zip(muscles, complete.spanned(), strict=True) if not spanned.any()]
    if idle:
        raise complaint(
            model, f"muscles {', '.join(idle)} span no coordinate that moves; leave them out of the channels"
        )
    return complete


class _Names:
    """Names the hinges, and notes what each follows or where it is held."""

    def __init__(self, independent: Sequence[str], lines: Mapping[str, Line]) -> None:
        self._independent, self._lines = independent, lines
        self._taken: set[str] = set()
        self.couplings: list[Coupling] = []
        self.held_rad: list[tuple[str, float]] = []

    def name(self, joint: str, turn: Turn) -> str:
        """Name of a turn's hinge: its coordinate's, or one of its own."""
        name = turn.coordinates[0] if turn.is_coordinate else ""
        if not name or name in self._taken:
            name = f"{joint}_rotation{turn.number}"
            while name in self._taken or name in self._lines:
                name += "_hinge"
        self._taken.add(name)
        line = turn.angle
        if line.independent is None:
            self.held_rad.append((name, line.offset))
        elif name != line.independent:
            self.couplings.append(Coupling(name, line.independent, line.slope, line.offset))
        return name


def _joint(branch: Branch, motion: JointMotion, hinges: _Names) -> Joint:
    name = branch.joint.getName()
    origin_m, orientation = _placed(branch.joint.getParentFrame())
    child_origin_m, child_orientation = _placed(branch.joint.getChildFrame())
    return Joint(
        name=name,
        parent=branch.parent,
        child=branch.child,
        origin_m=_vector(origin_m + orientation @ motion.shift_m),
        rotations=tuple(Rotation(hinges.name(name, turn), turn.axis) for turn in motion.turns),
        orientation_rad=_angles_rad(orientation @ motion.fixed),
        child_origin_m=_vector(child_origin_m),
        child_orientation_rad=_angles_rad(child_orientation),
    )


def _placed(frame: Any) -> tuple[Array, Array]:
    """A frame's origin (m) and rotation matrix in its body's own frame."""
    transform = frame.findTransformInBaseFrame()
    return transform.p().to_numpy(), rotation_matrix(transform.R())


def _angles_rad(matrix: Array) -> Vector:
    if np.array_equal(matrix, np.eye(3)):
        return (0.0, 0.0, 0.0)
    return _vector(Turning.from_matrix(matrix).as_euler("XYZ"))


def _vector(values: Array) -> Vector:
    return tuple(float(value) + 0.0 for value in values)  # which makes -0.0 to 0.0


def _body(body: Any) -> Body:
    inertia = body.get_inertia()
    return Body(
        name=body.getName(),
        mass_kg=body.get_mass(),
        centre_of_mass_m=_vector(body.get_mass_center().to_numpy()),
        inertia_kg_m2=tuple(float(inertia.get(index)) for index in range(6)),
    )


def _identified(
    model: opensim.Model,
    tree: Sequence[Branch],
    motions: Sequence[JointMotion],
    independent: Sequence[str],
    asked: Sequence[str] | None,
) -> tuple[str, ...]:
    masses = {branch.child: model.getBodySet().get(branch.child).get_mass() for branch in tree}
    if asked is None:
        found = _by_default(tree, motions, independent, masses)
    else:
        for name in asked:
            if name not in masses:
                raise complaint(model, f"body {shown(name)} of --bodies is unknown; {there_are(name, masses)}")
        found = tuple(name for name in masses if name in asked)
    if not found:
        raise complaint(
            model,
            f"no joint with an independent coordinate carries a body heavier than {LIGHTEST_IDENTIFIED_KG:g} kg; name "
            f"the bodies to be identified with --bodies; {there_are('', masses)}",
        )
    for name in found:
        if "." in name:
            raise complaint(model, f"body {shown(name)}: names must have no dots; rename it in the model")
    return found


def _by_default(
    tree: Sequence[Branch], motions: Sequence[JointMotion], independent: Sequence[str], masses: Mapping[str, float]
) -> tuple[str, ...]:
    own = (any({*turn.coordinates} & {*independent} for turn in motion.turns) for motion in motions)
    return tuple(
        branch.child
        for branch, moves in zip(tree, own, strict=True)
        if moves and masses[branch.child] > LIGHTEST_IDENTIFIED_KG
    )


def _variant(model: opensim.Model) -> str:
    """The model's name as a variant of its own."""
    words = re.findall(r"[a-z0-9]+", (model.getName() or Path(model.getInputFileName()).stem).lower())
    name = "_".join(words) or "model"
    return f"{name}_model" if name in variants() else name
