"""The muscles of a laboratory's OpenSim model as the suite describes them.

Imports OpenSim: to be used in a process of its own (see `datasets.opensim_process`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import opensim

from datasets.description import Muscle, PathPoint
from datasets.laboratory.files.text import shown, there_are
from datasets.laboratory.model.opened import complaint, items
from datasets.laboratory.model.tree import base_name

RIGID = "RigidTendonMuscle"


def describe_muscles(
    model: opensim.Model, measured: Sequence[str], unmeasured: Sequence[str], source: str
) -> tuple[Muscle, ...]:
    """Describe muscles of a model, those with EMG first.

    Parameters
    ----------
    model
        The model, connected.
    measured, unmeasured
        Names of the muscles with and without EMG.
    source
        What names them, for the errors.

    Raises
    ------
    LaboratoryError
        If a muscle is unknown, or its figures or path are none that the suite can work with.
    """
    found = {muscle.getName(): muscle for muscle in items(model.getMuscles())}
    for name in (*measured, *unmeasured):
        if name not in found:
            raise complaint(
                model, f"there is no muscle {shown(name)}, which {source} names; {there_are(name, sorted(found))}"
            )
        if "." in name or len(name.split()) != 1:
            raise complaint(model, f"muscle {shown(name)}: names must have no dots and no spaces; rename it")
    return tuple(
        _muscle(model, found[name], group)
        for group, names in (("superficial", measured), ("deep", unmeasured))
        for name in names
    )


def _muscle(model: opensim.Model, muscle: Any, group: str) -> Muscle:
    described = Muscle(
        name=muscle.getName(),
        anatomy="",
        group=group,
        maximum_isometric_force_n=muscle.get_max_isometric_force(),
        optimal_fibre_length_m=muscle.get_optimal_fiber_length(),
        maximum_contraction_velocity_lo_per_s=muscle.get_max_contraction_velocity(),
        pennation_at_optimal_rad=muscle.get_pennation_angle_at_optimal(),
        tendon_slack_length_m=muscle.get_tendon_slack_length(),
        rigid_tendon=muscle.get_ignore_tendon_compliance() or muscle.getConcreteClassName() == RIGID,
        path=_path(model, muscle),
        wraps=(),
    )
    figures = {
        "max_isometric_force": described.maximum_isometric_force_n,
        "optimal_fiber_length": described.optimal_fibre_length_m,
        "max_contraction_velocity": described.maximum_contraction_velocity_lo_per_s,
        "tendon_slack_length": described.tendon_slack_length_m,
    }
    for name, value in figures.items():
        if not value > 0.0:
            raise complaint(model, f"muscle {described.name}: {name} is {value:g}, expected more than 0; correct it")
    return described


def _path(model: opensim.Model, muscle: Any) -> tuple[PathPoint, ...]:
    path = opensim.GeometryPath.safeDownCast(muscle.get_path())
    if path is None:
        kind = muscle.get_path().getConcreteClassName()
        raise complaint(
            model,
            f"muscle {muscle.getName()}: its path is a {kind}, which does not say what the muscle is attached to, "
            f"expected a GeometryPath with points; give it one in the model",
        )
    return tuple(PathPoint(base_name(point.getParentFrame())) for point in items(path.getPathPointSet()))
