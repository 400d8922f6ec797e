"""Profile likelihoods: how the least sum of squares rises as one parameter moves away, a panel each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.interpolate import PchipInterpolator

from benchmark.identifiability.profile import THRESHOLD, Profile
from benchmark.report.figures.parameters import short_name
from benchmark.report.figures.style import COLOURS, FONT_SIZE, INK, LINE_WIDTH, Array, add_note, panel_grid

PANEL_HEIGHT_IN = 1.9
MOST_COLUMNS = 3
HIGHEST_RISE = 1.5 * THRESHOLD
FINE = 200  # points of a curve
ROOM = 0.04  # of the width, beside what is drawn
PROFILE_COLOUR, LINEAR_COLOUR, BOUND_COLOUR = COLOURS[0], COLOURS[3], "0.6"
LINEAR_DASHES = (0, (4, 2))
NOTE = (
    "Rise of the least sum of squares, all other parameters identified anew, in units of the noise's variance. Dotted: "
    "threshold of the 95 % interval, which the band marks; it is open where it meets a bound of the parameter "
    "(hatched) below the threshold. Dashed: the parabola of linear theory; none where there is no information at all."
)


def profiles(found: Sequence[Profile]) -> Figure:
    """Profiles of parameters, a panel each.

    Parameters
    ----------
    found
        The profiles, of one problem and noise or several.
    """
    figure, panels = panel_grid(len(found), min(len(found), MOST_COLUMNS), PANEL_HEIGHT_IN)
    for axes, profile in zip(panels, found, strict=True):
        _draw(axes, profile)
    for axes in panels[:: min(len(found), MOST_COLUMNS)]:
        axes.set_ylabel("Rise (1)")
    _explain(figure)
    settings = dict.fromkeys(f"{entry.problem} at noise of {entry.noise_rad_per_s2:g} rad/s²" for entry in found)
    add_note(figure, f"{NOTE} Shown: {'; '.join(settings)}.")
    return figure


def change(profile: Profile, values: Array | float) -> Array:
    """Values of a parameter as changes from its estimate: in percent of it, in its unit where it is zero."""
    unit = abs(profile.estimate) / 100.0 if profile.estimate else 1.0
    return np.asarray((np.asarray(values) - profile.estimate) / unit)


def _draw(axes: Axes, profile: Profile) -> None:
    interval = profile.interval
    axes.axvspan(
        float(change(profile, interval.lower)),
        float(change(profile, interval.upper)),
        color=PROFILE_COLOUR,
        alpha=0.13,
        linewidth=0.0,
    )
    ends = float(profile.values[0]), float(profile.values[-1])
    grid = np.linspace(*ends, FINE)
    curve = PchipInterpolator(profile.values, profile.roots)(grid) ** 2
    axes.plot(change(profile, grid), curve, color=PROFILE_COLOUR, linewidth=LINE_WIDTH)
    axes.plot(
        change(profile, profile.values), np.maximum(profile.rises, 0.0), ".", color=PROFILE_COLOUR, markersize=3.5
    )
    if math.isfinite(profile.standard_deviation):
        parabola = ((grid - profile.estimate) / profile.standard_deviation) ** 2
        axes.plot(change(profile, grid), parabola, color=LINEAR_COLOUR, linestyle=LINEAR_DASHES, linewidth=1.2)
    axes.axhline(THRESHOLD, color=INK, linestyle=":", linewidth=1.0)
    low, high = (float(end) for end in change(profile, np.array(ends)))
    room = ROOM * (high - low)
    axes.set(xlim=(low - room, high + room), ylim=(-ROOM * HIGHEST_RISE, HIGHEST_RISE), title=_title(profile))
    axes.set_xlabel(f"Change ({'%' if profile.estimate else profile.unit})")
    bounds = (profile.lower_bound, -room, interval.lower_open), (profile.upper_bound, room, interval.upper_open)
    for bound, beyond, is_met in bounds:
        if is_met:
            edge = float(change(profile, bound))
            axes.axvspan(edge, edge + beyond, facecolor="none", edgecolor=BOUND_COLOUR, hatch="//////", linewidth=0.0)
            axes.axvline(edge, color=BOUND_COLOUR, linewidth=1.2)


def _title(profile: Profile) -> str:
    return f"{' '.join(short_name(profile.parameter)).strip()}: {profile.shape}"


def _explain(figure: Figure) -> None:
    handles = [
        Line2D([], [], color=PROFILE_COLOUR, linewidth=LINE_WIDTH, marker=".", markersize=3.5, label="profile"),
        Line2D([], [], color=LINEAR_COLOUR, linestyle=LINEAR_DASHES, linewidth=1.2, label="linear theory"),
        Line2D([], [], color=INK, linestyle=":", linewidth=1.0, label="threshold"),
        Patch(facecolor=PROFILE_COLOUR, alpha=0.13, label="95 % interval"),
        Patch(facecolor="none", edgecolor=BOUND_COLOUR, hatch="//////", linewidth=0.0, label="bound"),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), fontsize=FONT_SIZE - 1.0)
