"""A report of suites over subjects: what takes the place of tables and figures problem by problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmark.problem.targets import Target
from benchmark.report.best_known import best_rows
from benchmark.report.compare import comparison_tables, comparison_text
from benchmark.report.formats import records
from benchmark.report.material import Material
from benchmark.report.page.tables import design_table, problems_table
from benchmark.report.report import write_report
from benchmark.report.stored import stored_runs
from benchmark.report.terminal import summary_text
from datasets.subjects import SUBJECTS

from .compared import SUITE, failed, problem, store, subject_row

STARTS = f"{SUITE}-starts"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two formulations, one in torque, with and without an imperfection and of other starts; a failed run."""
    folder = tmp_path_factory.mktemp("results")
    for subject in SUBJECTS:
        for imperfection in ("", "emg_noise0.1"):
            store(folder, subject_row("m1", subject, imperfection), traced=True)
        store(folder, subject_row("synergy_pca", subject, "emg_noise0.1", cr2m=5.0), traced=True)
        store(folder, subject_row("m1", subject, level=0.2) | {"suite": STARTS})
    store(folder, failed("synergy_pca", SUBJECTS[0]))
    return folder


@pytest.fixture(scope="module")
def material(results: Path) -> Material:
    return Material(results)


def test_the_report_has_its_own_tables_and_figure_alone(results: Path, tmp_path: Path) -> None:
    write_report(results, out=tmp_path, processes=1)
    own = (
        SUITE,
        f"{SUITE}-subjects",
        STARTS,
        f"{STARTS}-subjects",
        f"provenance-{SUITE}",
        f"provenance-{STARTS}",
        "runs",
    )
    assert {path.stem for path in (tmp_path / "tables").iterdir()} == set(own)
    assert {path.stem for path in tmp_path.glob("figures/*/*")} == {"imperfections"}
    page = (tmp_path / "report.html").read_text()
    for text in ("What this does and does not show.", "no end within 90 s (1:", f"tables/{SUITE}-subjects.csv"):
        assert text in page
    assert f"table-{SUITE}" in page
    assert f"short-{SUITE}" not in page


def test_they_have_no_targets_to_attempt(material: Material) -> None:
    assert material.attempts.empty


def test_problems_that_differ_in_their_subject_share_a_line(material: Material) -> None:
    design = design_table(material.runs).shown
    assert design["Problem"].tolist() == [
        *("m1-ab-subject*", "m1-ab-subject*-emg_noise0.1", "synergy_pca-ab-subject*"),
        *("synergy_pca-ab-subject*-emg_noise0.1", "m1-ab-subject*"),
    ]
    assert design["Runs"].tolist() == ["6", "6", "1", "6", "6"]
    target = {problem("m1", "subject2"): Target(1e-13, 1e-12, "m", 0.1, 0, "2026-01-02")}
    table = problems_table(sorted(material.runs["problem"].unique()), target)
    shown = {line["Problem"]: line for line in records(table.shown)}
    assert len(shown) == 5
    assert shown["m1-ab-subject*-emg_noise0.1"]["Imperfections"] == "EMG noise 0.1"
    assert shown["m1-ab-subject*"]["Imperfections"] == "none"
    assert shown["m1-ab-subject*"]["Recordings"] == "a-subject*, b-subject*"
    assert shown["synergy_pca-ab-subject*"]["Residual's unit"] == "N m"
    assert shown["m1-ab-subject2"]["Recordings"] == "a-subject2, b-subject2"


def test_imperfect_recordings_have_no_best_run(material: Material) -> None:
    assert set(best_rows(material.rows)) == {problem("m1", subject) for subject in SUBJECTS}


def test_commands_cope(results: Path, material: Material) -> None:
    text = summary_text(material.rows, SUITE)
    assert "6/6" in text
    assert f"Imperfections that are not shown here: 1; see tables/{SUITE}.md" in text
    assert max(map(len, text.splitlines())) <= 100
    assert problem("synergy_pca", SUBJECTS[1], "emg_noise0.1") in stored_runs(material.rows)
    methods, _, origin = comparison_tables(material, Material(results))
    assert SUITE in comparison_text(methods, origin)
