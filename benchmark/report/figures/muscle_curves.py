"""Identified against true muscle curves: what errors of parameters make of a fibre's force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.analysis.fibre_forces import FibreForces
from benchmark.report.examples import Examples
from benchmark.report.figures.style import FONT_SIZE, TRUTH_AND_RUNS, WIDTH_IN, add_note, legend_of_runs

MUSCLES_A_ROW = 3
LIMITS = (-0.15, 1.65)
ROW_IN, BESIDE_IN = 1.3, 1.9
TITLE_SIZE, LABEL_SIZE, TICK_SIZE = FONT_SIZE - 1.0, FONT_SIZE - 1.5, FONT_SIZE - 2.0
NOTE = (
    "Force along the tendon. Left of each pair: at rest over fibre length, the active force at full activation, with a "
    "maximum, and the passive force, which rises. Right: at the true optimal length and full activation over fibre "
    "velocity; positive is lengthening. Units are each muscle's true parameters."
)


def muscle_curves(examples: Examples) -> Figure:
    """Fibre force of each compared muscle over length and over velocity: the truth, and the examples."""
    muscles = examples.truth.muscles
    rows = -(-len(muscles) // MUSCLES_A_ROW)
    figure = Figure(figsize=(WIDTH_IN, ROW_IN * rows + BESIDE_IN), layout="constrained")
    grid = figure.subplots(rows, 2 * MUSCLES_A_ROW, sharey=True, squeeze=False)
    for axes in grid.flat[2 * len(muscles) :]:
        axes.remove()
    pairs = grid.reshape(-1, 2)[: len(muscles)]
    series = [examples.truth, *(run.forces for run in examples.runs)]
    for index, (pair, muscle) in enumerate(zip(pairs, muscles, strict=True)):
        for forces, style in zip(series, TRUTH_AND_RUNS, strict=False):
            _draw(pair, forces, index, style)
        for axes in pair:
            axes.tick_params(labelsize=TICK_SIZE)
        pair[0].set_title(muscle, loc="left", fontsize=TITLE_SIZE)
        pair[0].set_xlabel("$l$ / $l_o$ (1)", fontsize=LABEL_SIZE)
        pair[1].set_xlabel("$v$ / $v_{max}$ (1)", fontsize=LABEL_SIZE)
    for axes in grid[:, 0]:
        axes.set_ylabel("$F$ / $F_{max}$ (1)", fontsize=LABEL_SIZE)
    grid[0, 0].set(ylim=LIMITS, yticks=[0.0, 0.5, 1.0, 1.5])
    legend_of_runs(figure, f"true muscles of {examples.problem}", [run.label for run in examples.runs])
    add_note(figure, f"{NOTE} {examples.note}")
    return figure


def _draw(pair: Sequence[Axes], forces: FibreForces, index: int, style: Mapping[str, Any]) -> None:
    """Draw one muscle's curves."""
    over_length, over_velocity = pair
    over_length.plot(forces.length, forces.active[index], **style)
    over_length.plot(forces.length, forces.passive[index], **style)
    over_length.set_xticks([0.5, 1.0, 1.5])
    over_velocity.plot(forces.velocity, forces.moving[index], **style)
