"""The page of a report: what stands on it, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from benchmark.harness.methods import method_files
from benchmark.harness.suites import Suite, load_suites
from benchmark.report.material import Material
from benchmark.report.omissions import damage_table
from benchmark.report.page import texts
from benchmark.report.page.answer import answer
from benchmark.report.page.commands import REPORT, run_commands, single_run_command
from benchmark.report.page.content import Block, Commands, Page, Section, Text
from benchmark.report.page.identifiability_section import IdentifiabilityResults, identifiability_section
from benchmark.report.page.method_notes import MethodNote, method_notes
from benchmark.report.page.speed_section import SpeedResults, speed_section
from benchmark.report.page.suite_section import SuiteResults, first_look, report_table, suite_section
from benchmark.report.page.tables import (
    all_runs_table,
    design_table,
    failures_table,
    problems_table,
    provenance_table,
)
from benchmark.report.report_table import ReportTable
from benchmark.report.rows import delivered

REPRODUCE = "reproduce"
DAMAGED = damage_table(()).name


def results_page(
    material: Material,
    results: Sequence[SuiteResults],
    common: Sequence[ReportTable],
    speed: SpeedResults | None = None,
    identifiability: IdentifiabilityResults | None = None,
) -> Page:
    """The page of a report.

    Parameters
    ----------
    material
        The runs of all suites.
    results
        What there is of each suite.
    common
        Tables that are not of one suite.
    speed
        What there is of the cost of evaluations; None where it was not measured.
    identifiability
        What there is of what can be known; None where no problem was analysed.
    """
    suites, paths = load_suites(), method_files()
    runs = material.runs
    notes = method_notes(sorted(runs["method"].unique()), paths)
    controls = [note.name for note in notes if note.is_control]
    ordered = sorted(results, key=lambda suite: _place(suite.name, list(suites)))
    sections = [
        _answer_section(ordered[0], material, controls),
        *(_suite(suite, suites, controls, is_leading=suite is ordered[0]) for suite in ordered),
        *([] if identifiability is None else [identifiability_section(identifiability)]),
        *_common_section([table for table in common if table.name != DAMAGED]),
        *([] if speed is None else [speed_section(speed)]),
        Section("methods", "Methods", tuple(_method_sections(notes))),
        _design_section(runs, material),
        Section("failures", "Runs without a result", tuple(_failures(runs, material))),
        Section("runs", "All runs", (Text(texts.RUNS_NOTE), report_table(all_runs_table(runs)))),
        _reproduce_section(ordered, suites, paths, speed, identifiability),
        _provenance_section(ordered),
        Section("limits", "What this does not show", (Text(texts.LIMITS),)),
    ]
    return Page(texts.TITLE, texts.LEAD, tuple(_facts(runs)), tuple(sections))


def _place(suite: str, known: Sequence[str]) -> tuple[int, str]:
    """Suites stand in the order of their file, the brief trial of everything and those of other versions last."""
    return known.index(suite) if suite in known and suite != texts.TRIAL else len(known), suite


def _answer_section(leading: SuiteResults, material: Material, controls: Sequence[str]) -> Section:
    """What a reader came for."""
    blocks: list[Block] = [Text(material.narrowing.text)] if material.narrowing.text else []
    if material.damaged:
        count = f"{len(material.damaged)} stored file{' is' if len(material.damaged) == 1 else 's are'}"
        blocks.append(Text(f"{count} [damaged](#failures) and not in here."))
    if not leading.compares_subjects:
        often = f"Where the runs of suite `{leading.name}` end, and after what median time:"
        blocks.append(Text(f"{often}\n\n{answer(leading.material.runs, controls)}"))
    reading = Section("reading", "How to read this page", (Text(texts.HOW_TO_READ),))
    return Section("answer", "Which method?", (*blocks, *first_look(leading, controls), reading))


def _suite(suite: SuiteResults, suites: Mapping[str, Suite], controls: Sequence[str], is_leading: bool) -> Section:
    above = (Text("Its answer in short stands [at the top](#answer)."),)
    first = above if is_leading else tuple(first_look(suite, controls))
    return suite_section(suite, suites.get(suite.name), first)


def _common_section(tables: Sequence[ReportTable]) -> Iterator[Section]:
    if tables:
        yield Section("common", "Across suites", tuple(report_table(table, REPRODUCE) for table in tables))


def _method_sections(notes: Sequence[MethodNote]) -> Iterator[Section]:
    """A section a method; what its file says of it, once for all presets."""
    told = set[str]()
    for note in notes:
        yield _method_section(note if note.file not in told else replace(note, description=""))
        told |= {note.file} - {""}


def _method_section(note: MethodNote) -> Section:
    """A paragraph a method, with its source."""
    parts = [f"*{note.summary}.*" if note.summary else "", note.description, note.trouble]
    parts += [f"Source: {note.source}." if note.source else ""]
    parts += [f"Options: {', '.join(note.options)}." if note.options else ""]
    parts += [f"File: `{note.file}`." if note.file else ""]
    control = " (control)" if note.is_control else ""
    return Section(f"method-{note.name}", f"{note.name}{control}", (Text("\n\n".join(part for part in parts if part)),))


def _design_section(runs: pd.DataFrame, material: Material) -> Section:
    problems = problems_table(sorted(runs["problem"].unique()), material.targets)
    tables = (report_table(design_table(runs), folder=None), report_table(problems, folder=None))
    return Section("design", "What was run on what", tables)


def _failures(runs: pd.DataFrame, material: Material) -> Iterator[Block]:
    table = failures_table(runs)
    if table.shown.empty:
        yield Text(f"None: all {len(runs)} runs delivered a result.")
    else:
        yield report_table(table, folder=None)
    if material.damaged:
        yield report_table(damage_table(material.damaged))


def _reproduce_section(
    results: Sequence[SuiteResults],
    suites: Mapping[str, Suite],
    paths: Mapping[str, Path],
    speed: SpeedResults | None,
    identifiability: IdentifiabilityResults | None,
) -> Section:
    """The commands behind every number."""
    blocks: list[Block] = [Text(texts.REPRODUCE), Commands((REPORT,))]
    for suite in results:
        commands = Commands(run_commands(suite.material.rows, suites, list(paths)))
        blocks.append(Section(suite.origin, f"Suite {suite.name}", (Text(texts.SUITE), commands)))
    if identifiability is not None:
        analysed = (Text(texts.IDENTIFIABILITY), Commands(identifiability.commands))
        blocks.append(Section(identifiability.origin, "What can be known", analysed))
    if speed is not None:
        measured = Commands((texts.MEASURE_SPEED, texts.UPDATE_PRICES))
        blocks.append(Section(speed.origin, "Speed and exchange rates", (Text(texts.SPEED), measured)))
    example = single_run_command(results[0].material.rows[0], suites)
    blocks.append(Section(f"{REPRODUCE}-one", "A single run", (Text(texts.ONE), Commands((example,)))))
    return Section(REPRODUCE, "How to reproduce each number", tuple(blocks))


def _provenance_section(results: Sequence[SuiteResults]) -> Section:
    table = provenance_table({suite.name: suite.provenance for suite in results})
    return Section("provenance", "Provenance", (report_table(table, folder=None),))


def _facts(runs: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """How much there is."""
    yield str(len(runs)), "runs"
    yield str(len(delivered(runs))), "with a result"
    for column, what in (("method", "methods"), ("problem", "problems"), ("suite", "suites")):
        yield str(runs[column].nunique()), what
