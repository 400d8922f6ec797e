"""Made-up OpenSim models: a tree with all that an import knows, and small ones with something that it does not.

Imports OpenSim: for the probes alone.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import opensim

from datasets.opensim_model import complete_axes

Vector = tuple[float, ...]


def add_body(model: Any, name: str, mass_kg: float = 1.0) -> Any:
    inertia = opensim.Inertia(0.02, 0.03, 0.04, 0.001, -0.002, 0.003)
    body = opensim.Body(name, mass_kg, opensim.Vec3(0.03, -0.1, 0.02), inertia)
    model.addBody(body)
    return body


def add_joint(model: Any, joint: Any, coordinates: tuple[str, ...]) -> Any:
    joint.finalizeFromProperties()
    for index, name in enumerate(coordinates):
        joint.upd_coordinates(index).setName(name)
        joint.upd_coordinates(index).setRangeMin(-1.2)
        joint.upd_coordinates(index).setRangeMax(1.3)
    model.addJoint(joint)
    return joint


def placed(parent: Any, child: Any) -> tuple[Any, ...]:
    """Frames that are moved and turned on both sides."""
    at, turned = opensim.Vec3(0.1, -0.2, 0.05), opensim.Vec3(0.3, -0.5, 0.7)
    return (parent, at, turned, child, opensim.Vec3(-0.04, 0.06, 0.02), opensim.Vec3(-0.2, 0.4, 0.1))


def plain(parent: Any, child: Any) -> tuple[Any, ...]:
    zero = opensim.Vec3(0.0)
    return (parent, opensim.Vec3(0.0, -0.3, 0.0), zero, child, zero, zero)


def transform(turns: tuple[tuple[str, Vector, Any], ...], slides: tuple[tuple[int, str, Any], ...] = ()) -> Any:
    """Turns (coordinate, axis, function) and slides (axis number, coordinate or none, function)."""
    made = opensim.SpatialTransform()
    for index, axis in enumerate(complete_axes(tuple(axis for _, axis, _ in turns))):
        slot = made.updTransformAxis(index)
        slot.setAxis(opensim.Vec3(*axis))
        slot.set_function(opensim.Constant(0.0))
    for index, (coordinate, _, function) in enumerate(turns):
        _use(made.updTransformAxis(index), coordinate, function)
    for index, coordinate, function in slides:
        _use(made.updTransformAxis(3 + index), coordinate, function)
    return made


def _use(slot: Any, coordinate: str, function: Any) -> None:
    if coordinate:
        slot.setCoordinateNames(opensim.ArrayStr(coordinate, 1))
    slot.set_function(function)


def couple(model: Any, dependent: str, independent: tuple[str, ...], function: Any) -> Any:
    coupler = opensim.CoordinateCouplerConstraint()
    coupler.setName(f"{dependent}_by_{'_'.join(independent)}")
    names = opensim.ArrayStr()
    for name in independent:
        names.append(name)
    coupler.setIndependentCoordinateNames(names)
    coupler.setDependentCoordinateName(dependent)
    coupler.setFunction(function)
    model.addConstraint(coupler)
    return coupler


def add_muscle(model: Any, name: str, bodies: tuple[Any, ...], made: Any = None) -> Any:
    muscle = made or opensim.Millard2012EquilibriumMuscle()
    muscle.setName(name)
    for index, body in enumerate(bodies):
        muscle.addNewPathPoint(f"{name}-{index}", body, opensim.Vec3(0.02 + 0.01 * index, 0.05, 0.01))
    model.addForce(muscle)
    return muscle


def bent() -> Any:
    """A function that is no straight line."""
    function = opensim.SimmSpline()
    for x, y in ((-2.0, 1.0), (0.0, 0.0), (2.0, 0.7)):
        function.addPoint(x, y)
    return function


def straight(slope: float, offset: float) -> Any:
    """A straight line that is a spline."""
    function = opensim.SimmSpline()
    for x in (-2.0, 0.5, 2.0):
        function.addPoint(x, slope * x + offset)
    return function


def scaled(function: Any, factor: float) -> Any:
    function.thisown = False  # the multiplier owns it
    return opensim.MultiplierFunction(function, factor)


def saved(model: Any, path: Path) -> Path:
    model.finalizeConnections()
    assert model.printToXML(str(path))
    return path


def tree(path: Path) -> Path:
    """Two branches, turned frames, joints of all kinds, couplings with offsets and in a chain, things that are held."""
    model = opensim.Model()
    model.setName("Made-up_Tree.1")
    model.setGravity(opensim.Vec3(0.5, -9.0, 1.0))
    ground = model.getGround()
    upper, lower, tip, leaf, side, ball = (
        add_body(model, name, mass)
        for name, mass in zip(["upper", "lower", "tip", "leaf", "side", "ball"], range(1, 7), strict=True)
    )
    # Joints are not in the order of the tree on purpose.
    add_joint(model, opensim.UniversalJoint("elbow", *placed(upper, lower)), ("c", "d"))
    turns = (
        ("b", (0.0, 1.0, 0.1), opensim.LinearFunction(-1.0, 0.25)),
        ("a", (1.0, 2.0, 2.0), opensim.LinearFunction(1.0, 0.0)),
        ("a", (0.1, 0.2, 1.0), scaled(straight(1.0, 0.1), 0.5)),
    )
    slides = ((0, "", opensim.Constant(0.1)), (1, "s", bent()))
    add_joint(model, opensim.CustomJoint("shoulder", *placed(ground, upper), transform(turns, slides)), ("b", "a", "s"))
    add_joint(model, opensim.PinJoint("pin", *placed(ground, side)), ("e",))
    model.addJoint(opensim.WeldJoint("weld", *placed(upper, leaf)))
    gimbal = add_joint(model, opensim.GimbalJoint("wrist", *placed(lower, tip)), ("g1", "g2", "g3"))
    gimbal.upd_coordinates(1).setDefaultValue(0.3)
    gimbal.upd_coordinates(1).set_locked(True)
    add_joint(model, opensim.BallJoint("socket", *placed(side, ball)), ("h1", "h2", "h3"))
    couple(model, "d", ("a",), opensim.LinearFunction(-0.4, 0.2))
    couple(model, "g3", ("d",), straight(2.0, -0.1))
    couple(model, "c", ("e",), bent()).set_isEnforced(False)
    add_muscle(model, "M", (ground, upper, lower))
    return saved(model, path)


def two_links(path: Path, change: Callable[[Any], None]) -> Path:
    """Two links with a pin each, `a` and `b`, and muscles, changed in some way."""
    model = opensim.Model()
    model.setName("published")
    first, second = add_body(model, "first"), add_body(model, "second")
    add_joint(model, opensim.PinJoint("near", *plain(model.getGround(), first)), ("a",))
    add_joint(model, opensim.PinJoint("far", *plain(first, second)), ("b",))
    add_muscle(model, "FLEX1", (model.getGround(), first))
    add_muscle(model, "FLEX2", (first, second))
    model.finalizeConnections()
    change(model)
    return saved(model, path)
