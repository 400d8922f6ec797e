"""What is said of each kind of figure, below it and to those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Caption(NamedTuple):
    """What a figure shows: for all, in Markdown, and in place of it, in plain words."""

    text: str
    alternative: str


# In the order in which a suite's figures are shown; a figure's name may go on with what it is of.
CAPTIONS: Mapping[str, Caption] = MappingProxyType(
    {
        "accuracy-against-time": Caption(
            "**Accuracy against time.** Error of the muscle parameters that each method ends with, against the time it "
            "took. Lower and further left is better; in brackets, how many runs end at the best minimum known.",
            "Final error of the muscle parameters in percent against solve time in seconds, a marker a method with "
            "quartiles as bars, both axes logarithmic",
        ),
        "imperfections": Caption(
            "**One imperfection at a time.** What it does to each treatment of the deep muscles, means over virtual "
            "subjects with 95 % intervals. Lower is better; flat is robust.",
            "Errors of muscle parameters, of held-out torque and of the deep muscles' forces, logarithmic, over the "
            "size of an imperfection, a line a formulation, a row of panels an imperfection",
        ),
        "tracked-moments": Caption(
            "**Measured against predicted moments** on trials that nothing was calibrated on.",
            "Moment in newton metres over time in seconds, a row a trial and a column a coordinate: measured, of the "
            "uncalibrated model and of calibrated ones",
        ),
        "predictions": Caption(
            "**Predicted angles and forces**, on the movements that were trained on and on one that was not: what "
            "methods predict themselves from EMG, and what the best identified parameters give. 1 is exact, below 0 is "
            "worse than the mean.",
            "R2 of each joint angle and muscle force, a row of panels a quantity and a column each for training "
            "movements and held-out movement: a marker a method with single runs, from -1 and below to 1",
        ),
        "efficiency": Caption(
            "**Errors beside the best that noise allows.** Errors of the identifiable parameters over their "
            "Cramer-Rao bounds, on problems with noise: 1 is what the best estimate has over many draws of the noise.",
            "Root mean square error over the Cramer-Rao bound, logarithmic, a line a method and a panel a problem, "
            "with single runs, quartiles and median, and a line at 1",
        ),
        "run-time-distributions": Caption(
            "**Run-time distributions.** Share of the runs that have reached a target, over seconds and over cost. "
            "Higher and further left is better.",
            "Rising steps, a line a method: share of runs that reached a target, over time in seconds and over cost in "
            "residual evaluations",
        ),
        "waterfall": Caption(
            "**Where the runs of each method end**, from the best to the worst. Steps are minima.",
            "Final objective of each run, sorted, a line a method, logarithmic, with the target as a dotted line",
        ),
        "convergence": Caption(
            "**Convergence.** Distance of the best point so far from the truth (Cr1), over evaluations and over time.",
            "Distance from the truth in percent over the course of the runs, a line a method with quartiles as a band",
        ),
        "boxplots": Caption(
            "**Final errors.** Median, quartiles and single runs of each method.",
            "Box plots of the final errors in percent, a box a method",
        ),
        "parameter-errors": Caption(
            "**Error of each parameter** at the end: methods beside each other, medians over runs.",
            "Heat map of the relative error in percent, a line a parameter and a column a method",
        ),
        "parameters": Caption(
            "**Error of each parameter over evaluations**, as in the paper's Fig. 5.",
            "A grid of panels, one a parameter, with its error in percent over evaluations",
        ),
        "muscle-curves": Caption(
            "**Identified against true muscles.** What the errors of parameters make of the forces of the fibres.",
            "Fibre force over length and over velocity, a pair of panels a muscle: the truth and identified muscles",
        ),
        "heldout": Caption(
            "**On movements that were not identified from.** How well the identified muscles predict the shoulder's "
            "torque on movement `c`; of moment tracking, all moments on the held-out trials.",
            "Error in newton metres and R2 of the held-out torque, a line a method",
        ),
        "heldout-torque": Caption(
            "**Measured against predicted torque** on movement `c`, which nothing was identified from.",
            "Torque in newton metres over time in seconds, a panel a shoulder coordinate: measured and predicted",
        ),
        "bounds": Caption(
            "**What can be known of each parameter.** Least standard deviation that any unbiased estimate can have, "
            "problems beside each other.",
            "Heat map of Cramer-Rao bounds in percent, a line a parameter and a column a problem",
        ),
        "tolerated-noise": Caption(
            "**How clean recordings must be.** Number of identifiable muscle parameters over the noise. Higher is "
            "better.",
            "Falling steps, a line a problem: number of identifiable muscle parameters over noise in rad/s2",
        ),
        "directions": Caption(
            "**The weakest directions.** Which parameters can change together with the least effect on the data.",
            "Bars of the parameters in the three weakest directions, a row of panels a problem",
        ),
        "spectrum": Caption(
            "**How much is known along each direction.** Singular values of the sensitivities; the last large marker "
            "is the rank.",
            "Falling lines, one a problem: singular values relative to the largest over their number, logarithmic",
        ),
        "profiles": Caption(
            "**Profile likelihoods.** How the least sum of squares rises as one parameter moves away from its "
            "estimate: a parabola where it is well determined, flat where the data do not see it.",
            "A panel a parameter: rise of the sum of squares over the parameter, with the 95 % interval",
        ),
        "coverage": Caption(
            "**How often 95 % intervals hold the truth**, over noisy replicates.",
            "A dot a quantity: share of the replicates that cover the truth in percent, with the band that chance "
            "allows",
        ),
        "speed": Caption(
            "**What the operations cost** in each back end.",
            "Bars of milliseconds by operation and back end, logarithmic, a panel a problem",
        ),
        "exchange-rates": Caption(
            "**Exchange rates.** What one evaluation of each kind costs, in evaluations of the compiled residual.",
            "Bars of the price of each kind of evaluation in residual evaluations, logarithmic, a panel a family.",
        ),
    }
)


def kind(figure: str) -> str:
    """Which kind of figure its name says that it is; its name itself where that is none of `CAPTIONS`."""
    return max((known for known in CAPTIONS if f"{figure}-".startswith(f"{known}-")), key=len, default=figure)


def caption(figure: str) -> Caption:
    """What is said of a figure by its name; of one of no known kind, its name alone."""
    words = figure.replace("-", " ").replace("_", " ")
    said = CAPTIONS.get(kind(figure), Caption(f"**{words.capitalize()}.**", words))
    rest = figure.removeprefix(kind(figure)).removeprefix("-")
    return Caption(f"{said.text} (`{rest}`)", f"{said.alternative}; {rest}") if rest else said


def place(figure: str) -> tuple[int, str]:
    """What figures are sorted by."""
    known = list(CAPTIONS)
    return known.index(kind(figure)) if kind(figure) in known else len(known), figure
