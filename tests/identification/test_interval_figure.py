"""The figure of intervals: which parameters it has, where, and what it does with those that are open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from numpy.typing import NDArray

from benchmark.identification.identification import Identification
from benchmark.identification.interval_figure import LIMITS, LOOKS, intervals
from benchmark.report.figures.style import figure_style
from benchmark.uncertainty.estimates import Estimate

from ..report.drawn import faults

Array = NDArray[np.float64]

NAME = "DELT1.maximum_isometric_force"


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with figure_style():
        yield


def with_estimate(found: Identification, **changed: Any) -> Identification:
    """The same with one estimate of `NAME` that is changed."""
    estimates = tuple(entry._replace(**changed) if entry.name == NAME else entry for entry in found.estimates)
    return replace(found, uncertainty=replace(found.uncertainty, estimates=estimates))


def drawn(found: Identification) -> list[tuple[str, Array, Array]]:
    """Marker, and places along and across, of what is drawn on the line of `NAME`."""
    axes: Axes = intervals(found).axes[0]
    line = [text.get_text() for text in axes.get_yticklabels()].index(NAME.partition(".")[0])
    every = [
        (str(entry.get_marker()), np.asarray(entry.get_xdata()), np.asarray(entry.get_ydata())) for entry in axes.lines
    ]
    return [entry for entry in every if (entry[2] == line).all()]


def estimate(found: Identification) -> Estimate:
    (entry,) = (entry for entry in found.estimates if entry.name == NAME)
    return entry


def test_a_dot_and_its_interval_are_over_the_models_value(found: Identification) -> None:
    entry, model = estimate(found), found.problem.nominal[NAME]
    (_, interval, _), (marker, dot, _) = drawn(found)
    np.testing.assert_allclose(interval, [entry.lower / model, entry.upper / model])
    assert dot.tolist() == [pytest.approx(entry.value / model)]
    assert marker == LOOKS[entry.determined]["marker"]


def test_open_intervals_and_values_beyond_are_arrows(found: Identification) -> None:
    opened = drawn(with_estimate(found, lower=-np.inf, upper=np.inf, determined="not"))
    assert [marker for marker, _, _ in opened] == ["None", "<", ">", LOOKS["not"]["marker"]]
    assert opened[0][1].tolist() == [*LIMITS]
    model = found.problem.nominal[NAME]
    beyond = drawn(with_estimate(found, value=3.0 * model, lower=2.5 * model, upper=3.5 * model))
    assert [marker for marker, _, _ in beyond] == ["None", ">"]


def test_there_is_a_panel_a_kind_of_muscle_parameter_a_bone_and_what_all_share(found: Identification) -> None:
    figure = intervals(found)
    titles = [" ".join(axes.get_title(loc="left").split()) for axes in figure.axes]
    assert titles[5:] == [*found.problem.identified_bodies, "of all muscles"]
    assert titles[:2] == ["maximum isometric force", "optimal fibre length"]
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == [*found.courses[0].muscles]
    assert all(axes.get_xlabel() == "value / model (1)" for axes in figure.axes)


def test_classes_are_told_apart_without_colour() -> None:
    assert len({look["marker"] for look in LOOKS.values()}) == len(LOOKS)


def test_texts_do_not_cover_each_other(found: Identification, monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(intervals(found), monkeypatch) == []
