"""Figures of courses: what is drawn of how many muscles, and whether it can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure

from benchmark.identification.courses import Course
from benchmark.identification.figures import fibres, forces, torques
from benchmark.identification.identification import Identification
from benchmark.report.figures.style import figure_style

from ..report.drawn import faults
from .conftest import HOSTILE, with_muscles

MANY = 11


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with figure_style():
        yield


@pytest.fixture(scope="module")
def course(found: Identification) -> Course:
    return found.courses[0]


def with_many(course: Course) -> Course:
    """A course of as many muscles as are ever measured, with five more without EMG."""
    columns = np.arange(MANY) % len(course.muscles)
    arrays = {name: getattr(course, name)[:, columns] for name in ("force_n", "activation", "fibre_length")}
    return replace(course, muscles=tuple(f"BICshort{place}" for place in range(MANY)), **arrays)


def labelled(figure: Figure) -> bool:
    """Whether every panel has an axis label with its unit on both axes, or one in its row or column."""
    labels = {axes.get_xlabel() for axes in figure.axes}, {axes.get_ylabel() for axes in figure.axes}
    return all(any("(" in text for text in texts) for texts in labels)


def test_torques_are_of_the_coordinates_that_anything_remains_of(course: Course) -> None:
    size = np.abs(course.measured_n_m).max(axis=0)
    figure = torques(course)
    assert [axes.get_title(loc="left") for axes in figure.axes if axes.get_title(loc="left")] == [
        name for name, largest in zip(course.coordinates, size, strict=True) if largest > 0.0
    ]
    assert (size == 0.0).any()
    assert labelled(figure)


def test_below_torques_is_what_is_left_of_them(course: Course) -> None:
    first = int(np.flatnonzero(np.abs(course.measured_n_m).max(axis=0) > 0.0)[0])
    above, below = (axes for axes in torques(with_muscles(course, 2)).axes)
    measured, predicted = (np.asarray(line.get_ydata(), dtype=float) for line in above.lines)
    left = np.asarray(below.lines[0].get_ydata(), dtype=float)
    np.testing.assert_allclose(left, measured - predicted, equal_nan=True)
    np.testing.assert_array_equal(measured[np.isfinite(measured)], course.measured_n_m[:, first])


def test_lines_break_where_samples_are_left_out(course: Course) -> None:
    time = np.arange(0.0, 0.02 * len(course.time_s) - 0.01, 0.02)
    time[100:] += 0.3
    line = torques(with_muscles(replace(course, time_s=time), 2)).axes[0].lines[0]
    assert np.flatnonzero(np.isnan(np.asarray(line.get_ydata(), dtype=float))).tolist() == [100]


def test_forces_are_of_all_muscles_those_without_emg_dashed(course: Course) -> None:
    figure = forces(course)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == [*course.muscles, *(f"{name} (no EMG)" for name in course.deep_muscles)]
    assert {axes.lines[0].get_linestyle() for axes in figure.axes[: len(course.muscles)]} == {"-"}
    assert {axes.lines[0].get_linestyle() for axes in figure.axes[len(course.muscles) :]} == {"--"}
    assert labelled(figure)


def test_muscles_that_are_modelled_without_emg_are_drawn_once(course: Course) -> None:
    modelled = replace(course, deep_muscles=course.muscles[-5:], deep_force_n=course.force_n[:, -5:])
    assert [axes.get_title(loc="left") for axes in forces(modelled).axes] == [*course.muscles]


def test_fibres_are_drawn_in_optimal_lengths_with_the_usual_range(course: Course) -> None:
    figure = fibres(with_muscles(course, 2))
    assert labelled(figure)
    for axes, lengths in zip(figure.axes, course.fibre_length.T, strict=False):
        drawn = np.asarray(axes.lines[0].get_ydata(), dtype=float)
        np.testing.assert_array_equal(drawn[np.isfinite(drawn)], lengths)
        low, high = axes.get_ylim()
        assert low < 0.5 < 1.5 < high
        (band,) = axes.patches
        assert band.get_extents().transformed(axes.transData.inverted()).bounds[1::2] == pytest.approx((0.5, 1.0))


@pytest.mark.parametrize("draw", [torques, forces, fibres])
@pytest.mark.parametrize("is_many", [True, False])
def test_texts_do_not_cover_each_other(
    draw: Callable[[Course], Figure], is_many: bool, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = with_many(course) if is_many else with_muscles(course, 2)
    assert faults(draw(shown), monkeypatch) == []


def test_names_are_drawn_as_they_are(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(with_muscles(course, 1), muscles=(HOSTILE,), recording=HOSTILE)
    assert forces(few).axes[0].get_title(loc="left") == HOSTILE.replace("$", r"\$")
    assert faults(torques(few), monkeypatch) == []
