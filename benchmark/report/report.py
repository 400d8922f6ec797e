"""The report: all tables and figures and the page that shows them, from stored rows and traces alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import chain
from pathlib import Path

from benchmark.harness.files import write_atomically, writing
from benchmark.report.calibration.tables import calibration_tables
from benchmark.report.deep_muscles.problems import compares_subjects
from benchmark.report.deep_muscles.tables import deep_muscles_tables
from benchmark.report.drawings import Drawers, Files, drawing_processes
from benchmark.report.efficiency_tables import efficiency_table
from benchmark.report.epochs import PAPER_SUITE, epochs_table
from benchmark.report.identifiability.drawings import identifiability_drawings
from benchmark.report.identifiability.found import FOLDER, Identifiability, load_identifiability
from benchmark.report.leftovers import remove_leftovers
from benchmark.report.material import Material, SuiteMaterial
from benchmark.report.narrowing import EVERYTHING, Narrowing
from benchmark.report.omissions import damage_table
from benchmark.report.page.build import results_page
from benchmark.report.page.identifiability_section import IdentifiabilityResults
from benchmark.report.page.render import render
from benchmark.report.page.speed_section import SpeedResults
from benchmark.report.page.suite_section import SuiteResults
from benchmark.report.predictions.table import predictions_tables
from benchmark.report.provenance import provenance_table
from benchmark.report.report_table import ReportTable
from benchmark.report.rows import to_csv
from benchmark.report.statistics import SuiteStatistics, detectable_table, statistics_tables, suite_statistics
from benchmark.report.suite_drawings import speed_drawings, suite_drawings
from benchmark.report.tables import summary_table
from benchmark.report.terminal import summary_text
from benchmark.report.time_to_accuracy import time_to_accuracy, time_to_accuracy_table
from benchmark.speed.stored import StoredTimings, load_timings
from benchmark.speed.table import speed_files, speed_table

__all__ = ["summary_text", "write_report"]

PAGE = "report.html"
SPEED = "speed"  # folder of the figures that are of no suite
NARROWED = "narrowed"  # where below the results folder a report of some runs alone goes


def write_report(
    results: Path, narrowing: Narrowing = EVERYTHING, out: Path | None = None, processes: int | None = None
) -> list[Path]:
    """Write the tables, figures and page of stored runs; what an earlier report left and this one lacks is removed.

    Parameters
    ----------
    results
        The results folder.
    narrowing
        Which runs the report is about.
    out
        Where ``tables/``, ``figures/<suite>/`` and ``report.html`` are written; None for where `report_folder` says.
    processes
        How many processes draw the figures; None for as many as are worth their start.

    Returns
    -------
    list[Path]
        The files written.

    Raises
    ------
    HarnessError
        If no run is stored there, or none that the report is about, or if nothing can be written.
    """
    material = Material(results, narrowing)
    # These are of no suite or method.
    timings = load_timings(results) if narrowing.is_all else None
    known = load_identifiability(results) if narrowing.is_all else None
    out = report_folder(results, narrowing, out)
    with Drawers(processes or drawing_processes(_figure_count(material))) as drawers:
        written = [_written(out / name, content) for name, content in _files(material, timings, known, drawers)]
    with writing(out):
        remove_leftovers(out, written)
    return written


def report_folder(results: Path, narrowing: Narrowing = EVERYTHING, out: Path | None = None) -> Path:
    """Where a report goes: `out` or, without, the results folder; of some runs alone, ``narrowed/`` in it.

    So a report of some runs does not take the place of that of all runs unless that is asked for.
    """
    return out or (results if narrowing.is_all else results / NARROWED)


def suite_tables(suite: SuiteMaterial) -> list[ReportTable]:
    """The tables of a suite; one over subjects has its own in the place of a line a problem."""
    if compares_subjects(suite.runs["problem"]):
        return [*deep_muscles_tables(suite), provenance_table(suite.rows, suite.name)]
    of_noise = efficiency_table(suite)
    tables = [*calibration_tables(suite), summary_table(suite), *([] if of_noise is None else [of_noise])]
    tables += [*predictions_tables(suite), provenance_table(suite.rows, suite.name)]
    return [*tables, epochs_table(suite)] if suite.name == PAPER_SUITE else tables


def common_tables(material: Material, statistics: Sequence[SuiteStatistics]) -> list[ReportTable]:
    """The tables over all suites."""
    timed = time_to_accuracy(material.rows, material.trace)
    tables = [time_to_accuracy_table(timed)] if len(timed) else []
    tables += [detectable_table(statistics)] if any(len(found.design) for found in statistics) else []
    return [*tables, damage_table(material.damaged)] if material.damaged else tables


def _files(
    material: Material, timings: StoredTimings | None, known: Identifiability | None, drawers: Drawers
) -> Iterator[tuple[str, bytes]]:
    """Name below the report's folder, and content, of every file."""
    drawn: list[tuple[str, Future[Files]]] = []
    for suite in material.suites:
        drawn += [(suite.name, drawers.draw(drawing)) for drawing in suite_drawings(material, suite)]
    if known is not None:
        drawn += [(FOLDER, drawers.draw(drawing)) for drawing in identifiability_drawings(known)]
    if timings is not None:
        drawn += [(SPEED, drawers.draw(drawing)) for drawing in speed_drawings(timings)]
        yield from ((f"tables/{name}", content) for name, content in speed_files(timings).items())
    tried = {suite.name: material.attempts_of(suite.name) for suite in material.suites}
    statistics = {name: suite_statistics(name, attempts) for name, attempts in tried.items() if len(attempts)}
    tables = {
        suite.name: _labelled([*suite_tables(suite), *_statistics(statistics.get(suite.name))], material.narrowing)
        for suite in material.suites
    }
    common = _labelled(common_tables(material, [*statistics.values()]), material.narrowing)
    for table in chain(*tables.values(), common, () if known is None else known.tables):
        for name, content in table.files().items():
            yield f"tables/{name}", content
    yield from ((f"tables/targets-{name}.csv", to_csv(found.success)) for name, found in statistics.items())
    yield "tables/runs.csv", to_csv(material.runs)
    figures: dict[str, Files] = {name: {} for name in (*tables, SPEED, FOLDER)}
    for name, files in drawn:
        figures[name] |= files.result()
        for file, content in files.result().items():
            yield f"figures/{name}/{file}", content
    results = [SuiteResults(suite, tables[suite.name], figures[suite.name]) for suite in material.suites]
    speed = None if timings is None else SpeedResults(speed_table(timings.blocks), figures[SPEED])
    identifiability = None if known is None else IdentifiabilityResults(known, figures[FOLDER])
    yield PAGE, render(results_page(material, results, common, speed, identifiability))


def _statistics(found: SuiteStatistics | None) -> list[ReportTable]:
    """The tables of a suite's statistics; none where its runs have no targets."""
    return [] if found is None else statistics_tables(found)


def _written(path: Path, content: bytes) -> Path:
    with writing(path):
        return write_atomically(path, content)


def _labelled(tables: Sequence[ReportTable], narrowing: Narrowing) -> list[ReportTable]:
    """The tables; those of some runs alone say so."""
    if narrowing.is_all:
        return list(tables)
    return [
        replace(table, title=f"{table.title} (some runs alone)", note=f"{narrowing.text} {table.note}".rstrip())
        for table in tables
    ]


def _figure_count(material: Material) -> int:
    """About how many figures the runs give."""
    rows = material.rows
    return len({(row["suite"], row["method"]) for row in rows}) + 4 * len({row["suite"] for row in rows})
