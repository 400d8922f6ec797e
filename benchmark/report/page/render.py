"""A page as one HTML file: style, script and pictures are in it, and the same page gives the same bytes."""

from __future__ import annotations

import io
import math
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from PIL import Image

from benchmark.report.formats import MISSING
from benchmark.report.page.content import Figure, Page, Section, Table

CSS_DPI = 96.0  # what a length of a pixel means to browsers
METHOD_HEADING = "Method"
LONG_CELL = 44  # letters; a longer text takes several lines
LONG_WORD = 30  # letters; a longer one may be broken
LONG_HEADING = 14  # letters; a longer one takes two lines
FEW_LINES = 6  # that need no filter
MANY_LINES = 40  # that scroll in a frame
METHOD_SECTION = "method-"
NOTHING = "\N{EN DASH}"
ASSETS = "assets"


@dataclass(frozen=True)
class Cell:
    """A cell.

    Attributes
    ----------
    text
        What it shows.
    value
        The number that it is sorted by; None where there is none.
    target
        The section that it leads to; None where it leads nowhere.
    classes
        What its style depends on.
    """

    text: str
    value: str | None
    target: str | None
    classes: str


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes
    ----------
    heading
        Its heading, with the unit.
    values
        The numbers that it is sorted by; None where it is sorted by its texts.
    menu
        The texts to choose from in its menu; none where it has no menu.
    classes
        What the style of its cells depends on: ``key`` stays in sight, ``extra`` goes where there is little room.
    """

    heading: str
    values: list[Any] | None
    menu: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def heading_classes(self) -> str:
        """What the style and the script depend on."""
        long = ["wide"] if len(self.heading) > LONG_HEADING else []
        return " ".join([*self.classes, *(["number"] if self.values is not None else []), *long])


def render(page: Page) -> bytes:
    """The page as HTML.

    Parameters
    ----------
    page
        The page.
    """
    names = frozenset(block.name for block in page.blocks() if isinstance(block, Section))
    markdown = MarkdownIt("commonmark", {"html": False})
    environment = Environment(
        loader=PackageLoader(__package__, ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "markdown": lambda text: Markup(markdown.render(text)),
        "inline": lambda text: Markup(markdown.renderInline(text)),
        "base64": lambda content: b64encode(content).decode(),
    }
    environment.globals |= {
        "few": FEW_LINES,
        "many": MANY_LINES,
        "plain": lambda text: text.replace("`", ""),
        "columns": columns,
        "rows": lambda table: rows(table, names),
        "size": shown_size,
        "asset": lambda name: Markup(files(__package__).joinpath(ASSETS, name).read_text("utf-8")),
    }
    return environment.get_template("page.html.jinja").render(page=page).encode()


def columns(block: Table) -> list[Column]:
    """The columns of a table, the one that stays in sight first: that of methods, if there is one."""
    shown, essential = block.table.shown, block.table.essential
    key = METHOD_HEADING if METHOD_HEADING in shown.columns else shown.columns[0]
    headings = [key, *(heading for heading in shown.columns if heading != key)]
    return [
        Column(
            heading,
            _values(block, heading),
            tuple(dict.fromkeys(map(_text, shown[heading]))) if heading in block.menus else (),
            (*(["key"] if heading == key else []), *(["extra"] if essential and heading not in essential else [])),
        )
        for heading in headings
    ]


def rows(block: Table, names: frozenset[str]) -> Iterator[list[Cell]]:
    """The lines of a table.

    Parameters
    ----------
    block
        The table.
    names
        Names of the page's sections; methods lead to theirs.
    """
    all_columns = columns(block)
    shown = block.table.shown[[column.heading for column in all_columns]]
    for index, texts in enumerate(shown.itertuples(index=False, name=None)):
        yield [_cell(column, index, text, names) for column, text in zip(all_columns, texts, strict=True)]


def shown_size(figure: Figure) -> tuple[int, int]:
    """Width and height that a picture is shown at where there is room, in pixels of the page."""
    with Image.open(io.BytesIO(figure.png)) as image:
        width, height = (
            round(pixels * CSS_DPI / dpi) for pixels, dpi in zip(image.size, image.info["dpi"], strict=True)
        )
    return width, height


def _values(block: Table, heading: str) -> list[Any] | None:
    """The numbers that a table is sorted by for a heading; None where it is sorted by its texts."""
    values = block.table.sort_values(heading)
    return values.tolist() if is_numeric_dtype(values) and not is_bool_dtype(values) else None


def _cell(column: Column, index: int, text: str, names: frozenset[str]) -> Cell:
    """The cell of a column in the line with an index."""
    value = None if column.values is None else column.values[index]
    target = METHOD_SECTION + text if column.heading == METHOD_HEADING else ""
    return Cell(
        _text(text),
        None if value is None or pd.isna(value) else _script_number(float(value)),
        target if target in names else None,
        " ".join([*column.classes, *(["long"] if _is_long(text) else ["word"] if _is_hyphenated(text) else [])]),
    )


def _is_long(text: str) -> bool:
    return len(text) > LONG_CELL or any(len(word) > LONG_WORD for word in text.split())


def _is_hyphenated(text: str) -> bool:
    """Whether it is one word that lines would be broken in."""
    return " " not in text and "-" in text[1:-1]


def _text(text: str) -> str:
    return NOTHING if text == MISSING else text


def _script_number(number: float) -> str:
    """A number as the page's script reads it."""
    return f"{number:.15g}" if math.isfinite(number) else f"{'-' if number < 0.0 else ''}Infinity"
