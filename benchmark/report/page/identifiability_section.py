"""The part of the page that shows what can be known of the parameters at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

from benchmark.report.identifiability.claims_table import NAME as CLAIMS
from benchmark.report.identifiability.found import FOLDER, Identifiability
from benchmark.report.identifiability.quantities_table import NAME, sortable
from benchmark.report.identifiability.studies import COMMAND
from benchmark.report.identifiability.summary_table import NAME as SUMMARY
from benchmark.report.page.captions import caption, place
from benchmark.report.page.commands import REPORT
from benchmark.report.page.content import Section, Text
from benchmark.report.page.identifiability_findings import findings
from benchmark.report.page.suite_section import FIGURES, figure, report_table


@dataclass(frozen=True, eq=False)
class IdentifiabilityResults:
    """What the report has of identifiability.

    Attributes
    ----------
    found
        What is stored of it.
    figures
        Content of its figures' files, by name.
    """

    origin: ClassVar[str] = "reproduce-identifiability"

    found: Identifiability
    figures: Mapping[str, bytes]

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that make all of it again."""
        return COMMAND, *self.found.further.commands, REPORT


def identifiability_section(results: IdentifiabilityResults) -> Section:
    """The section of identifiability: what it comes to, in short, in figures, in tables."""
    found, origin = results.found, results.origin
    tables = {table.name: sortable(table, found.bounds) if table.name == NAME else table for table in found.tables}
    above = [tables.pop(name) for name in (SUMMARY, CLAIMS) if name in tables]
    pngs = {PurePosixPath(name).stem: content for name, content in results.figures.items() if name.endswith(".png")}
    pictures = [
        figure(f"{FIGURES}/{FOLDER}/{stem}", caption(stem), pngs[stem], origin) for stem in sorted(pngs, key=place)
    ]
    return Section(
        "identifiability",
        "What can be known",
        (
            Text(findings(above[0].raw, found.bounds)),
            *(report_table(table, origin) for table in above),
            Section("identifiability-figures", "Figures", tuple(pictures)),
            Section("identifiability-tables", "Tables", tuple(report_table(one, origin) for one in tables.values())),
        ),
    )
