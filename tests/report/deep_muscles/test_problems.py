"""Which suites are over subjects, in which order their cases come, and how they are named."""

from __future__ import annotations

import numpy as np
import pytest

from benchmark.report.deep_muscles.problems import compares_subjects, imperfection_words
from benchmark.report.deep_muscles.subject_runs import subject_runs
from benchmark.report.formats import records
from benchmark.report.rows import runs_table
from datasets.subjects import any_subject

from ..synthetic import row, spec
from .compared import COMBINED, material, problem, subject_row


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        (["m1-ab-subject1", "bounded-ab-subject2-emg_noise0.1"], True),
        (["m1-ab-subject1", "bounded-ab-subject1"], False),
        (["m1-ab-published", "m1-ab-light", "m1-ab-subject1"], False),
        (["unheard-of"], False),
        ([], False),
    ],
)
def test_more_than_one_subject_makes_a_suite_over_subjects(problems: list[str], expected: bool) -> None:
    assert compares_subjects(problems) == expected


def test_subjects_are_named_together() -> None:
    assert any_subject("m1-ab-subject3-torque-emg_noise0.1") == "m1-ab-subject*-torque-emg_noise0.1"
    assert any_subject("a-subject1, b-subject1") == "a-subject*, b-subject*"
    assert any_subject("m1-ab-published") == "m1-ab-published"


def test_imperfections_are_told_with_their_units() -> None:
    told = imperfection_words([("emg_noise", 0.1), ("motion_noise", 0.05), ("hand_load", 0.3), ("noise", 0.1)])
    assert told == "EMG noise 0.1, motion noise 0.05 deg, hand load 0.3 kg, noise 0.1 rad/s2"
    assert imperfection_words([]) == "none"


def test_cases_come_in_the_order_of_the_lists_of_formulations_and_imperfections() -> None:
    imperfections = (COMBINED, "hand_load0.3", "emg_noise0.3", "", "emg_noise0.1")
    formulations = ("ignored", "synergy_nmf", "m2", "m1-torque", "m1")
    rows = [subject_row(own, "subject2", imperfection) for own in formulations for imperfection in imperfections]
    runs = subject_runs(material(*rows).runs)
    assert list(runs["formulation"].cat.categories) == ["m1", "m1-torque", "m2", "synergy_nmf", "ignored"]
    expected = ["none", "emg_noise0.1", "emg_noise0.3", "hand_load0.3", COMBINED]
    assert list(runs["imperfection"].cat.categories) == expected
    factors = {line["imperfection"]: (line["factor"], line["size"], line["unit"]) for line in records(runs)}
    assert factors["hand_load0.3"] == ("hand_load", 0.3, "kg")
    assert factors["none"] == ("none", 0.0, "")
    assert factors[COMBINED][0] == "several"
    assert np.isnan(factors[COMBINED][1])


def test_runs_of_no_virtual_subject_are_left_out() -> None:
    rows = [subject_row(), row(spec("m1-ab-published")), row(spec("unheard-of"))]
    assert list(subject_runs(runs_table(rows))["problem"]) == [problem("m1", "subject1")]
