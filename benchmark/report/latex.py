"""Tables in LaTeX, for which the package booktabs is enough."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import wrap
from types import MappingProxyType

import pandas as pd

from benchmark.report.formats import MISSING

# What LaTeX reads otherwise, and the signs that tables have; other letters LaTeX knows.
SYMBOLS: Mapping[str, str | int | None] = MappingProxyType(
    {character: rf"\{character}" for character in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$"}
    | {superscript: rf"\textsuperscript{{{digit}}}" for superscript, digit in zip("²³⁴", "234", strict=True)}
    | {"→": r"$\rightarrow$", "≤": r"$\leq$", "≥": r"$\geq$", "±": r"$\pm$"}
    | {"∞": r"$\infty$", "·": r"$\cdot$", "°": r"$^\circ$", "≈": r"$\approx$"}
    | {"\N{MULTIPLICATION SIGN}": r"$\times$", "\N{EN DASH}": "--", "\N{MINUS SIGN}": "$-$"}
)
NUMBER = re.compile(r"[<>≤≥\N{MINUS SIGN}-]?\d")
LINES = 55  # that a page has room for
HEADING_WIDTH = 10  # characters
TABLE = r"""\begin{{table}}[htbp]
\centering
\scriptsize
\setlength{{\tabcolsep}}{{2pt}}
\caption{{{caption}}}
{label}{tabular}\end{{table}}
"""


def latex_text(text: str) -> str:
    """Plain text as LaTeX; what stands in backticks is code."""
    parts = [part.translate(str.maketrans(dict(SYMBOLS))) for part in text.split("`")]
    return "".join(rf"\texttt{{{part}}}" if index % 2 else part for index, part in enumerate(parts))


def latex_table(shown: pd.DataFrame, title: str, label: str) -> str:
    """A table environment, or several of a page each where there are many lines.

    Columns that say the same in all lines are in the caption alone, as paper is narrow.

    Parameters
    ----------
    shown
        Text, without anything of LaTeX in it.
    title
        Its caption, likewise.
    label
        What it is referred to by.
    """
    constant = [heading for heading in shown.columns if len(shown) > 1 and shown[heading].nunique() == 1]
    said = [f"{heading}: {shown[heading].iloc[0]}" for heading in constant]
    caption = latex_text(f"{title}. In all lines: {'; '.join(said)}." if said else title)
    columns = shown.drop(columns=constant)
    pages = [columns[first : first + LINES] for first in range(0, max(len(columns), 1), LINES)]
    tables = [TABLE.format(caption=caption, label=f"\\label{{{label}}}\n", tabular=_tabular(pages[0], columns))]
    tables += [
        TABLE.format(caption=f"{caption} (continued)", label="", tabular=_tabular(page, columns)) for page in pages[1:]
    ]
    return "\n".join(tables)


def _tabular(page: pd.DataFrame, columns: pd.DataFrame) -> str:
    """The lines of a page; the columns of all pages are aligned alike."""
    escaped = page.map(latex_text)
    escaped.columns = pd.Index([_heading(heading) for heading in page.columns])
    layout = "".join("r" if _is_numbers(columns[heading]) else "l" for heading in columns)
    return escaped.to_latex(index=False, escape=False, column_format=layout)


def _heading(text: str) -> str:
    """A heading, a long one in several lines."""
    lines = [latex_text(line) for line in wrap(text, HEADING_WIDTH, break_long_words=False)]
    return lines[0] if len(lines) == 1 else r"\shortstack{" + r" \\ ".join(lines) + "}"


def _is_numbers(cells: pd.Series) -> bool:
    """Whether a column holds numbers, and what is missing of them, alone."""
    return all(cell == MISSING or NUMBER.match(cell) is not None for cell in cells)
