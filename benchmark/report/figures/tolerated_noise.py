"""How clean recordings must be: how many muscle parameters are identifiable at which noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmark.identifiability.classes import IDENTIFIABLE_PERCENT, NOISE_LEVELS_RAD_PER_S2, REFERENCE_NOISE_RAD_PER_S2
from benchmark.report.figures.style import (
    FONT_SIZE,
    INK,
    LINE_WIDTH,
    WIDTH_IN,
    Array,
    Look,
    add_note,
    legend_above,
    logarithmic,
    looks,
    series_style,
)
from benchmark.report.identifiability.rows import setting, setting_panels

HEIGHT_IN = 4.0
LIMITS = (1e-3, 1e2)  # rad/s2
SMALL = FONT_SIZE - 2.0
NOTE = (
    "Number of muscle parameters, tendon slack lengths among them, whose 95 % interval reaches at most "
    f"{IDENTIFIABLE_PERCENT:g} % to either side, by the noise's standard deviation in each direction of the "
    "accelerations that the couplings allow. Of as many as the data depend on: {totals}. Dotted: the levels that the "
    f"tables state, {REFERENCE_NOISE_RAD_PER_S2:g} rad/s² among them for the classes."
)


def tolerated_noise(tolerated: pd.DataFrame) -> Figure:
    """Step curves, a line a problem and a panel a variant of the arm.

    Parameters
    ----------
    tolerated
        Columns ``problem`` and ``tolerated_noise_rad_per_s2``, a line a muscle parameter.
    """
    values = {
        str(problem): np.sort(own["tolerated_noise_rad_per_s2"].to_numpy())
        for problem, own in tolerated.groupby("problem", sort=False)
    }
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), layout="constrained")
    panels = setting_panels(list(values))
    look = looks(list(dict.fromkeys(map(setting, values))))
    axes_of = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (title, problems) in zip(axes_of, panels.items(), strict=True):
        for problem in problems:
            _draw(axes, values[problem], look[setting(problem)])
        for level in NOISE_LEVELS_RAD_PER_S2:
            axes.axvline(level, color=INK, linestyle=":", linewidth=1.0)
        axes.set(title=title, xlabel="Noise of the accelerations (rad/s²)", xlim=LIMITS)
        logarithmic(axes, "x")
    axes_of[0].set(ylabel="Identifiable muscle parameters (1)", ylim=(0.0, None))
    legend_above(figure, look)
    totals = {setting(problem): len(own) for problem, own in values.items()}
    add_note(figure, NOTE.format(totals=", ".join(f"{count} in {name}" for name, count in totals.items())))
    return figure


def _draw(axes: Axes, tolerated: Array, look: Look) -> None:
    """The number of values at or above each noise, a step down at each of them."""
    noise = np.concatenate([LIMITS[:1], tolerated, [max(LIMITS[1], tolerated[-1])]])
    count = np.concatenate([np.arange(len(tolerated), -1, -1), [0]])
    marked = slice(len(noise) // 8, None, max(1, len(noise) // 4))
    axes.step(noise, count, where="post", markevery=marked, **series_style(look, LINE_WIDTH))
