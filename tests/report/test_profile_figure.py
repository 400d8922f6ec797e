"""The figure and the table of profile likelihoods, of profiles worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from benchmark.identifiability.profile import Profile
from benchmark.report.figures.profiles import profiles
from benchmark.report.figures.style import figure_style
from benchmark.report.identifiability.profile_table import profiles_table

from .drawn import drawn_texts, faults

DEVIATION = 0.01


def parabola(parameter: str = "DELT1.optimal_fibre_length", unit: str = "m") -> Profile:
    steps = np.arange(-5, 6) / 2.0
    return Profile("p", parameter, unit, 0.1, 0.2, DEVIATION, 0.05, 0.5, 0.2 + DEVIATION * steps, steps**2)


def flat() -> Profile:
    values = np.array([0.1, 0.2, 0.3, 0.6])
    return Profile("p", "radius.mass", "kg", 0.1, 0.2, np.inf, 0.05, 0.6, values, np.array([9.0, 0.0, 0.0, 0.0]))


FOUND = [
    parabola(),
    flat(),
    parabola("BICshort.maximum_contraction_velocity", "m/s"),
    parabola("TRIlong.pennation_at_optimal", "rad"),
    parabola("deactivation_time", "s"),
]


def drawn(line: Line2D) -> NDArray[np.float64]:
    return np.column_stack([line.get_xdata(), line.get_ydata()])


def test_panels_show_the_profile_the_linear_parabola_and_the_interval_in_percent() -> None:
    with figure_style():
        figure = profiles(FOUND)
    seen, unseen = figure.axes[:2]
    curve, points, linear, threshold = seen.lines
    np.testing.assert_allclose(drawn(points), np.column_stack([np.arange(-5, 6) * 2.5, FOUND[0].rises]))
    # an interpolated straight root is the parabola itself
    np.testing.assert_allclose(drawn(curve), drawn(linear), atol=1e-9)
    assert threshold.get_ydata() == pytest.approx([3.8415, 3.8415], abs=1e-4)
    band = seen.patches[0]
    assert isinstance(band, Rectangle)
    half = 1.959964 * 100.0 * DEVIATION / 0.2
    assert (band.get_x(), band.get_width()) == pytest.approx((-half, 2.0 * half), rel=1e-6)
    assert seen.get_title() == "DELT1 $l_o$: parabola"
    assert len(seen.patches) == 1  # no bound is reached
    assert len(unseen.lines) == 4  # no parabola of linear theory, but a bound
    assert unseen.get_title() == "radius.mass: flat"


def test_texts_do_not_cover_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for found in (FOUND, FOUND[:1]):
        with figure_style():
            figure = profiles(found)
            assert faults(figure, monkeypatch) == []
            assert any(
                "p at noise of 0.1 rad/s²" in " ".join(text.split()) for text, _ in drawn_texts(figure, monkeypatch)
            )


def test_the_table_has_intervals_beside_those_of_linear_theory() -> None:
    table = profiles_table({"p": FOUND[:2]})
    assert table.name == "identifiability-profiles"
    lines = table.shown.to_dict("records")
    assert lines[0]["95 % interval (in its unit)"] == "[0.1804, 0.2196]"
    assert lines[0]["Linear interval (in its unit)"] == "[0.1804, 0.2196]"
    assert lines[0]["Profile"] == "parabola"
    assert lines[1]["95 % interval (in its unit)"].endswith(", 0.6)")
    assert lines[1]["Linear interval (in its unit)"] == "-"
    assert table.raw["upper_is_open"].tolist() == [False, True]
    assert set(table.files()) == {f"identifiability-profiles.{ending}" for ending in ("csv", "md", "tex")}
    assert profiles_table({}).shown.empty
