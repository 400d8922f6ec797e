"""The report's figures, in one style."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matplotlib.figure import Figure

from benchmark.report.drawings import Drawing
from benchmark.report.figures.accuracy_against_time import accuracy_against_time
from benchmark.report.figures.bounds import bounds
from benchmark.report.figures.convergence import convergence
from benchmark.report.figures.coverage import coverage
from benchmark.report.figures.directions import directions
from benchmark.report.figures.efficiency import efficiency
from benchmark.report.figures.endpoints import boxplots, heldout
from benchmark.report.figures.heldout_torque import heldout_torque
from benchmark.report.figures.imperfections import imperfections
from benchmark.report.figures.muscle_curves import muscle_curves
from benchmark.report.figures.parameter_errors import parameter_errors
from benchmark.report.figures.parameters import parameters
from benchmark.report.figures.predictions import predictions
from benchmark.report.figures.profiles import profiles
from benchmark.report.figures.run_time import run_time
from benchmark.report.figures.spectrum import spectrum
from benchmark.report.figures.speed import exchange_rates, speed
from benchmark.report.figures.style import figure_style, render
from benchmark.report.figures.tolerated_noise import tolerated_noise
from benchmark.report.figures.tracked_moments import tracked_moments
from benchmark.report.figures.waterfall import waterfall

KINDS: Mapping[str, Callable[..., Figure]] = {
    "accuracy-against-time": accuracy_against_time,
    "bounds": bounds,
    "boxplots": boxplots,
    "convergence": convergence,
    "coverage": coverage,
    "directions": directions,
    "efficiency": efficiency,
    "exchange-rates": exchange_rates,
    "heldout": heldout,
    "heldout-torque": heldout_torque,
    "imperfections": imperfections,
    "muscle-curves": muscle_curves,
    "parameter-errors": parameter_errors,
    "parameters": parameters,
    "predictions": predictions,
    "profiles": profiles,
    "run-time-distributions": run_time,
    "spectrum": spectrum,
    "speed": speed,
    "tolerated-noise": tolerated_noise,
    "tracked-moments": tracked_moments,
    "waterfall": waterfall,
}


def draw(drawing: Drawing) -> dict[str, bytes]:
    """Draw a figure: content of its files, by what their names end with."""
    with figure_style():
        return render(KINDS[drawing.kind](*drawing.arguments))
