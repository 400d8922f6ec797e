"""What a page consists of: sections of texts, tables, figures and commands. Nothing here knows HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from benchmark.report.report_table import ReportTable


@dataclass(frozen=True)
class Text:
    """Paragraphs.

    Attributes
    ----------
    markdown
        In CommonMark; HTML in it is shown as text.
    """

    kind: ClassVar[str] = "text"

    markdown: str


@dataclass(frozen=True)
class Commands:
    """Lines for a shell."""

    kind: ClassVar[str] = "commands"

    lines: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """A table that can be sorted by each of its columns and filtered.

    Attributes
    ----------
    table
        The table; no other one of the page has its name.
    menus
        Headings of the columns that get a menu of their values to filter by.
    folder
        Where the table's files are, seen from the page; None for a table that is nowhere else.
    origin
        The section that says how its numbers are made; empty where it stands beside it.
    """

    kind: ClassVar[str] = "table"

    table: ReportTable
    menus: tuple[str, ...] = ()
    folder: str | None = None
    origin: str = ""

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    @property
    def files(self) -> tuple[str, ...]:
        """The table's files, seen from the page."""
        return () if self.folder is None else tuple(f"{self.folder}/{self.name}.{kind}" for kind in self.table.formats)


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture.

    Attributes
    ----------
    name
        No other figure of the page has it.
    caption
        What it shows, in CommonMark.
    alternative
        What it shows, for those who cannot see it.
    png
        The picture itself.
    files
        Where it is, seen from the page.
    origin
        The section that says how its numbers are made.
    """

    kind: ClassVar[str] = "figure"

    name: str
    caption: str
    alternative: str
    png: bytes
    files: tuple[str, ...]
    origin: str


@dataclass(frozen=True)
class Section:
    """A part of the page under a title; `name` is what addresses of it end with, once on the page."""

    kind: ClassVar[str] = "section"

    name: str
    title: str
    blocks: tuple[Block, ...]


Block = Text | Commands | Table | Figure | Section


@dataclass(frozen=True)
class Page:
    """The page.

    Attributes
    ----------
    title
        Its title.
    lead
        A sentence below it, in CommonMark.
    facts
        Numbers that say how much there is, with what they count.
    sections
        Its parts, in order.
    """

    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    def blocks(self) -> Iterator[Block]:
        """Everything on the page, from top to bottom, sections before what they hold."""
        for section in self.sections:
            yield from _within(section)


def _within(block: Block) -> Iterator[Block]:
    yield block
    if isinstance(block, Section):
        for inner in block.blocks:
            yield from _within(inner)
