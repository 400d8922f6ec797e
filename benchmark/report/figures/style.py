"""The one style of all figures.

Colour-blind-safe, told apart in grey by dashes and markers, the same bytes from the same rows.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import seaborn as sns
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray
from PIL import Image

from benchmark.harness.methods import without_preset

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
# Without pink and yellow, which are too faint for lines on white.
COLOURS = tuple(sns.color_palette("colorblind").as_hex()[index] for index in (0, 1, 2, 3, 4, 5, 7, 9))
START_COLOUR = "0.55"
INK = "0.15"
SMALLEST_PERCENT = 1e-4  # a logarithmic axis has no zero; no recording of a person supports anything below
FLOOR_NOTE = f"Errors below {SMALLEST_PERCENT:g} % are drawn at {SMALLEST_PERCENT:g} %."
BAND_NOTE = f"Line: median, band: quartiles of the best point so far. {FLOOR_NOTE}"
WIDTH_IN = 7.2
NOTE_LETTERS_PER_IN = 17
LEGEND_LETTERS, LINE_LETTERS = 116, 8  # in a row of a legend above all panels, and as wide as the line before a name
PNG_DPI = 180
PNG_COLOURS = 256
ALMOST_WHITE = 252  # of 255; the palette's white is the mean of white and what is next to it
FONT_SIZE = 9.0
LINE_WIDTH = 1.5
POINT_IN = 1.0 / 72.0
# The truth, and up to two runs that are compared with it.
TRUTH_AND_RUNS: tuple[Mapping[str, Any], ...] = (
    {"color": "0.7", "linewidth": 3.5},
    {"color": COLOURS[0], "linewidth": 1.3},
    {"color": COLOURS[3], "linewidth": 1.3, "linestyle": (0, (3, 1.5))},
)


@dataclass(frozen=True)
class Look:
    """How one series is drawn."""

    colour: str
    dashes: Any
    marker: str


def looks(series: Sequence[str]) -> dict[str, Look]:
    """A look for each of the `series`, the same in all figures that show the same ones; presets share a colour."""
    families = list(dict.fromkeys(map(without_preset, series)))
    return {
        name: Look(
            COLOURS[families.index(without_preset(name)) % len(COLOURS)],
            DASHES[index % len(DASHES)],
            MARKERS[index % len(MARKERS)],
        )
        for index, name in enumerate(series)
    }


@contextmanager
def figure_style() -> Iterator[None]:
    """Within it, figures are made and saved in the one style: seaborn's, with the following changed."""
    own: dict[Any, Any] = {
        **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "text.color", "xtick.color", "ytick.color"), INK),
        **dict.fromkeys(("font.size", "axes.titlesize", "axes.labelsize", "legend.fontsize"), FONT_SIZE),
        **dict.fromkeys(("xtick.labelsize", "ytick.labelsize"), FONT_SIZE - 1.0),
        **dict.fromkeys(("xtick.major.size", "ytick.major.size"), 3.0),
        **dict.fromkeys(("axes.linewidth", "xtick.major.width", "ytick.major.width"), 0.8),
        "font.family": "DejaVu Sans",  # comes with matplotlib, so that figures do not depend on installed fonts
        "pdf.fonttype": 42,  # journals refuse Type 3
        "text.hinting": "no_hinting",  # takes time, and shows only at much fewer dots per inch
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "0.85",
        "grid.linewidth": 0.5,
        "legend.frameon": False,
        "lines.solid_capstyle": "round",
    }
    with rc_context(sns.axes_style("ticks") | sns.plotting_context("paper") | own):
        yield


def render(figure: Figure) -> dict[str, bytes]:
    """The figure as the content of a ``pdf`` and of a ``png`` file."""
    settle(figure)
    return {"pdf": _pdf(figure), "png": _png(figure)}


def settle(figure: Figure) -> None:
    """Lay the figure out once for all: matplotlib would do it again for each file, and draw the figure for that."""
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)
        figure.set_layout_engine(None)


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
    """Make an axis logarithmic, over a decade at least, with plain numbers at few ticks."""
    axes.set(**{f"{which}scale": "log"})
    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
    if high < 10.0 * low:
        middle = math.sqrt(low * high)
        low, high = middle / math.sqrt(10.0), middle * math.sqrt(10.0)
        axes.set(**{f"{which}lim": (low, high)})
    axis.set_major_locator(log_ticks((low, high)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: plain_number(value)))
    axis.set_minor_locator(NullLocator())


def log_ticks(limits: tuple[float, float], most: int = 8) -> LogLocator:
    """Few ticks of a logarithmic axis, more of them where it spans little."""
    low, high = sorted(limits)
    steps = (1.0, 2.0, 5.0) if high < 30.0 * low else (1.0, 3.0) if high < 300.0 * low else (1.0,)
    return LogLocator(subs=steps, numticks=most)


def plain_number(value: float) -> str:
    """A tick's label: in full where that is short, else with a power of ten."""
    if 1e-3 <= value < 1e4:
        return f"{value:g}"
    digits, exponent = f"{value:.2e}".split("e")
    times = "" if float(digits) == 1.0 else rf"{float(digits):g}{{\times}}"
    return f"${times}10^{{{int(exponent)}}}$"


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


def panel_grid(count: int, columns: int, height_in: float) -> tuple[Figure, list[Axes]]:
    """A figure with a number of panels in rows, each with axes of its own."""
    rows = math.ceil(count / columns)
    figure = Figure(figsize=(WIDTH_IN, height_in * rows + 1.0), layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes in panels[count:]:
        axes.remove()
    return figure, panels[:count]


def legend_of_runs(figure: Figure, truth: str, runs: Sequence[str]) -> None:
    """Say above all panels how `TRUTH_AND_RUNS` are drawn: what the truth is, and which runs they are."""
    names = [truth, *runs]
    handles = [Line2D([], [], **style) for style in TRUTH_AND_RUNS[: len(names)]]
    figure.legend(handles, names, loc="outside upper left", fontsize=FONT_SIZE - 1.0, handlelength=3.0)


def legend_above(figure: Figure, looks: Mapping[str, Look]) -> None:
    """Say above all panels what is drawn how."""
    handles = [Line2D([], [], **series_style(look, LINE_WIDTH)) for look in looks.values()]
    letters = max(map(len, looks), default=1)
    figure.legend(
        handles,
        list(looks),
        loc="outside upper center",
        ncols=max(1, min(4, len(handles), LEGEND_LETTERS // (letters + LINE_LETTERS))),
        fontsize=FONT_SIZE - 1.0,
        handlelength=3.5,
        handletextpad=0.5,
        columnspacing=1.0,
    )


def add_note(figure: Figure, note: str) -> None:
    """Say below the figure what it shows and what it leaves out."""
    lines = textwrap.fill(note, int(NOTE_LETTERS_PER_IN * figure.get_size_inches()[0]), break_on_hyphens=False)
    figure.supxlabel(lines, fontsize=FONT_SIZE - 2.0, color="0.25", x=0.01, ha="left")
