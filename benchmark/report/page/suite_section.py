"""The part of the page that shows a suite: its tables and figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from benchmark.harness.suites import Suite
from benchmark.report.calibration.tables import calibration_name
from benchmark.report.deep_muscles.problems import compares_subjects
from benchmark.report.deep_muscles.table import table_name
from benchmark.report.material import SuiteMaterial
from benchmark.report.page.captions import Caption, caption, place
from benchmark.report.page.content import Block, Figure, Section, Table, Text
from benchmark.report.page.short_table import short_table
from benchmark.report.predictions.table import NAME as PREDICTIONS
from benchmark.report.provenance import provenance_table
from benchmark.report.report_table import ReportTable

TABLES = "tables"
FIGURES = "figures"
ANSWERING = ("tracked-moments", "predictions", "efficiency", "accuracy-against-time")
OF_METHODS = "parameters-"  # figures that there is one of for each method
CONCLUSIONS = "What these runs can and cannot tell, at a confidence of 95 % over all pairs of methods:"
MENUS = (
    *("Suite", "Problem", "Target", "Method", "Other", "Start", "Start level", "Status", "Best minimum", "Verdict"),
    *("Operation", "Back end", "Threads (1)", "Formulation", "Imperfection", "Quantity", "Movement", "Source"),
)


@dataclass(frozen=True, eq=False)
class SuiteResults:
    """What the report has of a suite.

    Attributes
    ----------
    material
        Its runs.
    tables
        Its tables, in the order to show them in.
    figures
        Content of its figures' files, by name.
    """

    material: SuiteMaterial
    tables: Sequence[ReportTable]
    figures: Mapping[str, bytes]

    @property
    def name(self) -> str:
        """The suite's name."""
        return self.material.name

    @property
    def section(self) -> str:
        """The section that shows it."""
        return f"suite-{self.name}"

    @property
    def origin(self) -> str:
        """The section that says how its numbers are made."""
        return f"reproduce-{self.name}"

    @property
    def provenance(self) -> ReportTable:
        """What its runs were made with; the page shows it for all suites together."""
        return provenance_table(self.material.rows, self.name)

    @property
    def conclusions(self) -> str:
        """What its runs allow to say of the methods, in Markdown; the page shows it before the ranks."""
        own = [table for table in self.tables if table.name == f"ranking-{self.name}"]
        return "\n\n".join(text for table in own for text in table.remarks)

    @property
    def shown_tables(self) -> list[ReportTable]:
        """The tables that its section shows, without what stands before them."""
        elsewhere = (self.provenance, *self.in_files)
        shown = [table for table in self.tables if table.name not in {other.name for other in elsewhere}]
        told = (f"ranking-{self.name}", *self._with_findings)
        return [replace(table, remarks=()) if table.name in told else table for table in shown]

    @property
    def in_files(self) -> list[ReportTable]:
        """The tables that have too many lines for the page."""
        return [table for table in self.tables if table.formats == ("csv",)]

    @property
    def compares_subjects(self) -> bool:
        """Whether it is about formulations over virtual subjects, and not about methods problem by problem."""
        return compares_subjects(self.material.runs["problem"])

    @property
    def findings(self) -> str:
        """What its calibrations, predictions or formulations over subjects come to, in Markdown; empty without any."""
        own = [table for table in self.tables if table.name in self._with_findings]
        return "\n\n".join(text for table in own for text in table.remarks)

    @property
    def _with_findings(self) -> tuple[str, ...]:
        """Names of the tables whose remarks say what they come to; the page shows these before all tables."""
        return calibration_name(self.name), table_name(self.name), PREDICTIONS

    @property
    def pictures(self) -> dict[str, bytes]:
        """The figures to show by name, in the order of their captions."""
        stems = {PurePosixPath(name).stem: content for name, content in self.figures.items() if name.endswith(".png")}
        return {stem: stems[stem] for stem in sorted(stems, key=place)}


def report_table(table: ReportTable, origin: str = "", folder: str | None = TABLES) -> Table:
    """A table of the report, with menus for those of its columns that name things."""
    several = tuple(name for name in MENUS if name in table.shown.columns and table.shown[name].nunique() > 1)
    return Table(table, several, folder, origin)


def picture(suite: SuiteResults, stem: str) -> Figure:
    """A figure of a suite."""
    said = caption(stem)
    said = said._replace(alternative=f"{said.alternative}; suite {suite.name}")
    return figure(f"{FIGURES}/{suite.name}/{stem}", said, suite.pictures[stem], suite.origin)


def figure(path: str, said: Caption, png: bytes, origin: str) -> Figure:
    """A figure of the report by the path of its files, without what tells their kinds apart."""
    name = path.removeprefix(f"{FIGURES}/").replace("/", "-")
    return Figure(name, said.text, said.alternative, png, tuple(f"{path}.{kind}" for kind in ("pdf", "png")), origin)


def first_look(suite: SuiteResults, controls: Collection[str]) -> Iterator[Block]:
    """The figures and the table that answer which method it should be."""
    if suite.findings:
        yield Text(suite.findings)
    if suite.conclusions:
        yield Text(f"{CONCLUSIONS}\n\n{suite.conclusions}")
    yield from (picture(suite, stem) for stem in ANSWERING if stem in suite.pictures)
    if not suite.compares_subjects:
        yield report_table(short_table(suite.material.runs, suite.name, controls), suite.origin, folder=None)


def suite_section(suite: SuiteResults, own: Suite | None, first: Sequence[Block]) -> Section:
    """The section of a suite.

    Parameters
    ----------
    suite
        What there is of it.
    own
        What it is asked to be; None if it is in no file any more.
    first
        What the section begins with.
    """
    summary = f"{own.summary}." if own is not None else "This suite is not in `suites.toml` any more."
    tables = (*(report_table(table, suite.origin) for table in suite.shown_tables), *_links_to_tables(suite))
    parts = (
        Section(f"{suite.section}-tables", "Tables", tables),
        Section(f"{suite.section}-figures", "Figures", tuple(_figures(suite))),
    )
    return Section(suite.section, f"Suite {suite.name}", (Text(summary), *first, *parts))


def _figures(suite: SuiteResults) -> Iterator[Block]:
    """The figures but those that stand with the answer."""
    if not suite.pictures:
        yield Text("There are no figures, as no run delivered a result that they could show.")
    for stem in suite.pictures:
        if stem not in ANSWERING and not stem.startswith(OF_METHODS):
            yield picture(suite, stem)
    of_methods = [stem for stem in suite.pictures if stem.startswith(OF_METHODS)]
    if of_methods:
        yield Text(_links(suite.name, of_methods))


def _links_to_tables(suite: SuiteResults) -> Iterator[Block]:
    """Where the tables are that have too many lines for the page."""
    for table in suite.in_files:
        path = f"{TABLES}/{table.name}.csv"
        yield Text(f"{table.title}: [{path}]({path}).")


def _links(suite: str, stems: Sequence[str]) -> str:
    """Where the figures are that there are too many of for one page."""
    links = [f"[{stem.removeprefix(OF_METHODS)}]({FIGURES}/{suite}/{stem}.png)" for stem in stems]
    return f"Error of each parameter over evaluations, in a file a method beside this page: {', '.join(links)}."
