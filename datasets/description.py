"""The arm as typed, immutable objects; :mod:`datasets.arm_files` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    """A joint of the tree of bodies; without rotations it is a weld.

    Attributes
    ----------
    name, parent, child
        Its name, and the bodies that it joins.
    origin_m, orientation_rad
        Where it sits on the parent: a point, and turns about the frame's own x, y and z one after another.
    rotations
        Its turns, one after another.
    child_origin_m, child_orientation_rad
        Where it sits on the child.
    """

    name: str
    parent: str
    child: str
    origin_m: Vector
    rotations: tuple[Rotation, ...]
    orientation_rad: Vector = (0.0, 0.0, 0.0)
    child_origin_m: Vector = (0.0, 0.0, 0.0)
    child_orientation_rad: Vector = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Coupling:
    """A dependent coordinate: ``slope`` times an independent one, and ``offset_rad``."""

    dependent: str
    independent: str
    slope: float
    offset_rad: float = 0.0


@dataclass(frozen=True)
class PathFunction:
    """A coordinate of a moving path point: ``kind`` is ``linear`` or ``spline`` through (rad, m)."""

    kind: str
    rad: Vector
    m: Vector


@dataclass(frozen=True)
class PathPoint:
    """A point of a muscle's path: fixed, conditional (``when`` is within ``within_rad``) or moving.

    Of arms that OpenSim knows the paths of, it is the body alone.
    """

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
    """The whole arm: the bodies from the ground outwards, branch by branch, each behind its parent.

    Attributes
    ----------
    variant
        Its name.
    gravity_m_per_s2
        In the frame of the ground.
    independent_coordinates, identified_bodies
        Names of the coordinates that move by themselves, and of the bodies whose inertia is to be identified.
    bodies, joints
        The tree.
    ranges_rad
        Lowest and highest position of coordinates, by name.
    couplings
        The dependent coordinates.
    muscles, wrap_surfaces
        The muscles, and what they wrap over.
    physiology
        Figures that all muscles share, see ``arm/physiology.toml``.
    held_rad
        Positions of the coordinates that do not move at all.
    """

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
    held_rad: tuple[tuple[str, float], ...] = ()

    @property
    def coordinates(self) -> tuple[str, ...]:
        """All coordinates, dependent and held ones too, in the order of the joints."""
        return tuple(rotation.coordinate for joint in self.joints for rotation in joint.rotations)

    @property
    def muscle_names(self) -> tuple[str, ...]:
        """Names of the muscles, superficial ones first."""
        return tuple(muscle.name for muscle in self.muscles)

    def body(self, name: str) -> Body:
        """The body called `name`."""
        return next(body for body in self.bodies if body.name == name)

    def coupling_matrix(self) -> NDArray[np.float64]:
        """K of q = K y + q_0: all coordinates (rows) from the independent ones (columns)."""
        matrix = np.zeros((len(self.coordinates), len(self.independent_coordinates)))
        slopes = {name: (name, 1.0) for name in self.independent_coordinates}
        slopes |= {coupling.dependent: (coupling.independent, coupling.slope) for coupling in self.couplings}
        for row, coordinate in enumerate(self.coordinates):
            if coordinate in slopes:
                independent, slope = slopes[coordinate]
                matrix[row, self.independent_coordinates.index(independent)] = slope
        return matrix

    def offset_rad(self) -> NDArray[np.float64]:
        """q_0 of q = K y + q_0, (coordinates,): the couplings' offsets, and where held coordinates are."""
        offsets = dict(self.held_rad) | {coupling.dependent: coupling.offset_rad for coupling in self.couplings}
        return np.array([offsets.get(coordinate, 0.0) for coordinate in self.coordinates])

    def spanned(self) -> NDArray[np.bool_]:
        """Which independent coordinates (columns) each muscle (rows) spans: they move some of its path, not all."""
        coupled = self.coupling_matrix() != 0.0
        moved = self._moved_bodies()
        paths = [np.array([moved[point.body] for point in muscle.path]) for muscle in self.muscles]
        spans = [coupled[path.any(axis=0) & ~path.all(axis=0)].any(axis=0) for path in paths]
        return np.array(spans, dtype=np.bool_).reshape(-1, coupled.shape[1])

    def _moved_bodies(self) -> dict[str, NDArray[np.bool_]]:
        """Which of all coordinates move each body."""
        coordinates = self.coordinates
        moved = {GROUND: np.zeros(len(coordinates), dtype=np.bool_)}
        for joint in self.joints:
            own = {turn.coordinate for turn in joint.rotations}
            moved[joint.child] = moved[joint.parent] | np.array([name in own for name in coordinates])
        return moved
