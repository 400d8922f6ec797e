"""A table of the report: one way to make it, and one way to write it for programs, for reading and for papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from benchmark.harness.row import Row
from benchmark.report.formats import pipe, records
from benchmark.report.latex import latex_table
from benchmark.report.rows import to_csv

Format = Literal["csv", "md", "tex"]
FORMATS: tuple[Format, ...] = ("csv", "md", "tex")
NO_RESULT = "No run delivered a result."


@dataclass(frozen=True, eq=False)
class ReportTable:
    """A table, for programs and for people.

    Attributes
    ----------
    name
        Name of its files, without their endings.
    title
        What it shows; code in backticks, as in all its texts.
    raw
        For programs: names of columns end with the unit, numbers have all their digits.
    shown
        For people: text, with the unit in every heading that needs one. See `shown_table`.
    note
        What one has to know to read it; stands before it.
    remarks
        Paragraphs of Markdown that stand behind it.
    essential
        Headings of `shown` that a sheet of paper has room for; empty for all.
    sort_by
        The column of `raw` that the lines are to be sorted by for a heading of `shown`, for those headings that have
        one; `raw` and `shown` then have the same lines.
    formats
        What it is written as.
    """

    name: str
    title: str
    raw: pd.DataFrame
    shown: pd.DataFrame
    note: str = ""
    remarks: tuple[str, ...] = ()
    essential: tuple[str, ...] = ()
    sort_by: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[Format, ...] = FORMATS

    def __post_init__(self) -> None:
        """Raise a ValueError if headings that are named are not there."""
        if unknown := {*self.essential, *self.sort_by} - {*self.shown.columns}:
            raise ValueError(f"table {self.name} has no headings {sorted(unknown)}")
        if unknown := {*self.sort_by.values()} - {*self.raw.columns}:
            raise ValueError(f"table {self.name} has no columns {sorted(unknown)}")
        if self.sort_by and len(self.raw) != len(self.shown):
            raise ValueError(f"table {self.name} shows {len(self.shown)} lines of {len(self.raw)}: not to be sorted")

    @property
    def on_paper(self) -> pd.DataFrame:
        """What a sheet of paper has room for."""
        return self.shown[list(self.essential)] if self.essential else self.shown

    def sort_values(self, heading: str) -> pd.Series:
        """What the lines are to be sorted by for a heading: numbers where there are any, text otherwise."""
        return self.raw[self.sort_by[heading]] if heading in self.sort_by else self.shown[heading]

    def files(self) -> dict[str, bytes]:
        """Its files: content by name."""
        return {f"{self.name}.{ending}": self._written(ending) for ending in self.formats}

    def markdown(self) -> str:
        """The table for reading, with all its texts."""
        table = NO_RESULT if self.shown.empty else pipe(records(self.shown))
        return "\n\n".join(part for part in (f"# {self.title}", self.note, table, *self.remarks) if part) + "\n"

    def latex(self) -> str:
        """The table for papers, its title as the caption; for LaTeX with the package booktabs."""
        return latex_table(self.on_paper, self.title, f"tab:{self.name}")

    def _written(self, ending: Format) -> bytes:
        if ending == "csv":
            return to_csv(self.raw)
        return (self.markdown() if ending == "md" else self.latex()).encode()


def name_in_suite(name: str, suite: str, own_suite: str) -> str:
    """Name of a table's files: that of another suite than the one it was made for says whose it is."""
    return name if suite == own_suite else f"{name}-{suite}"


def shown_table(lines: Iterable[Row], headings: Sequence[str]) -> pd.DataFrame:
    """Lines as a table of text.

    Parameters
    ----------
    lines
        Cells by heading; each has all `headings`.
    headings
        In their order.
    """
    return pd.DataFrame([[str(line[heading]) for heading in headings] for line in lines], columns=list(headings))
