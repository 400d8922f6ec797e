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
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray
from PIL import Image

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
# seaborn's palette "colorblind"; the whole of seaborn takes longer to load than a figure to draw.
COLOURS = (
    "#0173b2",
    "#de8f05",
    "#029e73",
    "#d55e00",
    "#cc78bc",
    "#ca9161",
    "#fbafe4",
    "#949494",
    "#ece133",
    "#56b4e9",
)
START_COLOUR = "0.55"
INK = "0.15"
SMALLEST_PERCENT = 1e-4  # a logarithmic axis has no zero; no recording of a person supports anything below
FLOOR_NOTE = f"Errors below {SMALLEST_PERCENT:g} % are drawn at {SMALLEST_PERCENT:g} %."
BAND_NOTE = f"Line: median, band: quartiles of the best point so far. {FLOOR_NOTE}"
WIDTH_IN = 7.2
NOTE_LETTERS_PER_IN = 17
PNG_DPI = 180
PNG_COLOURS = 256
ALMOST_WHITE = 252  # of 255; the palette's white is the mean of white and what is next to it
FONT_SIZE = 9.0
LINE_WIDTH = 1.5
POINT_IN = 1.0 / 72.0


@dataclass(frozen=True)
class Look:
    """How one series is drawn."""

    colour: str
    dashes: Any
    marker: str


def looks(series: Sequence[str]) -> dict[str, Look]:
    """A look for each of the `series`, the same in all figures that show the same ones."""
    return {
        name: Look(COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)], MARKERS[index % len(MARKERS)])
        for index, name in enumerate(series)
    }


@contextmanager
def figure_style() -> Iterator[None]:
    """Within it, figures are made and saved in the one style."""
    settings: dict[Any, Any] = {
        **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "text.color", "xtick.color", "ytick.color"), INK),
        **dict.fromkeys(("font.size", "axes.titlesize", "axes.labelsize", "legend.fontsize"), FONT_SIZE),
        **dict.fromkeys(("xtick.labelsize", "ytick.labelsize"), FONT_SIZE - 1.0),
        "font.family": "DejaVu Sans",  # comes with matplotlib, so that figures do not depend on installed fonts
        "text.hinting": "no_hinting",  # takes time, and shows only at much fewer dots per inch
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "0.8",
        "grid.linewidth": 0.5,
        "legend.frameon": False,
        "lines.solid_capstyle": "round",
    }
    with rc_context(settings):
        yield


def render(figure: Figure) -> dict[str, bytes]:
    """The figure as the content of a ``pdf`` and of a ``png`` file."""
    layout = figure.get_layout_engine()
    if layout is not None:  # once for all: matplotlib would do it twice a file
        layout.execute(figure)
        figure.set_layout_engine("none")
    return {"pdf": _pdf(figure), "png": _png(figure)}


def _pdf(figure: Figure) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="pdf", metadata={"CreationDate": None})
    return content.getvalue()


def _png(figure: Figure) -> bytes:
    """With a palette, which takes a third of the bytes and shows the same: figures have few colours."""
    figure.set_dpi(PNG_DPI)
    canvas: Any = FigureCanvasAgg(figure)
    pixels, size = canvas.print_to_buffer()
    drawn = Image.frombuffer("RGBA", size, pixels).convert("RGB")
    image = drawn.quantize(PNG_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = np.array(image.getpalette())
    image.putpalette(np.where(palette >= ALMOST_WHITE, 255, palette).astype(np.uint8).tobytes())
    content = io.BytesIO()
    image.save(content, format="png", dpi=(PNG_DPI, PNG_DPI))
    return content.getvalue()


def drawable(percent: Array) -> Array:
    """Percentages as a logarithmic axis can show them."""
    return np.asarray(np.maximum(percent, SMALLEST_PERCENT))


def logarithmic(axes: Axes, which: Literal["x", "y"]) -> None:
    """Make an axis logarithmic, with plain numbers at few ticks, more of them where it spans little."""
    axes.set(**{f"{which}scale": "log"})
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(log_ticks(axes.get_xlim() if which == "x" else axes.get_ylim()))
    axis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))
    axis.set_minor_locator(NullLocator())


def log_ticks(limits: tuple[float, float], most: int = 8) -> LogLocator:
    """Few ticks of a logarithmic axis, more of them where it spans little."""
    low, high = sorted(limits)
    steps = (1.0, 2.0, 5.0) if high < 30.0 * low else (1.0, 3.0) if high < 300.0 * low else (1.0,)
    return LogLocator(subs=steps, numticks=most)


def plain_number(value: float) -> str:
    """A tick's label: in full where that is short, else as a power of ten."""
    exponent = round(math.log10(value))
    return f"$10^{{{exponent}}}$" if not 1e-3 <= value < 1e4 and math.isclose(value, 10.0**exponent) else f"{value:g}"


def draw_band(axes: Axes, grid: Array, band: Array, look: Look, label: str) -> None:
    """Draw a median line and the band between the quartiles.

    Parameters
    ----------
    grid
        (g,).
    band
        Lower quartile, median and upper quartile, (3, g).
    """
    axes.fill_between(grid, band[0], band[2], color=look.colour, alpha=0.2, linewidth=0.0)
    axes.plot(grid, band[1], label=label, markevery=[-1], **series_style(look, LINE_WIDTH))


def series_style(look: Look, width: float) -> dict[str, Any]:
    """How a line of a series is drawn, with the marker at its end."""
    line = {"color": look.colour, "linestyle": look.dashes, "linewidth": width}
    return line | {"marker": look.marker, "markersize": 3.0 * width}


def add_note(figure: Figure, note: str) -> None:
    """Say below the figure what it shows and what it leaves out."""
    lines = textwrap.fill(note, int(NOTE_LETTERS_PER_IN * figure.get_size_inches()[0]), break_on_hyphens=False)
    figure.supxlabel(lines, fontsize=FONT_SIZE - 2.0, color="0.25", x=0.01, ha="left")
