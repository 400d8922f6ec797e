"""The page of an identification: everything once, and nothing in it that a name could have put there."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from benchmark.identification.identification import Identification
from benchmark.identification.making import provenance_table, recordings_table, settings_table
from benchmark.identification.page import (
    NOTHING_TO_BEWARE_OF,
    identification_page,
    literal_markdown,
)
from benchmark.identification.tables import fit_table, parameters_table, searches_table
from benchmark.report.page.content import Figure, Page, Section, Table
from benchmark.report.page.render import render

from ..report.pages import png
from .conftest import HOSTILE

KINDS = ("torques", "forces", "fibres")


def page_of(found: Identification) -> Page:
    tables = (parameters_table, fit_table, searches_table, recordings_table, provenance_table)
    names = ["intervals", *(f"{kind}-{number}" for kind in KINDS for number in range(1, len(found.courses) + 1))]
    settings = settings_table(found, {})
    return identification_page(found, [*(table(found) for table in tables), settings], dict.fromkeys(names, png()))


@pytest.fixture(scope="module")
def page(found: Identification) -> Page:
    return page_of(found)


def test_every_table_and_figure_is_there_once(page: Page) -> None:
    blocks = [*page.blocks()]
    tables = Counter(block.name for block in blocks if isinstance(block, Table))
    figures = Counter(block.name for block in blocks if isinstance(block, Figure))
    assert tables == Counter(["parameters", "fit", "searches", "recordings", "provenance", "settings"])
    assert figures == Counter(["intervals", *(f"{kind}-{number}" for kind in KINDS for number in (1, 2))])
    html = render(page).decode()
    assert all(html.count(f'id="table-{name}"') == 1 for name in tables)
    assert all(html.count(f'id="figure-{name}"') == 1 for name in figures)


def test_sections_are_in_the_order_of_what_a_reader_asks(page: Page) -> None:
    assert [section.title for section in page.sections] == [
        *("Result", "How sure it is", "How well it fits", "Muscles", "Searches", "How it was made")
    ]
    assert isinstance(page.sections[0], Section)


def test_facts_count_classes_and_tell_the_fit(page: Page, found: Identification) -> None:
    facts = {what: number for number, what in page.facts}
    counts = found.counts()
    assert facts["identifiable"] == str(counts["identifiable"])
    assert facts["weakly identifiable"] == str(counts["weak"])
    assert facts["not identifiable"] == str(counts["not"])
    assert float(facts["R2 (1)"]) == pytest.approx(found.fits[0].r2, rel=5e-3)  # three digits
    assert float(facts["held-out R2 (1)"]) == pytest.approx(found.fits[1].r2, rel=5e-3)
    assert sum(counts.values()) == len(found.estimates)


def test_warnings_and_remarks_are_on_the_page_and_their_absence_is_told(found: Identification) -> None:
    told = replace(found, warnings=("one line", "another"))
    assert "<li>one line</li>\n<li>another</li>" in render(page_of(told)).decode()
    assert NOTHING_TO_BEWARE_OF in render(page_of(replace(found, warnings=()))).decode()
    remark = found.uncertainty.remarks[0].partition(":")[0]
    assert remark in render(page_of(found)).decode()


def test_a_page_without_held_out_recordings_has_no_figure_of_them(found: Identification) -> None:
    alone = replace(found, validation=None, fits=found.fits[:1], courses=found.courses[:1])
    page = page_of(alone)
    assert "held-out R2 (1)" not in [what for _, what in page.facts]
    assert sum(isinstance(block, Figure) for block in page.blocks()) == 4


def test_names_are_shown_and_never_run(found: Identification) -> None:
    courses = tuple(replace(course, recording=HOSTILE) for course in found.courses)
    recording = found.problem.coupled[0].recording
    provenance = {"<b>made</b>": HOSTILE}
    coupled = (replace(found.problem.coupled[0], recording=replace(recording, name=HOSTILE, provenance=provenance)),)
    hostile = replace(found, courses=courses, warnings=(HOSTILE,), validation=None, fits=found.fits[:1])
    problem = hostile.problem
    before = problem.coupled
    try:
        problem.coupled = coupled
        html = render(page_of(replace(hostile, courses=courses[:1]))).decode()
    finally:
        problem.coupled = before
    assert "<img src=x" not in html
    assert "<b>made" not in html
    assert 'href="javascript' not in html
    assert "<em>b</em>" not in html
    assert "&lt;img src=x onerror=alert(1)&gt; [a](javascript:alert(1)) *b* $c$" in html


def test_literal_text_is_on_one_line() -> None:
    assert literal_markdown("a\n# b_c") == r"a \# b\_c"
