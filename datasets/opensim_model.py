"""The arm as an OpenSim model, built through OpenSim's API from the description alone.

OpenSim cannot share a process with CasADi, so nothing imports this module but what runs in a process of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import opensim

from datasets.description import ArmDescription, Joint, Muscle, Vector
from datasets.opensim_muscles import set_parameters, set_shared_figures
from datasets.opensim_paths import frame, set_path, vec3, wrap_object

opensim.Logger.removeFileSink()  # or else an opensim.log appears wherever the process runs
opensim.Logger.setLevelString("error")


def build_model(arm: ArmDescription) -> opensim.Model:
    """Build the OpenSim model of `arm`: skeleton, couplings and muscles; no ligaments, no limits, no controller.

    Parameters
    ----------
    arm
        The description, of either variant.

    Returns
    -------
    opensim.Model
        The model, connected; ``initSystem`` has not been called.
    """
    model = opensim.Model()
    model.setName(f"arm_{arm.variant}")
    model.setGravity(vec3(arm.gravity_m_per_s2))
    for body in arm.bodies:
        inertia = opensim.Inertia(*body.inertia_kg_m2)
        model.addBody(opensim.Body(body.name, body.mass_kg, vec3(body.centre_of_mass_m), inertia))
    for joint in arm.joints:
        _add_joint(model, joint, dict(arm.ranges_rad))
    for surface in arm.wrap_surfaces:
        frame(model, surface.body).addWrapObject(wrap_object(surface))
    _add_couplings(model, arm)
    places = {
        turn.coordinate: f"/jointset/{joint.name}/{turn.coordinate}" for joint in arm.joints for turn in joint.rotations
    }
    surfaces = {surface.name: surface.body for surface in arm.wrap_surfaces}
    for muscle in arm.muscles:
        model.addForce(_muscle(model, muscle, arm.physiology, places, surfaces))
    model.finalizeConnections()
    return model


def complete_axes(axes: tuple[Vector, ...]) -> tuple[Vector, ...]:
    """Complete one to three rotation axes to three independent ones, which OpenSim's CustomJoint demands.

    Parameters
    ----------
    axes
        The axes that a coordinate turns about.

    Returns
    -------
    tuple of Vector
        The axes given, then unit axes as far from their span as there are; nothing turns about those.
    """
    completed = list(axes)
    while len(completed) < 3:
        # The last right singular vector is at right angles to all the axes there are.
        completed.append(tuple(float(x) for x in np.linalg.svd(np.array(completed))[2][-1]))
    return tuple(completed)


def _add_joint(model: opensim.Model, joint: Joint, ranges_rad: dict[str, Vector]) -> None:
    zero = opensim.Vec3(0.0)
    frames = (frame(model, joint.parent), vec3(joint.origin_m), zero, frame(model, joint.child), zero, zero)
    if not joint.rotations:
        model.addJoint(opensim.WeldJoint(joint.name, *frames))
        return
    custom = opensim.CustomJoint(joint.name, *frames, _spatial_transform(joint))
    custom.finalizeFromProperties()  # which makes the coordinates
    for index, turn in enumerate(joint.rotations):
        coordinate = custom.upd_coordinates(index)
        coordinate.setName(turn.coordinate)
        if turn.coordinate in ranges_rad:
            coordinate.setRangeMin(ranges_rad[turn.coordinate][0])
            coordinate.setRangeMax(ranges_rad[turn.coordinate][1])
    model.addJoint(custom)


def _spatial_transform(joint: Joint) -> opensim.SpatialTransform:
    transform = opensim.SpatialTransform()
    axes = complete_axes(tuple(turn.axis for turn in joint.rotations))
    for number, axis in enumerate(axes):
        slot = transform.updTransformAxis(number)
        slot.setAxis(vec3(axis))
        if number < len(joint.rotations):
            slot.setCoordinateNames(opensim.ArrayStr(joint.rotations[number].coordinate, 1))
            slot.set_function(opensim.LinearFunction(1.0, 0.0))
        else:
            slot.set_function(opensim.Constant(0.0))
    return transform


def _add_couplings(model: opensim.Model, arm: ArmDescription) -> None:
    for coupling in arm.couplings:
        constraint = opensim.CoordinateCouplerConstraint()
        constraint.setName(f"{coupling.dependent}_coupling")
        constraint.setIndependentCoordinateNames(opensim.ArrayStr(coupling.independent, 1))
        constraint.setDependentCoordinateName(coupling.dependent)
        constraint.setFunction(opensim.LinearFunction(coupling.slope, 0.0))
        model.addConstraint(constraint)


def _muscle(
    model: opensim.Model, muscle: Muscle, physiology: dict[str, Any], places: dict[str, str], surfaces: dict[str, str]
) -> opensim.Millard2012EquilibriumMuscle:
    unit = opensim.Millard2012EquilibriumMuscle()
    unit.setName(muscle.name)
    set_parameters(unit, muscle)
    set_shared_figures(unit, physiology)
    unit.set_activation_time_constant(physiology["activation"]["activation_time_s"])
    unit.set_deactivation_time_constant(physiology["activation"]["deactivation_time_s"])
    set_path(model, unit.updGeometryPath(), muscle, places, surfaces)
    return unit
