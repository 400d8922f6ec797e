"""Writes calibrated models, and loads them in OpenSim again; run in a process of its own."""

from pathlib import Path
from typing import Any

import opensim

from datasets.arm_files import load_arm
from datasets.description import ArmDescription
from datasets.laboratory.calibrated.write import write_calibrated
from datasets.laboratory.model.coordinates import coordinate_lines
from datasets.laboratory.model.muscles import describe_muscles
from datasets.laboratory.model.opened import open_model
from datasets.laboratory.model.skeleton import describe_skeleton, with_muscles
from datasets.opensim_model import build_model
from tests.datasets.laboratory.model import made_up

OTHERS = ("DELT1", "BRA")  # become muscles of another class


def laboratory_model(folder: Path) -> tuple[Path, ArmDescription]:
    """The suite's arm as a laboratory has it: with muscles of other classes, in a group, and an own credit."""
    model = build_model(load_arm("published"))
    forces = model.updForceSet()
    for name, kind in zip(OTHERS, (opensim.Thelen2003Muscle, opensim.DeGrooteFregly2016Muscle), strict=True):
        own = kind()
        old = model.getMuscles().get(name)
        own.setName(name)
        own.set_path(old.get_path())
        for figure in ("max_isometric_force", "optimal_fiber_length", "tendon_slack_length"):
            getattr(own, f"set_{figure}")(getattr(old, f"get_{figure}")())
        own.set_activation_time_constant(0.017)
        own.thisown = False
        forces.set(forces.getIndex(name), own, True)
    forces.addGroup("flexors")
    forces.addObjectToGroup("flexors", "BRA")
    model.set_credits("Its own authors.")
    path = made_up.saved(model, folder / "laboratory.osim")
    opened = open_model(path)
    muscles = describe_muscles(opened, ("DELT1", "BIClong", "PECM1"), ("BRA",), "map.toml")
    arm = describe_skeleton(opened, coordinate_lines(opened, {}), None)
    return path, with_muscles(opened, arm, muscles)


def calibrated(path: Path, arm: ArmDescription, values: dict[str, float], out_path: Path) -> dict[str, Any]:
    """What OpenSim says of a calibrated model."""
    write_calibrated(path, arm, values, out_path)
    model = opensim.Model(str(out_path))
    state = model.initSystem()
    model.getCoordinateSet().get("elbow_flexion").setValue(state, 0.9)
    model.getCoordinateSet().get("shoulder_elv").setValue(state, 0.5)
    units = {name: model.getMuscles().get(name) for name in arm.muscle_names}
    for index, unit in enumerate(units.values()):
        unit.setActivation(state, 0.2 + 0.15 * index)
    model.equilibrateMuscles(state)
    model.realizeDynamics(state)
    members = model.getForceSet().getGroup("flexors").getMembers()
    bodies = {name: model.getBodySet().get(name) for name in (*arm.identified_bodies, "hand")}
    return {
        "classes": {name: unit.getConcreteClassName() for name, unit in units.items()},
        "states": {name: _muscle_state(unit, state) for name, unit in units.items()},
        "activation times": {name: _activation_time_s(unit) for name, unit in units.items()},
        "members": [members.get(index).getName() for index in range(members.getSize())],
        "credits": model.get_credits(),
        "bodies": {name: _figures(body) for name, body in bodies.items()},
        "TRIlong": model.getMuscles().get("TRIlong").get_max_isometric_force(),
    }


def _muscle_state(unit: Any, state: Any) -> tuple[float, ...]:
    """Activation, length (m) and speed (m/s) of the fibres, tendon's length (m), and tendon's force (N)."""
    return (
        unit.getActivation(state),
        unit.getFiberLength(state),
        unit.getFiberVelocity(state),
        unit.getTendonLength(state),
        unit.getTendonForce(state),
    )


def _activation_time_s(unit: Any) -> float:
    return float(opensim.PropertyHelper.getValueDouble(unit.getPropertyByName("activation_time_constant")))


def _figures(body: Any) -> list[float]:
    inertia = body.get_inertia()
    return [body.get_mass(), *body.get_mass_center().to_numpy(), *(inertia.get(index) for index in range(6))]
