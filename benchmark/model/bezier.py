"""Muscle and tendon curves as quintic Bezier splines (Millard et al. 2013, appendix), from their constants.

Each curve's function returns control points, (sections, 6, 2); :func:`heights` evaluates them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import comb

from benchmark.model.bisection import bisect

Points = NDArray[np.float64]
PLATEAU_HALF_WIDTH = 0.05
NEAR_MAXIMUM_VELOCITY = 0.9


def heights(sections: Points, x: Points) -> Points:
    """Heights of a spline above abscissas within its domain.

    The curve's parameter is found by bisection, which cannot fail where x grows with the parameter.

    Parameters
    ----------
    sections
        Control points, (sections, 6, 2).
    x
        Abscissas, (n,).

    Returns
    -------
    Points
        (n,).
    """
    own = sections[np.clip(np.searchsorted(sections[:, 0, 0], x, side="right") - 1, 0, len(sections) - 1)]
    return _points(own, bisect(lambda u: _points(own, u)[:, 0], x, 0.0, 1.0))[:, 1]


def active_force_length(constants: Mapping[str, float]) -> Points:
    """Control points of f^L over the normalised fibre length."""
    start, shallow, end = (
        constants[f"{name}_fibre_length"] for name in ("minimum_active", "transition", "maximum_active")
    )
    slope, low = constants["shallow_ascending_slope"], constants["minimum_value"]
    shoulder = 1.0 - PLATEAU_HALF_WIDTH
    y_shallow = 1.0 - slope * (shoulder - shallow)
    steep = (start + 0.5 * (shallow - start), 0.5 * y_shallow, 1.25 * y_shallow / (shallow - start))
    plateau = (shallow + 0.5 * (shoulder - shallow), y_shallow + 0.5 * (1.0 - y_shallow), slope)
    falling_slope = -1.0 / ((end - PLATEAU_HALF_WIDTH) - (1.0 + PLATEAU_HALF_WIDTH))
    falling = (0.5 * (1.0 + PLATEAU_HALF_WIDTH + end), 0.5, falling_slope)
    nodes = [(start, low, 0.0), steep, plateau, (1.0, 1.0, 0.0), falling, (end, low, 0.0)]
    return _through(nodes, [constants["curviness"]] * 5)


def force_velocity(constants: Mapping[str, float]) -> Points:
    """Control points of f^V over the normalised fibre velocity, lengthening positive."""
    concentric = (constants["concentric_slope_at_vmax"], constants["concentric_slope_near_vmax"])
    eccentric = (constants["eccentric_slope_at_vmax"], constants["eccentric_slope_near_vmax"])
    margin, top = 1.0 - NEAR_MAXIMUM_VELOCITY, constants["maximum_eccentric_force"]
    nodes = [
        (-1.0, 0.0, concentric[0]),
        (-NEAR_MAXIMUM_VELOCITY, 0.5 * margin * sum(concentric), concentric[1]),
        (0.0, 1.0, constants["isometric_slope"]),
        (NEAR_MAXIMUM_VELOCITY, top - 0.5 * margin * sum(eccentric), eccentric[1]),
        (1.0, top, eccentric[0]),
    ]
    return _through(nodes, [constants["concentric_curviness"]] * 2 + [constants["eccentric_curviness"]] * 2)


def passive_force_length(constants: Mapping[str, float]) -> Points:
    """Control points of f^PE over the normalised fibre length."""
    zero, one = 1.0 + constants["strain_at_zero_force"], 1.0 + constants["strain_at_one_norm_force"]
    low_stiffness, stiffness = constants["stiffness_at_low_force"], constants["stiffness_at_one_norm_force"]
    low_width = min(0.1 / stiffness, 0.1 * (one - zero))
    nodes = [
        (zero, 0.0, 0.0),
        (zero + low_width, 0.5 * low_width * low_stiffness, low_stiffness),
        (one, 1.0, stiffness),
    ]
    return _through(nodes, [constants["curviness"]] * 2)


def tendon_force_length(constants: Mapping[str, float]) -> Points:
    """Control points of f^T over the normalised tendon length; beyond the toe region it is a line."""
    stiffness, toe = constants["stiffness_at_one_norm_force"], constants["norm_force_at_toe_end"]
    one = 1.0 + constants["strain_at_one_norm_force"]
    toe_end = one + (toe - 1.0) / stiffness
    foot = 1.0 + 0.1 * (toe_end - 1.0)
    middle = one + (0.5 * toe - 1.0) / stiffness
    middle_slope = 0.5 * toe / (middle - foot)
    control = foot + 0.5 * (middle - foot)
    nodes = [(1.0, 0.0, 0.0), (control, middle_slope * (control - foot), middle_slope), (toe_end, toe, stiffness)]
    return _through(nodes, [constants["curviness"]] * 2)


def _points(sections: Points, u: Points) -> Points:
    """Points, (n, 2), at parameter `u`, (n,), each of its own section, (n, 6, 2)."""
    powers = np.arange(6)
    basis = comb(5, powers) * u[:, None] ** powers * (1.0 - u[:, None]) ** (5 - powers)
    return np.asarray(np.einsum("np,npk->nk", basis, sections))


def _through(nodes: list[tuple[float, float, float]], curviness: list[float]) -> Points:
    """Sections between neighbouring nodes (x, y, slope), each a corner rounded as `curviness` says."""
    spans = zip(nodes[:-1], nodes[1:], curviness, strict=True)
    return np.array([_corner(first, last, rounding) for first, last, rounding in spans])


def _corner(first: tuple[float, float, float], last: tuple[float, float, float], curviness: float) -> Points:
    """Control points, (6, 2), that leave `first` and reach `last` along their slopes."""
    (x0, y0, slope0), (x1, y1, slope1) = first, last
    x = (y1 - y0 - x1 * slope1 + x0 * slope0) / (slope0 - slope1) if slope0 != slope1 else 0.5 * (x0 + x1)
    start, end = np.array([x0, y0]), np.array([x1, y1])
    corner = np.array([x, y1 + (x - x1) * slope1])
    reach = 0.1 + 0.8 * curviness
    near_start, near_end = start + reach * (corner - start), end + reach * (corner - end)
    return np.array([start, near_start, near_start, near_end, near_end, end])
