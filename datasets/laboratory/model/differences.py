"""What of a laboratory's OpenSim model an identification does not take as it is: notes for the person who imports it.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import opensim

from datasets.description import ArmDescription
from datasets.laboratory.model.opened import items
from datasets.opensim_muscles import other_figures

MILLARD = "Millard2012EquilibriumMuscle"


def differences(model: opensim.Model, arm: ArmDescription) -> tuple[str, ...]:
    """Say what an identification changes or leaves out, one line each.

    Parameters
    ----------
    model
        The model, connected.
    arm
        Its description, with muscles.
    """
    muscles = [model.getMuscles().get(name) for name in arm.muscle_names]
    return (*_muscle_notes(muscles, arm), *_spanning_notes(arm), *_force_notes(model, arm))


def _muscle_notes(muscles: list[Any], arm: ArmDescription) -> list[str]:
    kinds: dict[str, list[str]] = {}
    for muscle in muscles:
        kinds.setdefault(_difference(muscle, arm), []).append(muscle.getName())
    return [
        f"{', '.join(names)}: {difference}; the suite's muscle is taken instead (see datasets/arm/physiology.toml), "
        f"and a calibrated model holds it"
        for difference, names in kinds.items()
        if difference
    ]


def _difference(muscle: Any, arm: ArmDescription) -> str:
    kind = str(muscle.getConcreteClassName())
    if kind != MILLARD:
        return f"{kind} in the model, and no {MILLARD}"
    others = other_figures(opensim.Millard2012EquilibriumMuscle.safeDownCast(muscle), arm.physiology)
    return f"the model has values of its own of {', '.join(others)}" if others else ""


def _spanning_notes(arm: ArmDescription) -> list[str]:
    driven = np.asarray(arm.spanned().any(axis=0)).tolist()
    free = [name for name, is_driven in zip(arm.independent_coordinates, driven, strict=True) if not is_driven]
    return [f"{name}: no muscle spans it, so that nothing can move it; lock it, or add muscles" for name in free]


def _force_notes(model: opensim.Model, arm: ArmDescription) -> list[str]:
    others: dict[str, list[str]] = {}
    for force in items(model.getForceSet()):
        if force.getName() not in arm.muscle_names and force.get_appliesForce():
            kind = "muscles" if opensim.Muscle.safeDownCast(force) else str(force.getConcreteClassName())
            others.setdefault(kind, []).append(force.getName())
    return [f"left out, as if without force, {len(names)} {kind}: {', '.join(names)}" for kind, names in others.items()]
