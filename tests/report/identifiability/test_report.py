"""The report with stored analyses: files, page, and what stays as it was without."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from benchmark.identifiability.stored import store_analysis
from benchmark.report.identifiability.found import Identifiability, load_identifiability
from benchmark.report.identifiability.studies import FurtherStudies
from benchmark.report.narrowing import Narrowing
from benchmark.report.page.content import Section, Table, Text
from benchmark.report.page.identifiability_section import IdentifiabilityResults, identifiability_section
from benchmark.report.report import write_report
from tests.report.identifiability.analyses import analysis
from tests.report.pages import png
from tests.report.synthetic import spec, store_run

TABLES = tuple(
    f"identifiability{name}.{kind}"
    for name in ("", "-summary", "-factors", "-directions", "-collinearity")
    for kind in ("csv", "md", "tex")
)
FIGURES = ("bounds", "bounds-of-coefficients", "directions", "spectrum", "tolerated-noise")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    store_run(folder, spec())
    for problem in ("m1-ab-published", "m1-a-published"):
        store_analysis(folder, analysis(problem), {})
    return folder


@pytest.fixture(scope="module")
def written(results: Path) -> set[str]:
    return {path.relative_to(results).as_posix() for path in write_report(results, processes=1)}


def test_the_report_has_the_tables_and_figures_of_stored_analyses(written: set[str]) -> None:
    assert {name for name in written if name.startswith("tables/identifiability")} == {f"tables/{n}" for n in TABLES}
    own = {name.removeprefix("figures/identifiability/") for name in written if "figures/identifiability/" in name}
    assert own == {f"{name}.{kind}" for name in FIGURES for kind in ("pdf", "png")}


def test_the_page_has_a_section_after_the_suites(results: Path, written: set[str]) -> None:
    text = (results / "report.html").read_text()
    assert "report.html" in written
    assert text.index('id="suite-paper"') < text.index('id="identifiability"') < text.index('id="methods"')
    assert "python -m benchmark identifiability" in text


def test_a_report_of_some_runs_alone_has_none(results: Path, tmp_path: Path) -> None:
    files = write_report(results, Narrowing(methods=("torch_adam",)), out=tmp_path, processes=1)
    assert [path for path in files if "identifiability" in path.as_posix()] == []


def test_without_analyses_there_is_nothing(tmp_path: Path) -> None:
    assert load_identifiability(tmp_path) is None


def test_analyses_are_in_order_and_those_of_unknown_problems_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for problem in ("m2-a-light", "m1-ab-published", "m1-a-published"):
        store_analysis(tmp_path, analysis(problem), {})
    store_analysis(tmp_path, replace(analysis("m1-a-light"), problem="m9-a-gone"), {})
    with caplog.at_level(logging.WARNING):
        found = load_identifiability(tmp_path)
    assert found is not None
    assert list(found.analyses) == ["m1-a-published", "m1-ab-published", "m2-a-light"]
    assert "m9-a-gone" in caplog.text


def test_the_section_begins_with_findings_and_the_summary() -> None:
    found = Identifiability({"m1-a-light": analysis("m1-a-light")}, FurtherStudies({}, {}, {}, None))
    section = identifiability_section(IdentifiabilityResults(found, {"spectrum.png": png(), "spectrum.pdf": b""}))
    text, table, *parts = section.blocks
    assert isinstance(text, Text)
    assert isinstance(table, Table)
    assert table.name == "identifiability-summary"
    assert [part.name for part in parts if isinstance(part, Section)] == [
        "identifiability-figures",
        "identifiability-tables",
    ]
