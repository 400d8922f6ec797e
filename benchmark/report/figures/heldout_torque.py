"""Measured against predicted torque on the held-out movement."""

from __future__ import annotations

from matplotlib.figure import Figure

from benchmark.analysis.heldout import SHOULDER_COORDINATES
from benchmark.report.examples import Examples
from benchmark.report.figures.style import TRUTH_AND_RUNS, WIDTH_IN, add_note, legend_of_runs

ROW_IN, BESIDE_IN = 1.8, 1.4
NAMES = dict(zip(SHOULDER_COORDINATES, ("Elevation plane", "Elevation", "Axial rotation"), strict=True))
NOTE = (
    "Torque of the compared muscles about the three shoulder coordinates on movement c, which nothing was identified "
    "from: with OpenSim's muscle forces, and predicted from EMG with identified parameters."
)


def heldout_torque(examples: Examples) -> Figure:
    """Torque about the three shoulder coordinates over time: OpenSim's, and the examples'."""
    figure = Figure(figsize=(WIDTH_IN, ROW_IN * len(NAMES) + BESIDE_IN), layout="constrained")
    panels = figure.subplots(len(NAMES), 1, sharex=True)
    measured = examples.runs[0].torques
    series = [(measured.time_s, measured.measured)]
    series += [(run.torques.time_s, run.torques.predicted) for run in examples.runs]
    for index, (axes, (coordinate, name)) in enumerate(zip(panels, NAMES.items(), strict=True)):
        for (time, torque), style in zip(series, TRUTH_AND_RUNS, strict=False):
            axes.plot(time, torque[:, index], **style)
        axes.set(title=f"{name} ({coordinate})", ylabel="Torque (N m)")
        axes.margins(x=0.01)
    panels[-1].set_xlabel("Time (s)")
    legend_of_runs(figure, "measured (OpenSim)", [run.label for run in examples.runs])
    figure.align_ylabels()
    add_note(figure, f"{NOTE} {examples.note}")
    return figure
