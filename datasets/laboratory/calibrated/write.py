"""A laboratory's OpenSim model with the parameters that were identified.

Imports OpenSim: to be used in a process of its own, see :mod:`datasets.laboratory.calibrated.apart`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import opensim

from datasets.description import ArmDescription, Body, Muscle
from datasets.laboratory.calibrated.checks import check_body, check_values
from datasets.laboratory.files.text import LaboratoryError
from datasets.laboratory.model.differences import MILLARD
from datasets.laboratory.model.opened import complaint, open_model
from datasets.opensim_muscles import set_parameters, set_shared_figures
from datasets.opensim_paths import vec3
from datasets.valued import arm_with

_TIMES = {"activation_time": "activation_time_constant", "deactivation_time": "deactivation_time_constant"}
# What a muscle of another class hands on, where it has it.
_KEPT = ("max_control", "default_activation", *_TIMES.values())


def write_calibrated(model_path: Path, arm: ArmDescription, values: Mapping[str, float], out_path: Path) -> None:
    """Write a model with identified parameters; muscles and bodies that were not identified stay as they are.

    Identified muscles become Millard2012EquilibriumMuscles with the curves, damping and limits of
    ``arm/physiology.toml``, and keep their paths and groups. The credits of the model say so. OpenSim writes points of
    splines and coefficients of functions with six digits, whatever it has read, and all else with all of them.

    Parameters
    ----------
    model_path
        The laboratory's model.
    arm
        The description that was made of it.
    values
        Identified parameters, by the names of `datasets.parameters`; what is missing of an identified muscle or body
        is as in `arm`. Those that OpenSim's muscles know nothing of, such as ``c1``, are not written.
    out_path
        The ``.osim`` file to write, whole or not at all; one that is there is replaced.

    Raises
    ------
    LaboratoryError
        If the model cannot be used or lacks a muscle or body, a value is unknown or impossible, or `out_path` is the
        laboratory's model itself.
    OSError
        If the file cannot be written.
    """
    check_values(arm, values)
    if out_path.resolve() == model_path.resolve():
        raise LaboratoryError(f"{out_path}: is the laboratory's own model, expected another file; choose another name")
    identified = arm_with(arm, values)
    owners = {name.partition(".")[0] for name in values}
    muscles = [muscle for muscle in identified.muscles if muscle.name in owners]
    bodies = [identified.body(name) for name in arm.identified_bodies if name in owners]
    open_model(model_path)  # which says what is wrong with it, if anything
    model = opensim.Model(str(model_path))
    for muscle in muscles:
        _calibrate_muscle(model, muscle, arm, values)
    for body in bodies:
        _calibrate_body(model, body)
    model.set_credits(f"{model.get_credits().strip()} {_note(model_path, muscles, bodies)}".strip())
    _write(model, out_path)


def _calibrate_muscle(model: opensim.Model, muscle: Muscle, arm: ArmDescription, values: Mapping[str, float]) -> None:
    if not model.getMuscles().contains(muscle.name):
        raise complaint(model, f"muscle {muscle.name} is missing, expected the model that was imported")
    if model.getMuscles().get(muscle.name).getConcreteClassName() != MILLARD:
        _replace(model, muscle.name)
    unit = opensim.Millard2012EquilibriumMuscle.safeDownCast(model.updMuscles().get(muscle.name))
    set_parameters(unit, muscle)
    set_shared_figures(unit, arm.physiology)
    unit.set_min_control(max(unit.get_min_control(), unit.get_minimum_activation()))  # which OpenSim insists on
    for ours, theirs in _TIMES.items():
        if ours in values:
            getattr(unit, f"set_{theirs}")(values[ours])


def _replace(model: opensim.Model, name: str) -> None:
    """Put a Millard2012EquilibriumMuscle in the place of a muscle of another class."""
    forces = model.updForceSet()
    old = model.getMuscles().get(name)
    unit = opensim.Millard2012EquilibriumMuscle()
    unit.setName(name)
    unit.set_path(old.get_path())
    unit.set_appliesForce(old.get_appliesForce())
    for kept in _KEPT:
        if old.hasProperty(kept):
            getattr(unit, f"set_{kept}")(opensim.PropertyHelper.getValueDouble(old.getPropertyByName(kept)))
    unit.thisown = False  # the set owns it from here on
    forces.set(forces.getIndex(name), unit, True)
    model.finalizeConnections()


def _calibrate_body(model: opensim.Model, body: Body) -> None:
    check_body(body)
    if not model.getBodySet().contains(body.name):
        raise complaint(model, f"body {body.name} is missing, expected the model that was imported")
    own = model.updBodySet().get(body.name)
    own.set_mass(body.mass_kg)
    own.set_mass_center(vec3(body.centre_of_mass_m))
    own.set_inertia(opensim.Vec6(*body.inertia_kg_m2))


def _note(model_path: Path, muscles: Sequence[Muscle], bodies: Sequence[Body]) -> str:
    def listed(owners: Sequence[Muscle] | Sequence[Body]) -> str:
        return ", ".join(owner.name for owner in owners) or "none"

    return (
        f"Calibrated by arm-identification-benchmark from {model_path.name}: parameters of muscles "
        f"({listed(muscles)}), which have its force curves, damping and limits, and of bodies ({listed(bodies)})."
    )


def _write(model: opensim.Model, out_path: Path) -> None:
    out_path.parent.mkdir(parents=True, exist_ok=True)
    partial = out_path.with_suffix(".partial.osim")
    try:
        model.finalizeConnections()
        if not model.printToXML(str(partial)):
            raise OSError(f"{out_path} could not be written")
        open_model(partial)
        partial.replace(out_path)
    except RuntimeError as error:
        reason = str(error)[:300]
        raise LaboratoryError(f"{out_path}: OpenSim could not write the calibrated model: {reason}") from error
    finally:
        partial.unlink(missing_ok=True)
