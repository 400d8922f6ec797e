"""The tables over subjects, of runs whose means and differences are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmark.report.deep_muscles.comparison import comparison
from benchmark.report.deep_muscles.subject_runs import subject_runs
from benchmark.report.deep_muscles.tables import deep_muscles_tables
from benchmark.report.formats import records
from benchmark.report.report_table import ReportTable
from datasets.subjects import SUBJECTS

from ..latex_rules import assert_sound
from ..synthetic import row, spec
from .compared import METHODS, SUITE, failed, material, subject_row

SHIFT = 0.5


def pairs(*more: dict[str, Any], without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """M1 has as many per cent as the subject's number, bounded half a percentage point more."""
    rows = [
        subject_row(formulation, subject, cr2m=place + added)
        for place, subject in enumerate(SUBJECTS, start=1)
        for formulation, added in (("m1", 0.0), ("bounded", SHIFT))
        if not (formulation == "m1" and subject in without)
    ]
    return [*rows, *more]


def line_of(rows: list[dict[str, Any]], formulation: str = "bounded") -> dict[str, Any]:
    (line,) = [
        line for line in records(comparison(subject_runs(material(*rows).runs))) if line["formulation"] == formulation
    ]
    return line


def table_of(*rows: dict[str, Any]) -> ReportTable:
    return deep_muscles_tables(material(*rows))[0]


def test_means_medians_and_paired_differences() -> None:
    """All pairs differ alike, so that their interval has no width, to rounding."""
    line = line_of(pairs())
    assert line["cr2m_mean_percent"] == pytest.approx(3.5 + SHIFT)
    assert line["cr2m_median_percent"] == pytest.approx(3.5 + SHIFT)
    assert line["cr2m_mean_lower_percent"] < 3.5 + SHIFT < line["cr2m_mean_upper_percent"]
    differences = [line[f"cr2m_less_m1{end}_percent"] for end in ("", "_lower", "_upper")]
    assert differences == pytest.approx([SHIFT] * 3)
    assert line["deep_force_error_less_m1_percent"] == pytest.approx(3.0 * SHIFT)
    assert line["heldout_r2_less_m1_1"] == pytest.approx(-0.001 * SHIFT)


def test_pairs_share_their_seed_and_a_subject_counts_once() -> None:
    """Subject 1 has three seeds of bounded and two of M1: two pairs, which differ by 4 and 6, and five by a half."""
    more = [subject_row("bounded", SUBJECTS[0], cr2m=error, seed=seed) for seed, error in ((1, 5.0), (2, 7.0))]
    rows = [own for own in pairs() if own["problem"] != "m1-ab-subject1"]
    rows += [subject_row("m1", SUBJECTS[0], cr2m=1.0, seed=seed) for seed in (1, 2)]
    line = line_of(rows + more)
    assert line["cr2m_less_m1_percent"] == pytest.approx((5.0 + 5 * SHIFT) / 6.0)
    assert line["cr2m_paired_subjects"] == 6
    assert (line["runs"], line["subjects"]) == (8, 6)


def test_a_subject_that_failed_is_missing_in_pairs_and_counted() -> None:
    line = line_of(pairs(failed("m1", SUBJECTS[0]), without=SUBJECTS[:1]))
    assert line["cr2m_paired_subjects"] == 5
    assert line["cr2m_less_m1_percent"] == pytest.approx(SHIFT)
    assert np.isnan([line["cr2m_less_m1_lower_percent"], line["cr2m_less_m1_upper_percent"]]).all()
    own = line_of(pairs(failed("m1", SUBJECTS[0]), without=SUBJECTS[:1]), "m1")
    assert [own[name] for name in ("subjects", "subjects_with_result", "runs", "failed_runs")] == [6, 5, 6, 1]


def test_other_methods_starts_and_imperfections_are_no_pairs() -> None:
    others: list[dict[str, Any]] = [{"method": METHODS[1]}, {"level": 0.2}, {"imperfection": "emg_noise0.1"}]
    for other in others:
        rows = [subject_row("bounded", subject) for subject in SUBJECTS]
        rows += [subject_row("m1", subject, **other) for subject in SUBJECTS]
        assert line_of(rows)["cr2m_paired_subjects"] == 0


def test_skipped_runs_have_not_failed() -> None:
    line = line_of([subject_row("bounded"), failed("bounded", SUBJECTS[1], status="skipped")])
    assert (line["failed_runs"], line["skipped_runs"], line["subjects_with_result"]) == (0, 1, 1)


def test_the_table_is_written_in_all_forms_and_has_units_everywhere() -> None:
    table = table_of(*pairs(subject_row("m1", SUBJECTS[0], "hand_load0.1")))
    assert set(table.files()) == {f"{SUITE}.{kind}" for kind in ("csv", "md", "tex")}
    assert_sound(table.latex())
    measures = list(table.shown.columns)[9:]
    assert all(heading.endswith(("(%)", "(N m)", "(1)", "(s)", "(percentage points)")) for heading in measures)
    shown = {(line["Formulation"], line["Imperfection"]): line for line in records(table.shown)}
    assert shown["bounded", "none"]["Cr2m less m1's (percentage points)"] == "0.5"
    assert shown["m1", "none"]["Cr2m less m1's (percentage points)"] == "-"
    assert shown["m1", "hand load 0.1 kg"]["Subjects"] == "1/1"
    assert "`hand_load` (kg), mass in the hand" in table.note
    assert "emg_noise" not in table.note


def test_without_elimination_there_is_nothing_to_be_less_than() -> None:
    table = table_of(*[subject_row("bounded", subject) for subject in SUBJECTS])
    assert set(table.shown["Cr2m less m1's (percentage points)"]) == {"-"}
    assert set(table.shown["Subjects paired"]) == {"0"}


def test_every_way_to_fail_is_told_once_with_its_count() -> None:
    lost = [failed("m1", subject, "emg_noise0.1") for subject in SUBJECTS[:3]] + [failed("bounded", SUBJECTS[3])]
    lost += [failed("m2", SUBJECTS[3], message="")]
    text = table_of(*pairs()[:6], *lost, row(spec("m1-ab-published", suite=SUITE), options={})).markdown()
    assert "Failed, that is neither converged nor at the end of the budget nor skipped: 5." in text
    assert "- killed: no end within 90 s (4: `m1` 3, `bounded` 1)" in text
    assert "- killed (1: `m2` 1)" in text
    assert "Runs of no virtual subject, which are in no line of these tables: 1." in text


def test_of_many_ways_to_fail_the_rare_ones_are_counted() -> None:
    lost = [failed("m1", "subject1", message=f"reason {seed}") | {"seed": seed} for seed in range(15)]
    text = table_of(subject_row("m1", "subject2"), *lost).markdown()
    assert text.count("- killed: reason") == 12
    assert "- in 3 other ways: 3;" in text


def test_single_subjects_have_each_deep_muscle() -> None:
    rows = [subject_row("m1", SUBJECTS[0], cr2m=error, seed=seed) for seed, error in enumerate((1.0, 3.0))]
    table = deep_muscles_tables(material(*rows, failed("m1", SUBJECTS[1])))[1]
    assert set(table.files()) == {f"{SUITE}-subjects.csv"}
    first, second = records(table.raw)
    assert (first["subject"], first["runs"], first["runs_with_result"], first["failed_runs"]) == ("subject1", 2, 2, 0)
    assert first["deep_force_error_BRA_percent"] == pytest.approx(4.0)
    assert first["deep_force_error_percent"] == pytest.approx(6.0)
    assert (second["runs_with_result"], second["failed_runs"]) == (0, 1)
    assert np.isnan([second["cr2m_percent"], second["deep_force_error_PQ_percent"]]).all()


def test_suites_that_are_about_something_else_say_so() -> None:
    rows = [own | {"suite": "other"} for own in pairs()]
    suite = material(*rows)
    tables = deep_muscles_tables(type(suite)("other", suite.rows, suite.runs, suite.traces, ()))
    assert [table.name for table in tables] == ["deep-muscles-other", "deep-muscles-other-subjects"]


def test_nothing_but_failures_still_makes_tables() -> None:
    table = table_of(*[failed("m1", subject) for subject in SUBJECTS])
    assert table.shown["Subjects"].tolist() == ["0/6"]
    assert table.shown["Cr2m (%)"].tolist() == ["-"]
