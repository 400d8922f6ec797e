"""Models and wishes that an import cannot serve; for processes that have OpenSim."""

from collections.abc import Callable
from typing import Any, NamedTuple

import opensim

from tests.datasets.laboratory.model import made_up


class Case(NamedTuple):
    """A change to two links with muscles, and what is asked of the import.

    Attributes
    ----------
    change
        Changes the model.
    locks
        Coordinates to lock, as the command takes them.
    bodies
        Bodies to identify; None for all.
    muscles
        Muscles that are measured.
    """

    change: Callable[[Any], None]
    locks: tuple[str, ...] = ()
    bodies: tuple[str, ...] | None = None
    muscles: tuple[str, ...] = ()


def _slider(model: Any) -> None:
    add = opensim.SliderJoint("slider", *made_up.plain(model.getGround(), made_up.add_body(model, "cart")))
    made_up.add_joint(model, add, ("x",))


def _ball(model: Any) -> None:
    add = opensim.BallJoint("socket", *made_up.plain(model.getGround(), made_up.add_body(model, "round")))
    made_up.add_joint(model, add, ("h1", "h2", "h3"))


def _custom(turned_by: Any, slid_by: Any = None) -> Callable[[Any], None]:
    def change(model: Any) -> None:
        turns = (("c", (0.0, 0.0, 1.0), turned_by),)
        made = made_up.transform(turns, ((0, "c", slid_by),) if slid_by else ())
        joint = opensim.CustomJoint("extra", *made_up.plain(model.getGround(), made_up.add_body(model, "extra")), made)
        made_up.add_joint(model, joint, ("c",))

    return change


def _prescribed(model: Any) -> None:
    coordinate = model.updCoordinateSet().get("b")
    coordinate.setPrescribedFunction(opensim.Constant(0.2))
    coordinate.set_prescribed(True)


def _loop(model: Any) -> None:
    weld = opensim.WeldConstraint()
    weld.setName("closing")
    weld.connectSocket_frame1(model.getGround())
    weld.connectSocket_frame2(model.getBodySet().get("second"))
    model.addConstraint(weld)


def _circle(model: Any) -> None:
    made_up.couple(model, "a", ("b",), opensim.LinearFunction(1.0, 0.0))
    made_up.couple(model, "b", ("a",), opensim.LinearFunction(1.0, 0.0))


def _twice(model: Any) -> None:
    _slider(model)
    for other in ("a", "x"):
        made_up.couple(model, "b", (other,), opensim.LinearFunction(1.0, 0.0))


def _bent_coupling(model: Any) -> None:
    _pin(model)
    made_up.couple(model, "b", ("a",), made_up.bent())


def _pin(model: Any) -> None:
    extra = made_up.add_body(model, "extra")
    made_up.add_joint(model, opensim.PinJoint("pin", *made_up.plain(model.getGround(), extra)), ("z",))


def _plane(model: Any) -> None:
    _slider(model)
    _pin(model)
    coefficients = opensim.ArrayDouble(1.0, 3)
    made_up.couple(model, "b", ("a", "x"), opensim.LinearFunction(coefficients))


def _weak(model: Any) -> None:
    opensim.Muscle.safeDownCast(model.updForceSet().get("FLEX1")).set_tendon_slack_length(0.0)


def _spaced(model: Any) -> None:
    made_up.add_muscle(model, "FLEX.3", (model.getGround(), model.getBodySet().get("first")))


def _idle(model: Any) -> None:
    made_up.add_muscle(model, "IDLE", (model.getGround(), model.getGround()))


def _backwards(model: Any) -> None:
    extra = made_up.add_body(model, "extra")
    made_up.add_joint(model, opensim.PinJoint("back", *made_up.plain(extra, model.getGround())), ("z",))


def _dotted_body(model: Any) -> None:
    model.addJoint(opensim.WeldJoint("weld", *made_up.plain(model.getGround(), made_up.add_body(model, "fore.arm"))))


def _light(model: Any) -> None:
    for name in ("first", "second"):
        model.updBodySet().get(name).set_mass(0.005)


def as_it_is(model: Any) -> None:
    """As it is."""


CASES: dict[str, Case] = {
    "slider": Case(_slider),
    "sliding axis": Case(_custom(opensim.LinearFunction(1.0, 0.0), made_up.bent())),
    "bent turn": Case(_custom(made_up.bent())),
    "ball": Case(_ball),
    "bent coupling": Case(_bent_coupling),
    "plane": Case(_plane),
    "circle": Case(_circle),
    "twice": Case(_twice),
    "loop": Case(_loop),
    "prescribed": Case(_prescribed),
    "backwards": Case(_backwards),
    "unknown lock": Case(as_it_is, locks=("elbw",)),
    "bad lock": Case(as_it_is, locks=("a=left",)),
    "locked twice": Case(as_it_is, locks=("a", "a=1")),
    "nothing left": Case(as_it_is, locks=("a", "b=0.5")),
    "unknown body": Case(as_it_is, bodies=("frist",)),
    "dotted body": Case(_dotted_body, bodies=("fore.arm",)),
    "light bodies": Case(_light),
    "unknown muscle": Case(as_it_is, muscles=("FLEX3",)),
    "weak muscle": Case(_weak, muscles=("FLEX1",)),
    "dotted muscle": Case(_spaced, muscles=("FLEX.3",)),
    "idle muscle": Case(_idle, muscles=("IDLE",)),
}
