"""Which suites compare formulations over virtual subjects, and how their problems are named for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmark.problem.imperfections import IMPERFECTIONS
from benchmark.problem.problem_name import NONE
from benchmark.report.rows import of_problem
from datasets.subjects import SUBJECTS


def compares_subjects(problems: Iterable[str]) -> bool:
    """Whether the problems of a suite, by their names, are those of more than one virtual subject.

    They are too many for tables with a line a problem and figures with a panel a problem: what counts are
    formulations, over subjects.
    """
    subjects = {of_problem(problem)["subject"] for problem in set(problems)}
    return len(subjects & set(SUBJECTS)) > 1


def factor_words(factor: str) -> str:
    """An imperfection's name in words: ``EMG noise``."""
    return factor.replace("_", " ").replace("emg", "EMG")


def imperfection_words(imperfections: Sequence[tuple[str, float]]) -> str:
    """Names and sizes in words, with units: ``EMG noise 0.1, motion noise 0.05 deg``; ``none`` without any."""
    return ", ".join(f"{factor_words(name)} {size:g}{_unit(name)}" for name, size in imperfections) or NONE


def _unit(factor: str) -> str:
    unit = IMPERFECTIONS[factor].unit
    return "" if unit == "1" else f" {unit}"
