"""The page of an identification: what was found, how sure it is, how well it fits, and how it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from benchmark.identifiability.classes import IDENTIFIABLE, IDENTIFIABLE_PERCENT, NOT, WEAK, WEAK_PERCENT
from benchmark.identification.courses import Course
from benchmark.identification.identification import Identification
from benchmark.identification.tables import CLASS_WORDS, HELD_OUT, IDENTIFIED_FROM, OF
from benchmark.report.formats import figure
from benchmark.report.page.content import Block, Figure, Page, Section, Table, Text
from benchmark.report.report_table import ReportTable

TABLES, FIGURES = "tables", "figures"
FORCES, FIBRES, TORQUES, INTERVALS = "forces", "fibres", "torques", "intervals"
MENUS = (OF, "Class", "Recording")
BEWARE = "What to beware of:"
NOTHING_TO_BEWARE_OF = "Nothing to beware of was found."
MEANING = (
    "- Intervals are 95 % ones of the Gauss-Newton covariance: they take the model as linear near the result, and the "
    "noise to be as large as the residual is.\n"
    "- Residuals of filtered signals are correlated in time. They count as the number of independent ones that their "
    "autocorrelation leaves.\n"
    "- Of parameters at a bound nothing is known: they are open.\n"
    f"- Classes go by half the interval's width: *{IDENTIFIABLE}* is up to {IDENTIFIABLE_PERCENT:g} % of the "
    f"quantity's magnitude, *{WEAK}* up to {WEAK_PERCENT:g} %, *{NOT}* what is beyond.\n"
    "- Intervals are those of noise in the motion, and EMG counts as exact: noise of it drives c1, c2, the delay and "
    "the time constants to their bounds, and nothing is said of them next to one.\n"
    "- What is wrong with the model of arm and muscles and with moment arms is not in them; held-out recordings and "
    "the warnings tell more of that."
)


class Drawn(NamedTuple):
    """What is said of a kind of figure."""

    caption: str
    alternative: str


DRAWN: Mapping[str, Drawn] = {
    INTERVALS: Drawn(
        "Identified parameters over the model's, with their 95 % intervals.",
        "Panels of dots with intervals, a line a parameter",
    ),
    TORQUES: Drawn(
        "Measured and predicted torque about each coordinate that anything remains of, and the residual.",
        "Lines of measured and predicted torque over time, and of their difference",
    ),
    FORCES: Drawn("Forces of the muscles.", "A panel a muscle with its force over time"),
    FIBRES: Drawn(
        "Fibre lengths, with the usual range shaded.", "A panel a muscle with its fibre length over time and a band"
    ),
}


def identification_page(found: Identification, tables: Sequence[ReportTable], pictures: Mapping[str, bytes]) -> Page:
    """The page.

    Parameters
    ----------
    found
        What was identified.
    tables
        ``parameters``, ``fit``, ``searches``, ``recordings``, ``provenance`` and ``settings``.
    pictures
        PNG of the figures, by the names of :func:`picture_name`.
    """
    shown = {table.name: _shown(table) for table in tables}
    numbered = list(enumerate(found.courses, start=1))
    of_kind = {
        kind: [_figure(picture_name(kind, number), pictures, course) for number, course in numbered]
        for kind in (TORQUES, FORCES, FIBRES)
    }
    made = (Text(MEANING), shown["recordings"], shown["settings"], shown["provenance"])
    beware = f"{BEWARE}\n\n{_listed(found.warnings)}" if found.warnings else NOTHING_TO_BEWARE_OF
    sections = (
        Section("result", "Result", (Text(beware), shown["parameters"])),
        Section("certainty", "How sure it is", (*_remarks(found), _figure(INTERVALS, pictures))),
        Section("fit", "How well it fits", (shown["fit"], *of_kind[TORQUES])),
        Section("muscles", "Muscles", (*of_kind[FORCES], *of_kind[FIBRES])),
        Section("searches", "Searches", (shown["searches"],)),
        Section("making", "How it was made", made),
    )
    names = ", ".join(entry.recording.name for entry in found.problem.coupled)
    return Page(f"Identified arm: {names}", _lead(found), tuple(_facts(found)), sections)


def picture_name(kind: str, number: int) -> str:
    """Name of the figure of a course by its number, from 1: names of recordings may be the same in two folders."""
    return f"{kind}-{number}"


def literal_markdown(text: str) -> str:
    """A text on one line that Markdown shows as it is, whatever signs are in it."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def _lead(found: Identification) -> str:
    names = {
        use: ", ".join(entry.recording for entry in found.courses if entry.is_held_out == held)
        for use, held in ((IDENTIFIED_FROM, False), (HELD_OUT, True))
    }
    told = f"{IDENTIFIED_FROM} {names[IDENTIFIED_FROM]} by {found.task.method}, starting at the model"
    validated = f"; {HELD_OUT} to validate on: {names[HELD_OUT]}" if names[HELD_OUT] else ""
    return literal_markdown(f"Parameters of arm and muscles, {told}{validated}.")


def _facts(found: Identification) -> Iterator[tuple[str, str]]:
    counts = found.counts()
    for name, words in CLASS_WORDS.items():
        yield str(counts[name]), words
    for fit in found.fits:
        yield figure(fit.r2), "held-out R2 (1)" if fit.is_held_out else "R2 (1)"


def _remarks(found: Identification) -> Iterator[Block]:
    if found.uncertainty.remarks:
        yield Text(_listed(found.uncertainty.remarks))


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {literal_markdown(line)}" for line in lines)


def _shown(table: ReportTable) -> Table:
    several = (name for name in MENUS if name in table.shown.columns and table.shown[name].nunique() > 1)
    return Table(table, tuple(several), TABLES)


def _figure(name: str, pictures: Mapping[str, bytes], course: Course | None = None) -> Figure:
    drawn = DRAWN[name.partition("-")[0]]
    of = "" if course is None else f"Recording: {course.recording}."
    caption = f"{drawn.caption} {literal_markdown(of)}".rstrip()
    paths = tuple(f"{FIGURES}/{name}.{ending}" for ending in ("pdf", "png"))
    return Figure(name, caption, f"{drawn.alternative}. {of}".rstrip(), pictures[name], paths, origin="")
