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
