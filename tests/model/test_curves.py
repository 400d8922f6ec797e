"""The force curves against OpenSim's own."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.model.curves import ForceCurve, muscle_curves
from tests.oracle import REFERENCE

CURVES = ("active_force_length", "force_velocity", "passive_force_length", "tendon_force_length")


def curve(name: str) -> ForceCurve:
    found = getattr(muscle_curves(), name)
    assert isinstance(found, ForceCurve)
    return found


@pytest.mark.parametrize("name", CURVES)
def test_values_are_opensims(name: str) -> None:
    """OpenSim solves its Bezier parameter to about 1e-9; cubic splines on 4,096 intervals stay below 1e-10 of that."""
    argument, value = REFERENCE[f"curve_{name}_argument"], REFERENCE[f"curve_{name}_value"]
    np.testing.assert_allclose(curve(name)(argument), value, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", CURVES)
def test_slopes_are_opensims(name: str) -> None:
    """A cubic spline's slope is one order less exact than its value."""
    argument, slope = REFERENCE[f"curve_{name}_argument"], REFERENCE[f"curve_{name}_slope"]
    np.testing.assert_allclose(curve(name).derivative(argument), slope, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", CURVES)
def test_curves_go_on_as_straight_lines(name: str) -> None:
    """Beyond the domain three points in a row are collinear, up to rounding."""
    found = curve(name)
    for end, away in ((found.lower, -1.0), (found.upper, 1.0)):
        heights = found(end + away * np.array([0.0, 1.0, 2.0]))
        np.testing.assert_allclose(heights[2] - heights[1], heights[1] - heights[0], atol=1e-12)
