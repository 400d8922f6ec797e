"""Muscle paths and the surfaces they wrap over, as OpenSim objects made from the description.

Imports OpenSim: to be used in a process of its own (see `datasets.generate`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import opensim
from numpy.typing import NDArray

from datasets.description import GROUND, Muscle, PathFunction, PathPoint, Vector, WrapSurface


def vec3(values: Vector | NDArray[np.float64]) -> opensim.Vec3:
    """Three numbers as OpenSim has them."""
    return opensim.Vec3(*(float(value) for value in values))


def frame(model: opensim.Model, name: str) -> Any:
    """The body, or ground, called `name`."""
    return model.updGround() if name == GROUND else model.updBodySet().get(name)


def frame_path(name: str) -> str:
    """Path within the model of the body, or ground, called `name`."""
    return f"/{GROUND}" if name == GROUND else f"/bodyset/{name}"


def wrap_object(surface: WrapSurface) -> Any:
    """A wrap surface, to be added to its body.

    Raises
    ------
    ValueError
        If its shape is not known.
    """
    size = dict(surface.size)
    if surface.shape == "ellipsoid":
        wrap = opensim.WrapEllipsoid()
        wrap.set_dimensions(vec3(size["semi_axes_m"]))
    elif surface.shape == "cylinder":
        wrap = opensim.WrapCylinder()
        wrap.set_radius(size["radius_m"])
        wrap.set_length(size["length_m"])
    elif surface.shape == "sphere":
        wrap = opensim.WrapSphere()
        wrap.set_radius(size["radius_m"])
    elif surface.shape == "torus":
        wrap = opensim.WrapTorus()
        wrap.set_inner_radius(size["inner_radius_m"])
        wrap.set_outer_radius(size["outer_radius_m"])
    else:
        raise ValueError(f"wrap surface {surface.name}: unknown shape {surface.shape!r}")
    wrap.setName(surface.name)
    wrap.set_translation(vec3(surface.centre_m))
    wrap.set_xyz_body_rotation(vec3(surface.rotation_rad))
    wrap.set_quadrant(surface.quadrant)
    return wrap


def set_path(model: opensim.Model, path: Any, muscle: Muscle, places: dict[str, str], surfaces: dict[str, str]) -> None:
    """Give a muscle's empty path its points and wraps.

    Parameters
    ----------
    model
        The model, with its bodies and wrap surfaces.
    path
        The path.
    muscle
        The muscle's description.
    places
        Paths within the model of the coordinates, by name.
    surfaces
        Bodies of the wrap surfaces, by the surface's name.
    """
    for number, point in enumerate(muscle.path, start=1):
        item = _path_point(point, places)
        item.setName(f"{muscle.name}-P{number}")
        item.updSocket("parent_frame").setConnecteePath(frame_path(point.body))
        path.updPathPointSet().cloneAndAppend(item)
    for number, wrap in enumerate(muscle.wraps):
        path.addPathWrap(frame(model, surfaces[wrap.over]).getWrapObject(wrap.over))
        added = path.getWrapSet().get(number)
        first, last = wrap.between_points or (-1, -1)
        added.set_method("hybrid")
        added.set_range(0, first)
        added.set_range(1, last)


def _path_point(point: PathPoint, places: dict[str, str]) -> Any:
    if point.moves_with is not None:
        moving = opensim.MovingPathPoint()
        x, y, z = (_path_function(function) for function in point.functions)
        moving.set_x_location(x)
        moving.set_y_location(y)
        moving.set_z_location(z)
        for axis in "xyz":
            moving.updSocket(f"{axis}_coordinate").setConnecteePath(places[point.moves_with])
        return moving
    if point.at_m is None:
        raise ValueError(f"a path point on {point.body} has neither a place nor a coordinate to move with")
    if point.when is None or point.within_rad is None:
        fixed = opensim.PathPoint()
        fixed.setLocation(vec3(point.at_m))
        return fixed
    conditional = opensim.ConditionalPathPoint()
    conditional.setLocation(vec3(point.at_m))
    conditional.set_range(0, point.within_rad[0])
    conditional.set_range(1, point.within_rad[1])
    conditional.updSocket("coordinate").setConnecteePath(places[point.when])
    return conditional


def _path_function(function: PathFunction) -> Any:
    kinds = {"linear": opensim.PiecewiseLinearFunction, "spline": opensim.SimmSpline}
    made = kinds[function.kind]()
    for rad, m in zip(function.rad, function.m, strict=True):
        made.addPoint(rad, m)
    return made
