"""The arm as data: the TOML files of ``datasets/arm`` read into typed, immutable objects.

Everything that needs a figure of the arm (the Pinocchio arm, the OpenSim model, the force curves, the parameter
space) takes it from here and from nowhere else.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ARM_FOLDER = Path(__file__).parent / "arm"
GROUND = "ground"

Vector = tuple[float, ...]


@dataclass(frozen=True)
class Body:
    """A rigid body: mass (kg), centre of mass (m), inertia about it [xx, yy, zz, xy, xz, yz] (kg m2)."""

    name: str
    mass_kg: float
    centre_of_mass_m: Vector
    inertia_kg_m2: Vector


@dataclass(frozen=True)
class Rotation:
    """One turn of a joint: its coordinate and the body-fixed axis it turns about."""

    coordinate: str
    axis: Vector


@dataclass(frozen=True)
class Joint:
    """A joint of the serial chain; without rotations it is a weld."""

    name: str
    parent: str
    child: str
    origin_m: Vector
    rotations: tuple[Rotation, ...]


@dataclass(frozen=True)
class Coupling:
    """A dependent coordinate, ``slope`` times an independent one."""

    dependent: str
    independent: str
    slope: float


@dataclass(frozen=True)
class PathFunction:
    """A coordinate of a moving path point: ``kind`` is ``linear`` or ``spline`` through (rad, m)."""

    kind: str
    rad: Vector
    m: Vector


@dataclass(frozen=True)
class PathPoint:
    """A point of a muscle's path: fixed, conditional (``when`` is within ``within_rad``) or moving."""

    body: str
    at_m: Vector | None = None
    when: str | None = None
    within_rad: Vector | None = None
    moves_with: str | None = None
    functions: tuple[PathFunction, ...] = ()


@dataclass(frozen=True)
class PathWrap:
    """A wrap surface of a muscle's path, over the whole path or between two of its points (from 1)."""

    over: str
    between_points: tuple[int, int] | None


@dataclass(frozen=True)
class Muscle:
    """A musculotendon unit: the five parameters of eq. (15)-(16), its group and its path."""

    name: str
    anatomy: str
    group: str
    maximum_isometric_force_n: float
    optimal_fibre_length_m: float
    maximum_contraction_velocity_lo_per_s: float
    pennation_at_optimal_rad: float
    tendon_slack_length_m: float
    rigid_tendon: bool
    path: tuple[PathPoint, ...]
    wraps: tuple[PathWrap, ...]

    @property
    def is_deep(self) -> bool:
        """Whether the muscle has no surface EMG."""
        return self.group == "deep"

    @property
    def maximum_contraction_velocity_m_per_s(self) -> float:
        """v_max in m/s."""
        return self.maximum_contraction_velocity_lo_per_s * self.optimal_fibre_length_m


@dataclass(frozen=True)
class WrapSurface:
    """A surface that muscles wrap over; ``size`` holds the shape's own lengths (m)."""

    name: str
    body: str
    shape: str
    centre_m: Vector
    rotation_rad: Vector
    quadrant: str
    size: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class ArmDescription:
    """The whole arm of one variant."""

    variant: str
    gravity_m_per_s2: Vector
    independent_coordinates: tuple[str, ...]
    identified_bodies: tuple[str, ...]
    bodies: tuple[Body, ...]
    joints: tuple[Joint, ...]
    ranges_rad: tuple[tuple[str, Vector], ...]
    couplings: tuple[Coupling, ...]
    muscles: tuple[Muscle, ...]
    wrap_surfaces: tuple[WrapSurface, ...]
    physiology: dict[str, Any]

    @property
    def coordinates(self) -> tuple[str, ...]:
        """All coordinates, dependent ones too, in the order of the chain."""
        return tuple(rotation.coordinate for joint in self.joints for rotation in joint.rotations)

    @property
    def muscle_names(self) -> tuple[str, ...]:
        """Names of the muscles, superficial ones first."""
        return tuple(muscle.name for muscle in self.muscles)

    def body(self, name: str) -> Body:
        """The body called `name`."""
        return next(body for body in self.bodies if body.name == name)

    def coupling_matrix(self) -> NDArray[np.float64]:
        """K of q = K y: all coordinates (rows) from the independent ones (columns)."""
        matrix = np.zeros((len(self.coordinates), len(self.independent_coordinates)))
        slopes = {name: (name, 1.0) for name in self.independent_coordinates}
        slopes |= {coupling.dependent: (coupling.independent, coupling.slope) for coupling in self.couplings}
        for row, coordinate in enumerate(self.coordinates):
            independent, slope = slopes[coordinate]
            matrix[row, self.independent_coordinates.index(independent)] = slope
        return matrix

    def spanned(self) -> NDArray[np.bool_]:
        """Which independent coordinates (columns) each muscle (rows) spans: those between the ends of its path."""
        bodies = [GROUND, *(joint.child for joint in self.joints)]
        coupled = self.coupling_matrix() != 0.0
        ends = np.cumsum([0, *(len(joint.rotations) for joint in self.joints)])
        spans = []
        for muscle in self.muscles:
            places = [bodies.index(point.body) for point in muscle.path]
            spans.append(coupled[ends[min(places)] : ends[max(places)]].any(axis=0))
        return np.array(spans)


def variants() -> tuple[str, ...]:
    """Names of the arm's variants."""
    return tuple(_read("skeleton")["variants"])


@cache
def load_arm(variant: str = "published") -> ArmDescription:
    """Read the arm's description.

    Parameters
    ----------
    variant
        ``published`` or ``light_phantoms``.

    Raises
    ------
    ValueError
        If there is no such variant.
    """
    skeleton = _read("skeleton")
    if variant not in skeleton["variants"]:
        raise ValueError(f"unknown arm variant {variant!r}; there are: {', '.join(skeleton['variants'])}")
    changes = skeleton["variants"][variant]
    bodies = tuple(_body(entry, changes) for entry in skeleton["body"])
    return ArmDescription(
        variant=variant,
        gravity_m_per_s2=tuple(skeleton["gravity_m_per_s2"]),
        independent_coordinates=tuple(skeleton["independent_coordinates"]),
        identified_bodies=tuple(skeleton["identified_bodies"]),
        bodies=bodies,
        joints=tuple(_joint(entry) for entry in skeleton["joint"]),
        ranges_rad=tuple((entry["name"], tuple(entry["range_rad"])) for entry in skeleton["coordinate"]),
        couplings=tuple(_coupling(entry) for entry in skeleton["coupling"]),
        muscles=tuple(_muscle(entry) for entry in _read("muscles")["muscle"]),
        wrap_surfaces=tuple(_wrap_surface(entry) for entry in _read("wrapping")["wrap"]),
        physiology=_read("physiology"),
    )


def _read(name: str) -> dict[str, Any]:
    with (ARM_FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _body(entry: dict[str, Any], changes: dict[str, Any]) -> Body:
    body = Body(
        name=entry["name"],
        mass_kg=entry["mass_kg"],
        centre_of_mass_m=tuple(entry["centre_of_mass_m"]),
        inertia_kg_m2=tuple(entry["inertia_kg_m2"]),
    )
    if body.name in changes.get("bodies", ()):
        body = replace(body, inertia_kg_m2=tuple(changes["inertia_kg_m2"]))
    return body


def _joint(entry: dict[str, Any]) -> Joint:
    rotations = tuple(Rotation(turn["coordinate"], tuple(turn["axis"])) for turn in entry["rotations"])
    return Joint(entry["name"], entry["parent"], entry["child"], tuple(entry["origin_m"]), rotations)


def _coupling(entry: dict[str, Any]) -> Coupling:
    independent_rad, dependent_rad = entry["through_rad"]
    return Coupling(entry["dependent"], entry["independent"], dependent_rad / independent_rad)


def _muscle(entry: dict[str, Any]) -> Muscle:
    scalars = {key: value for key, value in entry.items() if key not in ("path", "wraps")}
    path = tuple(_path_point(point) for point in entry["path"])
    return Muscle(**scalars, path=path, wraps=tuple(_path_wrap(wrap) for wrap in entry["wraps"]))


def _path_point(entry: dict[str, Any]) -> PathPoint:
    if "moves_with" in entry:
        functions = tuple(
            PathFunction(entry[axis]["kind"], tuple(entry[axis]["rad"]), tuple(entry[axis]["m"]))
            for axis in ("x", "y", "z")
        )
        return PathPoint(entry["body"], moves_with=entry["moves_with"], functions=functions)
    within = tuple(entry["within_rad"]) if "when" in entry else None
    return PathPoint(entry["body"], at_m=tuple(entry["at_m"]), when=entry.get("when"), within_rad=within)


def _path_wrap(entry: dict[str, Any]) -> PathWrap:
    first_last = entry.get("between_points")
    return PathWrap(entry["over"], (first_last[0], first_last[1]) if first_last else None)


def _wrap_surface(entry: dict[str, Any]) -> WrapSurface:
    own = ("name", "body", "shape", "centre_m", "rotation_rad", "quadrant")
    return WrapSurface(
        name=entry["name"],
        body=entry["body"],
        shape=entry["shape"],
        centre_m=tuple(entry["centre_m"]),
        rotation_rad=tuple(entry["rotation_rad"]),
        quadrant=entry["quadrant"],
        size=tuple((key, value) for key, value in entry.items() if key not in own),
    )
