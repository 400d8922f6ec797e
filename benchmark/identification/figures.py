"""Figures of an identification's courses in time: torques, forces and fibres, a figure a recording."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from benchmark.identification.courses import Course
from benchmark.identification.tables import HELD_OUT, IDENTIFIED_FROM
from benchmark.report.figures.style import (
    COLOURS,
    DASHES,
    FONT_SIZE,
    INK,
    TRUTH_AND_RUNS,
    WIDTH_IN,
    add_note,
    legend_of_runs,
    panel_grid,
)
from datasets.parameters import USUAL_FIBRE_LENGTHS

Array = NDArray[np.float64]

COORDINATES_A_ROW, MUSCLES_A_ROW = 3, 4
TORQUE_ROW_IN, BESIDE_IN = 2.7, 1.2
TORQUE_SHARES = (2.2, 1.0)  # heights of torques and of what is left of them
MUSCLE_ROW_IN, FEW_MUSCLES_ROW_IN = 1.25, 2.0
NOTHING = 1e-9  # of the largest torque: what rounding leaves of coordinates that nothing remains of
GAP = 1.5  # sampling times: lines do not cross what was left out
TITLE_SIZE, TICK_SIZE = FONT_SIZE - 1.0, FONT_SIZE - 2.0
TORQUES_NOTE = (
    "Torques about the independent coordinates that the eliminated muscles cannot give: measured is what motion and "
    "bones ask for, predicted what the muscles with EMG give. Residual: measured less predicted."
)
FORCES_NOTE = (
    "Force along the tendon. Solid: muscles that were identified. Dashed: muscles without EMG, as the formulation has "
    "them; nothing keeps these from being negative."
)
FIBRES_NOTE = (
    f"Fibre length in optimal fibre lengths of the muscles that were identified. Shaded: {USUAL_FIBRE_LENGTHS[0]:g} to "
    f"{USUAL_FIBRE_LENGTHS[1]:g}, which muscles of people hardly ever leave."
)


def literal(text: str) -> str:
    """A text that matplotlib shows as it is, whatever signs of mathematics are in it."""
    return text.replace("$", r"\$")


def torques(course: Course) -> Figure:
    """Measured and predicted torque about each coordinate that anything remains of, and what is left below it.

    Parameters
    ----------
    course
        The recording.
    """
    size = np.abs(course.measured_n_m).max(axis=0)
    remaining = np.flatnonzero(size > NOTHING * size.max())
    columns = min(COORDINATES_A_ROW, len(remaining))
    rows = -(-len(remaining) // columns)
    figure = Figure(figsize=(WIDTH_IN, TORQUE_ROW_IN * rows + BESIDE_IN), layout="constrained")
    grid = figure.subplots(2 * rows, columns, sharex=True, squeeze=False, height_ratios=TORQUE_SHARES * rows)
    pairs = grid.reshape(rows, 2, columns).transpose(0, 2, 1).reshape(-1, 2)
    for above, below in pairs[len(remaining) :]:
        above.remove()
        below.remove()
    for place, (coordinate, (above, below)) in enumerate(zip(remaining, pairs, strict=False)):
        _draw_torque(course, int(coordinate), above, below)
        if place % columns == 0:
            above.set_ylabel("Torque (N m)")
            below.set_ylabel("Residual\n(N m)")
    legend_of_runs(figure, f"measured in {literal(_told(course))}", ["predicted"])
    figure.align_ylabels()
    add_note(figure, TORQUES_NOTE)
    return figure


def forces(course: Course) -> Figure:
    """Force of each identified muscle, and of each muscle without EMG.

    Parameters
    ----------
    course
        The recording.
    """
    names, values = course.forces
    figure, panels = _muscle_panels(course, names, "Force (N)")
    for place, axes in enumerate(panels):
        identified = place < len(course.muscles)
        style = (COLOURS[0], DASHES[0]) if identified else (COLOURS[3], DASHES[1])
        _draw(axes, course, values[:, place], *style)
        axes.axhline(0.0, color=INK, linewidth=0.6)
        if not identified:
            axes.set_title(f"{axes.get_title(loc='left')} (no EMG)", loc="left", fontsize=TITLE_SIZE)
    add_note(figure, f"{FORCES_NOTE} Recording: {literal(_told(course))}.")
    return figure


def fibres(course: Course) -> Figure:
    """Fibre length of each identified muscle in its optimal fibre lengths, with the usual range.

    Parameters
    ----------
    course
        The recording.
    """
    figure, panels = _muscle_panels(course, course.muscles, "$l$ / $l_o$ (1)")
    low, high = USUAL_FIBRE_LENGTHS
    room = 0.1 * (high - low)
    limits = min(low, float(course.fibre_length.min())) - room, max(high, float(course.fibre_length.max())) + room
    for place, axes in enumerate(panels):
        axes.axhspan(low, high, color="0.9", linewidth=0.0)
        _draw(axes, course, course.fibre_length[:, place], COLOURS[0], DASHES[0])
        axes.set(ylim=limits)
    add_note(figure, f"{FIBRES_NOTE} Recording: {literal(_told(course))}.")
    return figure


def _told(course: Course) -> str:
    return f"{course.recording}, {HELD_OUT if course.is_held_out else IDENTIFIED_FROM}"


def _draw_torque(course: Course, coordinate: int, above: Axes, below: Axes) -> None:
    measured, predicted = (values[:, coordinate] for values in (course.measured_n_m, course.predicted_n_m))
    for values, style in zip((measured, predicted), TRUTH_AND_RUNS, strict=False):
        above.plot(*_with_gaps(course.time_s, values), **style)
    below.plot(*_with_gaps(course.time_s, measured - predicted), color=INK, linewidth=0.9)
    below.axhline(0.0, color=INK, linewidth=0.6)
    above.set_title(literal(course.coordinates[coordinate]), loc="left", fontsize=TITLE_SIZE)
    below.set_xlabel("Time (s)")
    below.tick_params(labelbottom=True)
    for axes in (above, below):
        axes.tick_params(labelsize=TICK_SIZE)
        axes.margins(x=0.01)


def _muscle_panels(course: Course, names: Sequence[str], label: str) -> tuple[Figure, list[Axes]]:
    """A figure with a panel a muscle."""
    columns = min(MUSCLES_A_ROW, len(names))
    figure, panels = panel_grid(len(names), columns, MUSCLE_ROW_IN if len(names) > columns else FEW_MUSCLES_ROW_IN)
    for place, (axes, name) in enumerate(zip(panels, names, strict=True)):
        axes.set_title(literal(name), loc="left", fontsize=TITLE_SIZE)
        axes.set(xlim=(course.time_s[0], course.time_s[-1]))
        axes.tick_params(labelsize=TICK_SIZE)
        if place % columns == 0:
            axes.set_ylabel(label)
        if place + columns >= len(names):
            axes.set_xlabel("Time (s)")
    figure.align_ylabels()
    return figure, panels


def _draw(axes: Axes, course: Course, values: Array, colour: str, dashes: object) -> None:
    axes.plot(*_with_gaps(course.time_s, values), color=colour, linestyle=dashes, linewidth=1.1)


def _with_gaps(time_s: Array, values: Array) -> tuple[Array, Array]:
    """Times and values, (T,) each, with a break wherever samples were left out."""
    steps = np.diff(time_s)
    after = np.flatnonzero(steps > GAP * steps.min(initial=np.inf)) + 1
    return np.insert(time_s, after, np.nan), np.insert(values, after, np.nan)
