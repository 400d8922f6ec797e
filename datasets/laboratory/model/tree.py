"""The tree of joints of a laboratory's model, from the ground outwards.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import opensim

from datasets.description import GROUND
from datasets.laboratory.model.opened import complaint, items


@dataclass(frozen=True)
class Branch:
    """A joint of the tree, and the bodies (or the ground) that it joins."""

    joint: Any
    parent: str
    child: str


def branches(model: opensim.Model) -> tuple[Branch, ...]:
    """The joints, parents before children and branch by branch.

    Parameters
    ----------
    model
        The model, connected.

    Raises
    ------
    LaboratoryError
        If the joints are no tree that begins at the ground.
    """
    by_parent: dict[str, list[Branch]] = {}
    carriers: dict[str, str] = {}
    for joint in items(model.getJointSet()):
        branch = Branch(joint, base_name(joint.getParentFrame()), base_name(joint.getChildFrame()))
        if branch.child in carriers:
            raise complaint(
                model,
                f"joints {carriers[branch.child]} and {joint.getName()} both carry body {branch.child}, expected a "
                f"tree of joints; delete one from the model",
            )
        carriers[branch.child] = joint.getName()
        by_parent.setdefault(branch.parent, []).append(branch)
    found: list[Branch] = []
    ahead = list(reversed(by_parent.get(GROUND, [])))
    while ahead:
        branch = ahead.pop()
        found.append(branch)
        ahead.extend(reversed(by_parent.get(branch.child, [])))
    _check_all_reached(model, found)
    return tuple(found)


def base_name(frame: Any) -> str:
    """Name of the body, or the ground, that a frame is fixed to."""
    return str(frame.findBaseFrame().getName())


def _check_all_reached(model: opensim.Model, found: list[Branch]) -> None:
    reached = {branch.child for branch in found}
    lost = [body.getName() for body in items(model.getBodySet()) if body.getName() not in reached]
    if lost or GROUND in reached:
        raise complaint(
            model,
            f"no joints lead from the ground to {', '.join(lost) or 'every body'}, parent before child; join them to "
            f"the tree with the body nearer to the ground as the joint's parent, or delete them from the model",
        )
