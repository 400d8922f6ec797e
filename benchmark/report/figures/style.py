"""The one style of all figures.

Colour-blind-safe, told apart in grey by dashes and markers, the same bytes from the same rows.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import seaborn as sns
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray

Array = NDArray[np.float64]

DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1.5, 1)),
    (0, (6, 1.5, 1.5, 1.5)),
    (0, (10, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
START_COLOUR = "0.55"
SMALLEST_PERCENT = 1e-4  # a logarithmic axis has no zero; no recording of a person supports anything below
FLOOR_NOTE = f"Errors below {SMALLEST_PERCENT:g} % are drawn at {SMALLEST_PERCENT:g} %."
BAND_NOTE = f"Line: median, band: quartiles of the best point so far. {FLOOR_NOTE}"
WIDTH_IN = 7.2
NOTE_LETTERS_PER_IN = 17
PNG_DPI = 180
FONT_SIZE = 9.0
# Nothing but the figure itself in the files, so that they are the same bytes from the same rows.
METADATA: dict[str, dict[str, Any]] = {"pdf": {"CreationDate": None}, "png": {"Software": None}}


@dataclass(frozen=True)
class Look:
    """How one series is drawn."""

    colour: Any
    dashes: Any
    marker: str


def looks(series: Sequence[str]) -> dict[str, Look]:
    """A look for each of the `series`, the same in all figures that show the same ones."""
    palette = sns.color_palette("colorblind", max(len(series), 1))
    return {
        name: Look(palette[index], DASHES[index % len(DASHES)], MARKERS[index % len(MARKERS)])
        for index, name in enumerate(series)
    }


@contextmanager
def figure_style() -> Iterator[None]:
    """Within it, figures are made and saved in the one style."""
    settings: dict[Any, Any] = {
        **sns.axes_style("ticks"),
        **dict.fromkeys(("font.size", "axes.titlesize", "axes.labelsize", "legend.fontsize"), FONT_SIZE),
        **dict.fromkeys(("xtick.labelsize", "ytick.labelsize"), FONT_SIZE - 1.0),
        "font.family": "DejaVu Sans",  # comes with matplotlib, so that figures do not depend on installed fonts
        "pdf.fonttype": 42,
        "axes.grid": True,
        "legend.frameon": False,
        "grid.linewidth": 0.5,
    }
    with rc_context(settings):
        yield


def render(figure: Figure, kind: str) -> bytes:
    """The figure as the content of a ``pdf`` or ``png`` file."""
    content = io.BytesIO()
    figure.savefig(content, format=kind, dpi=PNG_DPI, metadata=METADATA[kind])
    return content.getvalue()


def drawable(percent: Array) -> Array:
    """Percentages as a logarithmic axis can show them."""
    return np.asarray(np.maximum(percent, SMALLEST_PERCENT))


def logarithmic(axes: Axes, which: Literal["x", "y"]) -> None:
    """Make an axis logarithmic, with plain numbers at few ticks, more of them where it spans little."""
    axes.set(**{f"{which}scale": "log"})
    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = sorted(axes.get_xlim() if which == "x" else axes.get_ylim())
    steps = (1.0, 2.0, 5.0) if high < 30.0 * low else (1.0, 3.0) if high < 300.0 * low else (1.0,)
    axis.set_major_locator(LogLocator(subs=steps, numticks=8))
    axis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))
    axis.set_minor_locator(NullLocator())


def plain_number(value: float) -> str:
    """A tick's label: in full where that is short, else as a power of ten."""
    exponent = round(math.log10(value))
    return f"$10^{{{exponent}}}$" if not 1e-3 <= value < 1e4 and math.isclose(value, 10.0**exponent) else f"{value:g}"


def draw_band(axes: Axes, grid: Array, band: Array, look: Look, label: str, width: float = 1.5) -> None:
    """Draw a median line and the band between the quartiles.

    Parameters
    ----------
    grid
        (g,).
    band
        Lower quartile, median and upper quartile, (3, g).
    """
    axes.fill_between(grid, band[0], band[2], color=look.colour, alpha=0.2, linewidth=0.0)
    ends: dict[str, Any] = {"marker": look.marker, "markevery": [-1], "markersize": 3.0 * width}
    axes.plot(grid, band[1], color=look.colour, linestyle=look.dashes, linewidth=width, label=label, **ends)


def add_note(figure: Figure, note: str) -> None:
    """Say below the figure what it shows and what it leaves out."""
    lines = textwrap.fill(note, int(NOTE_LETTERS_PER_IN * figure.get_size_inches()[0]), break_on_hyphens=False)
    figure.supxlabel(lines, fontsize=FONT_SIZE - 2.0, color="0.25", x=0.01, ha="left")
