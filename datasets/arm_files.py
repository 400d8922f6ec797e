"""The arm's description, read from the TOML files of ``datasets/arm``.

Everything that needs a figure of the arm (the Pinocchio arm, the OpenSim model, the force curves, the parameter
space) takes it from here and from nowhere else.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from datasets.description import (
    ArmDescription,
    Body,
    Coupling,
    Joint,
    Muscle,
    PathFunction,
    PathPoint,
    PathWrap,
    Rotation,
    WrapSurface,
)
from datasets.subjects import BASE_VARIANT, SUBJECTS, virtual_subject

ARM_FOLDER = Path(__file__).parent / "arm"


@cache
def variants() -> tuple[str, ...]:
    """Names of the arm's variants: the model's, then the virtual subjects."""
    return (*_read("skeleton")["variants"], *SUBJECTS)


@cache
def load_arm(variant: str = "published") -> ArmDescription:
    """Read the arm's description.

    Parameters
    ----------
    variant
        ``published``, ``light_phantoms`` or a virtual subject, such as ``subject1``.

    Raises
    ------
    ValueError
        If there is no such variant.
    """
    if variant in SUBJECTS:
        return virtual_subject(load_arm(BASE_VARIANT), variant)
    skeleton = _read("skeleton")
    if variant not in skeleton["variants"]:
        raise ValueError(f"unknown arm variant {variant!r}; there are: {', '.join(variants())}")
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
