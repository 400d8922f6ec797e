"""The sentences on formulations say who is best as far as paired differences do."""

from __future__ import annotations

from typing import Any

from benchmark.report.deep_muscles.findings import findings
from benchmark.report.deep_muscles.ranks import case_of, ranked
from benchmark.report.deep_muscles.subject_runs import subject_runs
from datasets.subjects import SUBJECTS

from .compared import METHODS, failed, material, subject_row

# Differences from M1's error by subject: bounded's differ in sign, the others' do not.
ADDED = {
    "m1": (0.0,) * 6,
    "m2": (-0.5,) * 6,
    "bounded": (0.1, -0.1, 0.2, -0.1, 0.1, -0.1),
    "ignored": (8.0, 9.0, 10.0, 11.0, 12.0, 10.0),
}


def rows(imperfection: str = "", more: float = 0.0, **others: Any) -> list[dict[str, Any]]:
    return [
        subject_row(formulation, subject, imperfection, 1.0 + place + added[place] + more, **others)
        for formulation, added in ADDED.items()
        for place, subject in enumerate(SUBJECTS)
    ]


def said(*own: dict[str, Any]) -> str:
    return "\n".join(findings(subject_runs(material(*own).runs)))


def test_who_is_best_and_who_is_not_told_apart() -> None:
    text = said(*rows())
    assert (
        "- Cr2m: lowest is `m1`, 3.5 %; not told apart from it: `bounded` 3.52; higher: `ignored` 13.5 (+10 [" in text
    )
    assert "`m2`, which knows all EMG: 3 %" in text
    assert "- held-out RMSE: lowest is `m1`, 0.35 N m" in text
    assert "- deep force error: lowest is `m1`, 10.5 %" in text
    assert "They are 6 subjects" in text


def test_what_imperfections_add_is_paired() -> None:
    text = said(*rows(), *rows("emg_noise0.1", 2.0))
    assert "- EMG noise 0.1: Cr2m 5.5 % (+2), the lowest (not told apart: `bounded`); held-out RMSE 0.55 N m" in text


def test_too_few_subjects_tell_nothing_apart() -> None:
    text = said(*[own for own in rows() if not own["problem"].endswith("subject6")])
    assert "higher" not in text
    assert "less than 6 subjects in common with it, too few to tell" in text


def test_who_lost_hard_subjects_is_not_the_best_for_it() -> None:
    own = [row for row in rows() if row["problem"] not in ("bounded-ab-subject5", "bounded-ab-subject6")]
    lost = [failed("bounded", subject) for subject in SUBJECTS[4:]]
    found = ranked(case_of(subject_runs(material(*own, *lost).runs)), "cr2m")
    assert found is not None
    assert found.means["bounded"].mean < found.means["m1"].mean
    assert found.best == "m1"
    assert found.level_with == ["bounded"]


def test_methods_are_compared_in_a_sentence() -> None:
    other = [own | {"method": METHODS[1]} for own in rows(more=1.0)]
    text = said(*rows(), *rows("arm_bias0.05"), *other)
    assert "`multistart` in place of `gauss_newton`, in the 4 combinations" in text
    assert "Cr2m is lower in 0, higher in 4," in text
    assert text.count("what imperfections do") == 1


def test_nothing_is_said_of_what_did_not_run() -> None:
    text = said(*[subject_row("bounded", subject, "emg_noise0.1") for subject in SUBJECTS])
    assert "recordings as they are" not in text
    assert "- EMG noise 0.1: Cr2m lowest `bounded` 1 %;" in text
    text = said(*[failed("m1", subject) for subject in SUBJECTS])
    assert text.startswith("**What this does and does not show.**")
